"""The terminal's way in: load sources, see their state, build the sample company, serve the browser."""

import json
import logging
import subprocess
import sys
from typing import Annotated

import typer

from answers.local import missing
from commands import engines, keeping, loading, posts, takeaways, users
from commands.loading import build_sample, make_servable, print_report
from commands.terminal import usage
from data_access.home import PROGRAM, HomeUnavailable, firm_home, sample_home, served_home
from data_access.provider import lacking

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
for part in (loading, engines, takeaways, keeping):
    app.add_typer(part.commands)
app.add_typer(users.user, name="user")
app.add_typer(posts.subscription, name="subscription")

HERE, HOSTS = "127.0.0.1", "--server.allowedHosts"
BEFORE_OTHERS = {
    "accounts": "Make an account first: python cli.py user add NAME --role owner.",
    "secret": "Set TANDEM_SECRET to a text of your own of at least 16 letters, and keep it: it seals stored passwords.",
}


@app.callback()
def prepare() -> None:
    """Loads and serves what Tandem knows of a firm."""
    try:
        home = firm_home().made()
    except HomeUnavailable as error:
        usage(str(error))
    handler = logging.FileHandler(home.folder / "tandem.log", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.raiseExceptions = False  # a log that cannot be written, as on a full disk, is no reason to say more


@app.command()
def work() -> None:
    """Keeps the connections fresh that were made in the browser, until stopped. Serve does so by itself."""
    from refresh import worker

    worker.run(firm_home())


@app.command(hidden=True)
def errand() -> None:
    """Answers a question of the browser about a source, JSON in and out: in a process that can be ended."""
    from refresh import errands

    typer.echo(json.dumps(errands.done(json.load(sys.stdin)), ensure_ascii=False, default=str))


@app.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT", help="Port on this machine.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Address to listen on; any but this machine's own needs accounts.")
    ] = HERE,
    host: Annotated[
        list[str] | None, typer.Option(help="A name by which browsers reach Tandem; may be repeated.")
    ] = None,
) -> None:
    """Serves the firm's data in the browser; the sample company while no source was loaded."""
    from refresh import worker

    wrong = lacking()
    if wrong:
        usage(wrong)
    lacks = missing(address)
    if lacks is not None:
        usage(f"Other machines can reach {address}. {BEFORE_OTHERS[lacks]}")
    if not firm_home().pointer.exists() and not sample_home().pointer.exists():
        typer.echo("No data yet: building the sample company once.")
        report = build_sample(1.0, 7, None, quiet=False)
        if report.exit_code:
            print_report(report, as_json=False)
            raise typer.Exit(report.exit_code)
    make_servable(served_home())
    typer.echo(f"Tandem: http://{address}:{port}")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(PROGRAM / "app.py"),
        "--server.address",
        address,
        "--server.port",
        str(port),
        *(word for name in dict.fromkeys(("localhost", HERE, address, *(host or ()))) for word in (HOSTS, name)),
    ]
    with worker.beside(firm_home()):
        raise typer.Exit(subprocess.call(command, cwd=PROGRAM))  # noqa: S603 - our own interpreter, no shell


if __name__ == "__main__":
    app()
