"""Commands about subscriptions: where reports may go, who gets which, and sending them."""

import contextlib
from collections.abc import Iterator
from typing import Annotated

import typer

from analytics.access import Viewer
from answers import subscriptions as posts
from commands.terminal import typed_password, usage
from data_access import outlets
from display.words import say

subscription = typer.Typer(no_args_is_help=True)


@subscription.callback()
def subscriptions_of_reports() -> None:
    """Reports that go out by themselves, and where they may go."""


@subscription.command("allow")
def subscription_allow(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    address: Annotated[str, typer.Option(help="Where readers reach Tandem, for links in mails.")] = "",
    domain: Annotated[list[str] | None, typer.Option(help="A mail domain or address; may be repeated.")] = None,
    folder: Annotated[list[str] | None, typer.Option(help="A folder of this machine; may be repeated.")] = None,
    hook_host: Annotated[list[str] | None, typer.Option(help="A host of webhooks; may be repeated.")] = None,
    smtp: Annotated[str, typer.Option(help="The mail server, as mail.example.com:587.")] = "",
    sender: Annotated[str, typer.Option(help="The mail address that reports come from.")] = "",
    login: Annotated[str, typer.Option(help="The user at the mail server; the password is asked for.")] = "",
    security: Annotated[str, typer.Option(help="tls, starttls, or none (this machine only).")] = "starttls",
) -> None:
    """Says anew where reports may go; nothing is sent anywhere else. Exit codes: 0 kept, 2 usage."""
    with _posting() as terminal:
        mail = None
        if smtp:
            host, _, port = smtp.partition(":")
            number = int(port) if port.isdecimal() else outlets.PORTS.get(security, 0)
            password = typed_password() if login else ""
            mail = outlets.MailServer(
                host=host, port=number, security=security, sender=sender, user=login, password=password
            )
        domains, folders, hosts = (tuple(each or ()) for each in (domain, folder, hook_host))
        told = outlets.Outlets(address=address, domains=domains, folders=folders, hosts=hosts)
        posts.allow(terminal, told, mail)
    typer.echo("Reports may go there, and nowhere else.")


@subscription.command("add")
def subscription_add(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    name: Annotated[str, typer.Argument(help="The report, as for report; own for one of parts.")],
    format: Annotated[str, typer.Option(help="pdf, pptx, xlsx, csv or parquet.")],  # noqa: A002 - what users write
    way: Annotated[str, typer.Option(help=f"One of: {', '.join(posts.WAYS)}.")],
    to: Annotated[str, typer.Option(help="Mail address, folder, or address of the webhook.")],
    reader: Annotated[str, typer.Option(help="The user whose rights it is made within.")] = "owner",
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    every: Annotated[str, typer.Option(help=f"One of: {', '.join(posts.RHYTHMS)}.")] = "weekly",
    day: Annotated[int, typer.Option(help="Weekly: 1 is Monday; monthly: which working day.")] = 1,
    at: Annotated[str, typer.Option(help="By the reader's clock, as 07:30.")] = "07:00",
    zone: Annotated[str, typer.Option(help="The reader's time zone, as Europe/Berlin.")] = "UTC",
    when: Annotated[str, typer.Option(help="always, changed, or as revenue>1000, service_level<0.95.")] = "always",
    asked: Annotated[
        list[str] | None, typer.Option(help="As in an address: company=..., parts=numbers,orders.")
    ] = None,
) -> None:
    """Subscribes a user to a report. Exit codes: 0 kept, 2 usage."""
    from reports import headless

    with _posting() as terminal:
        rhythm = headless.rhythm(every, day, at, zone)
        told = {"report": name, "format": format, "language": lang, "way": way, "to": to, "when": when}
        found = posts.add(terminal, headless.subscribed(told, asked or (), rhythm), user=reader)
    typer.echo(f"{found.subscription_id}: {found.report} for {found.user}, next {found.next_at:%Y-%m-%d %H:%M %Z}")


@subscription.command("list")
def subscription_list() -> None:
    """Tells which subscriptions there are, and what became of the latest issue of each."""
    with _posting() as terminal:
        for row in posts.listed(terminal).iter_rows(named=True):
            next_at = f", next {row['next_at']:%Y-%m-%d %H:%M} UTC" if row["next_at"] else ""
            typer.echo(
                f"{row['subscription_id']}: {row['report']} as {row['format']} for {row['user']},"
                f" {row['every']} by {row['way']} to {row['to']}: {row['state']}{next_at}"
            )


@subscription.command("remove")
def subscription_remove(key: Annotated[str, typer.Argument(help="Its key, as list tells it.")]) -> None:
    """Ends a subscription."""
    with _posting() as terminal:
        posts.remove(terminal, key)
    typer.echo(f"{key} is ended.")


@subscription.command("send")
def subscription_send(
    key: Annotated[str, typer.Argument(help="One that is to be sent now, due or not.")] = "",
) -> None:
    """Sends what is due, each issue once; serve and work do so by themselves."""
    from reports import issues

    with _posting() as terminal:
        if key:
            posts.send_now(terminal, key)
    typer.echo(f"{issues.send()} issues were looked at.")


@contextlib.contextmanager
def _posting() -> Iterator[Viewer]:
    """Who sits at the terminal owns the home; what is refused is said in a sentence."""
    from reports.headless import NotKnown as Unknown

    try:
        yield Viewer(user="owner", role="owner")
    except posts.SubscriptionRefused as refused:
        usage(say("en", f"subscriptions.refused.{refused.rule}"))
    except posts.OutletRefused as refused:
        usage(say("en", f"outlets.refused.{refused.rule}"))
    except (Unknown, posts.SecretLost) as error:
        usage(str(error))
