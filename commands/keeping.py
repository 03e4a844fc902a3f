"""Commands that keep a home, make it again, and take a person out of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import refusing, usage
from data_access.home import Busy, firm_home, served_home
from data_access.own_database import StoreUnavailable
from refresh.run import NoSuchPerson, erase

commands = typer.Typer()


@commands.command()
def backup(
    out: Annotated[Path, typer.Option(help="The new file to write, outside of the home.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Also the key of stored passwords, where TANDEM_SECRET is not set.")
    ] = False,
) -> None:
    """Keeps the whole home in one file, also while it is refreshed: what restore makes an empty home of.

    Exit codes: 0 kept and read again, 3 refused.
    """
    from data_access import backups

    with refusing(backups.BackupRefused, StoreUnavailable):
        kept = backups.write(firm_home(), out, at=datetime.now(UTC), with_key=with_key)
    typer.echo(f"{out}: {len(kept.files):,} files, {kept.bytes / 1e6:,.0f} MB before packing, read again: all equal.")
    for folder in kept.left_out:
        typer.echo(f"Left out, for it is not whole: {folder}")
    typer.echo("The file holds all data and the accounts: guard it as you guard the home.")
    if kept.has_connections and not kept.has_key:
        typer.echo(
            "The key of stored passwords is not in it: keep TANDEM_SECRET, or secret.key of the home, apart from it;"
            " without it passwords are entered again."
        )


@commands.command()
def restore(file: Annotated[Path, typer.Argument(help="What backup wrote.")]) -> None:
    """Makes an empty home what it was when it was kept; all of it, or nothing. Everybody signs in anew.

    Exit codes: 0 restored and compared, 3 refused.
    """
    from data_access import backups

    with refusing(backups.BackupRefused, StoreUnavailable):
        kept = backups.restore(firm_home(), file)
    typer.echo(
        f"{firm_home().folder}: {len(kept.files):,} files as they were kept at {kept.made_at:%Y-%m-%d %H:%M} UTC,"
        " 0 differences."
    )
    if kept.paused:
        typer.echo(
            f"Subscriptions that are paused now: {kept.paused}. What they sent after the backup they would send again."
            " Let each go on under Reports."
        )
    if kept.has_connections and not kept.has_key:
        typer.echo("Set TANDEM_SECRET as it was, or put secret.key into the home, or enter passwords again.")


@commands.command("erase")
def erase_person(
    key: Annotated[str, typer.Argument(help="Key of a customer or contact, as odoo:42; see its page.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
) -> None:
    """Erases a person for good in everything that Tandem keeps; a source that brings it again does not bring it back.

    Exit codes: 0 done, 3 another refresh runs (the next one will do it), 2 usage, 1 our fault.
    """
    if not (yes or typer.confirm(f"{key} is erased for good. Go on?")):
        raise typer.Exit(2)
    try:
        erased = erase(served_home(), "cli", key)
    except NoSuchPerson as error:
        usage(str(error))
    except (Busy, StoreUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from error
    told = ", ".join(f"{table} {count}" for table, count in sorted(erased.rows.items()))
    typer.echo(f"Erased: {told or 'nothing was left of it'}; rows set aside {erased.aside}")
    typer.echo("Removed from files: " + ", ".join(f"{kind} {count}" for kind, count in erased.files.items()))
    typer.echo("Backups that were made before, and the source itself, still hold the person.")
