"""Commands that make files to take away."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from analytics.access import RIGHTS, Viewer
from answers.accounts import viewer_of
from commands.loading import make_servable
from commands.terminal import refusing, usage
from data_access import accounts
from data_access.given import NotUsable
from data_access.home import firm_home, served_home
from data_access.snapshot import NoSnapshot

commands = typer.Typer()


@commands.command()
def report(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    name: Annotated[
        str, typer.Argument(help="board_pack, planners_week, sales_week, customer_sheet, stock_valuation or own.")
    ],
    format: Annotated[str, typer.Option(help="xlsx, pdf, pptx, csv or parquet.")],  # noqa: A002 - what users write
    seen_as: Annotated[str, typer.Option("--as", help="Its reader: a user with an account, or a role.")],
    out: Annotated[Path, typer.Option(help="The file to write; csv and parquet: *.zip holds every table.")],
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    customer: Annotated[str, typer.Option(help="customer_sheet: the key of the customer.")] = "",
    period: Annotated[str, typer.Option(help="month, quarter, year, 2026-03, or 2026-01-01..2026-03-15.")] = "month",
    table: Annotated[int, typer.Option(min=1, help="csv and parquet: which table of the report.")] = 1,
    part: Annotated[list[str] | None, typer.Option(help="own: a part of it; may be repeated, in their order.")] = None,
    title: Annotated[str, typer.Option(help="own: what it is called.")] = "",
) -> None:
    """Makes a report without a browser: the same answers as the screens, within the rights of its reader.

    Exit codes: 0 made, 3 the reader may not have it or there is no data, 2 usage, 1 our fault.
    """
    from reports import headless

    try:
        wanted = headless.Wanted(
            name=name,
            format=format,
            viewer=_reader(seen_as),
            language=lang,
            customer=customer,
            period=period,
            table=table,
            parts=tuple(part or ()),
            title=title,
        )
    except headless.NotKnown as error:
        usage(str(error))
    with refusing(NoSnapshot, headless.Refused):
        if not served_home().pointer.exists():
            raise NotUsable("No data yet. Load a source (python cli.py sync ...), then ask again.")
        make_servable(served_home())
        made = headless.made(wanted, is_bundle=out.suffix.lower() == ".zip")
        _write(out, made.content)
    typer.echo(f"{out}: {made.sentence}")


def _reader(name: str) -> Viewer:
    """The user of that name as the account is now; else somebody of that role who sees all companies and regions."""
    account = accounts.accounts(firm_home()).get(accounts.key_of(name))
    if account is None:
        if name not in RIGHTS:
            usage(f"There is no user and no role {name!r}. Roles are: {', '.join(RIGHTS)}.")
        return Viewer(user=name, role=name)
    if account.is_over(datetime.now(UTC).date()):
        usage(f"The account of {account.user} has ended.")
    return viewer_of(account)


def _write(path: Path, content: bytes) -> None:
    """The file as a whole or not at all, and for nobody else of this machine."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(content)
                file.flush()
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        told = f"{path} cannot be written: {error.strerror}. Name a file in a folder that you may write to."
        raise NotUsable(told) from error
