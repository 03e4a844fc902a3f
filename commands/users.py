"""Commands about accounts."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from analytics.access import RIGHTS
from commands.terminal import typed_password, usage
from data_access import accounts
from data_access.home import firm_home
from data_access.provider import subject_of
from display.words import say

user = typer.Typer(no_args_is_help=True)


@user.callback()
def users() -> None:
    """Accounts of those who may sign in. With the first one, everybody signs in."""


@user.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="By which the person signs in.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(RIGHTS)}.")],
    company: Annotated[
        list[str] | None, typer.Option(help="Key of a company it may see; all if none is named.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option(help="A region it may see; all if none is named.")] = None,
    employee: Annotated[
        list[str] | None,
        typer.Option(help="For sales: key of an employee whose customers alone it may see; may be repeated."),
    ] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")] = None,
    provider: Annotated[
        str, typer.Option(help="Signs in at the provider: email, if the name is its address; else its key (sub).")
    ] = "",
) -> None:
    """Adds an account; the password is asked for, or read from standard input. With --provider it has none."""
    with _accounts():
        if not accounts.accounts(firm_home()) and (role != "owner" or until is not None or provider):
            raise accounts.AccountRefused("last_one")
        account = accounts.Account(
            user=name,
            role=role,
            companies=tuple(company or accounts.EVERYWHERE),
            regions=tuple(region or accounts.EVERYWHERE),
            employees=tuple(employee or accounts.EVERYWHERE),
            ends_on=until.date() if until else None,
            subject=subject_of(provider) if provider not in ("", accounts.BY_EMAIL) else provider,
        )
        if provider:
            accounts.invite(firm_home(), account)
        else:
            accounts.add(firm_home(), account, typed_password())
    typer.echo(f"{name} may sign in as {role}.")


@user.command("list")
def user_list() -> None:
    """Tells who has an account."""
    for account in accounts.accounts(firm_home()).values():
        reach = f"companies {','.join(account.companies)}, regions {','.join(account.regions)}"
        reach += f", customers of {','.join(account.employees)}" * (account.employees != accounts.EVERYWHERE)
        more = f", until {account.ends_on}" * bool(account.ends_on) + ", signs in at the provider" * bool(
            account.subject
        )
        typer.echo(f"{account.user}: {account.role}, {reach}{more}")


@user.command("password")
def user_password(name: Annotated[str, typer.Argument(help="Whose.")]) -> None:
    """Sets another password; the person is signed out everywhere."""
    with _accounts():
        accounts.set_password(firm_home(), name, typed_password())
    typer.echo(f"{name} has another password, and is signed out everywhere.")


@user.command("remove")
def user_remove(name: Annotated[str, typer.Argument(help="Whose.")]) -> None:
    """Takes an account and its sessions away."""
    with _accounts():
        accounts.remove(firm_home(), name)
    typer.echo(f"{name} has no account any more.")


@contextlib.contextmanager
def _accounts() -> Iterator[None]:
    try:
        yield
    except accounts.AccountRefused as refused:
        usage(say("en", f"accounts.refused.{refused.rule}"))
