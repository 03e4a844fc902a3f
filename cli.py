"""The terminal's way in: load sources, see their state, build the sample company, serve the browser."""

import contextlib
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import polars as pl
import typer

from analytics.access import RIGHTS, Viewer
from answers.local import missing
from data_access import accounts, mapping_files
from data_access.given import NotUsable, as_given, handed_back, named, taken
from data_access.given_orders import past_and_asked
from data_access.home import (
    PROGRAM,
    Busy,
    Home,
    HomeUnavailable,
    attempts,
    firm_home,
    new_sample_home,
    sample_home,
    served_home,
)
from data_access.mapping import SourceRefused
from data_access.snapshot import NoSnapshot, current, program_mark
from data_access.store import StoreUnavailable
from display.words import say
from refresh.run import Report, refresh, republish
from refresh.sources import SOURCES, NotKnown, request_for
from refresh.studies import STUDIES, work_out

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
user = typer.Typer(no_args_is_help=True)
app.add_typer(user, name="user")

PHASES = {"read the source": "checking every row", "unified": "storing", "committed": "writing the snapshot"}

LONGEST_AHEAD = 366
YEARS = (1900, 2200)
LONGEST_SUM = 1000

HERE, HOSTS = "127.0.0.1", "--server.allowedHosts"
BEFORE_OTHERS = {
    "accounts": "Make an account first: python cli.py user add NAME --role owner.",
    "secret": "Set TANDEM_SECRET to a text of your own of at least 16 letters, and keep it: it seals stored passwords.",
}

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def prepare() -> None:
    """Loads and serves what Tandem knows of a firm."""
    try:
        home = firm_home().made()
    except HomeUnavailable as error:
        _usage(str(error))
    handler = logging.FileHandler(home.folder / "tandem.log", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


@app.command()
def sync(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    source: Annotated[str, typer.Argument(help=f"One of: {', '.join(SOURCES)}.")],
    url: Annotated[str | None, typer.Option(help="Address of the source's database.")] = None,
    path: Annotated[Path | None, typer.Option(help="A file or folder.")] = None,
    watch: Annotated[
        int | None, typer.Option(min=1, help="Refresh again after so many seconds, until stopped.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything, not only what changed.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Files: rows that are not there are not deletions.")
    ] = False,
    confirm: Annotated[
        list[str] | None, typer.Option(help="A table whose surprising change is meant; may be repeated.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Files: what the tables are, as python cli.py propose writes it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Loads a source into the unified tables and publishes a snapshot.

    Exit codes: 0 loaded, 3 refused, 2 usage, 1 our fault.
    """
    try:
        request = request_for(
            source,
            url=url,
            path=path,
            full=full,
            partial=partial,
            confirmed=frozenset(confirm or ()),
            mapping=mapping,
        )
    except NotKnown as error:
        _usage(str(error))
    while True:
        report = refresh(firm_home(), request)
        _print_report(report, as_json=as_json)
        if watch is None:
            raise typer.Exit(report.exit_code)
        time.sleep(watch)


@contextlib.contextmanager
def refusing(*others: type[Exception]) -> Iterator[None]:
    """Around an engine's work on somebody's files: what cannot be used is said in a sentence, with exit code 3.

    ``others``: the engine's own errors whose text is such a sentence.
    """
    told: tuple[type[Exception], ...] = (NotUsable, *others)
    try:
        yield
    except told as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from error


def _usage(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _print_report(report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False))
        return
    if report.message:
        typer.echo(report.message, err=True)
    for name, table in sorted(report.tables.items()):
        counts = ", ".join(
            f"{table[key]} {key}"
            for key in ("read", "loaded", "quarantined", "duplicates", "deleted")
            if table[key] or key in ("read", "loaded")
        )
        typer.echo(f"{name}: {table['outcome']} ({counts})")
        for warning in table["warnings"]:
            typer.echo(f"  {warning['detail']}")
    for notice in report.notices:
        typer.echo(notice.detail)
    if report.readmitted:
        typer.echo(f"earlier rows whose reference has arrived: {report.readmitted} loaded")
    for name in report.ignored:
        typer.echo(f"{name}: not read, because it holds no table that we know by its name")
    typer.echo(f"{report.source}: {report.outcome}" + (f", snapshot {report.snapshot}" if report.snapshot else ""))


@app.command()
def propose(
    path: Annotated[Path, typer.Argument(help="A file or folder whose tables Tandem does not know.")],
    out: Annotated[Path | None, typer.Option(help="Write the mapping file here, to correct and to load with.")] = None,
) -> None:
    """Proposes what the tables and columns of an unknown delivery mean; sync files --mapping loads it so.

    Exit codes: 0 proposed, 3 the delivery cannot be read or the file not written.
    """
    from refresh import proposals

    try:
        proposal = proposals.proposed(path)
        for line in proposals.lines(proposal):
            typer.echo(line)
        if out is not None:
            mapping_files.write(proposal.tables, out)
            typer.echo(f"Written to {out}. Correct it, then: python cli.py sync files --path {path} --mapping {out}")
    except SourceRefused as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from error


@app.command()
def status(as_json: Json = False) -> None:
    """What is served: its snapshot, its age, and the latest attempt of each source."""
    homes = [home for home in (firm_home(), sample_home()) if home.pointer.exists()]
    state = {"homes": [_state(home) for home in homes]}
    if as_json:
        typer.echo(json.dumps(state, ensure_ascii=False))
        return
    if not homes:
        typer.echo(
            "No data yet. Load a source (python cli.py sync ...) or build the sample company (python cli.py sample)."
        )
    for home in state["homes"]:
        typer.echo(
            f"{'sample company' if home['is_sample'] else 'firm'}: {home['snapshot'] or home['message']}, made"
            f" {home['made_at']}"
        )
        for source, attempt in home["sources"].items():
            typer.echo(
                f"  {source}: {attempt['outcome']} at {attempt['at']}"
                + (f" ({attempt['message']})" if attempt["message"] else "")
            )


def _state(home: Home) -> dict[str, Any]:
    state: dict[str, Any] = {
        "is_sample": home.is_sample,
        "snapshot": None,
        "made_at": None,
        "rows": {},
        "message": None,
        "sources": attempts(home),
    }
    try:
        snapshot = current(home)
    except NoSnapshot as error:
        return state | {"message": str(error)}
    rows = {
        name.removeprefix("tables/").removesuffix(".parquet"): entry["rows"]
        for name, entry in snapshot.manifest["files"].items()
        if name.startswith("tables/") and ".by_item" not in name
    }
    return state | {"snapshot": snapshot.id, "made_at": snapshot.made_at.isoformat(), "rows": rows}


@app.command()
def sample(
    scale: Annotated[float, typer.Option(min=0.01, max=100, help="Size of the company, 1 is the usual one.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed gives another company.")] = 7,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its latest day, today if not given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Builds the sample company in a home of its own. Equal scale, seed and latest day give equal bytes."""
    try:
        report = _build_sample(scale, seed, until, quiet=as_json)
    except Busy as error:
        report = Report("files", "busy", message=str(error))
    _print_report(report, as_json=as_json) if as_json or report.exit_code else None
    raise typer.Exit(report.exit_code)


def _build_sample(scale: float, seed: int, until: datetime | None, *, quiet: bool) -> Report:
    """The sample company goes the same way in as any firm's files: written as a delivery, then loaded."""
    import sample_data

    started = time.monotonic()

    def tell(phase: str) -> None:
        if not quiet:
            typer.echo(f"[{time.monotonic() - started:4.0f} s] {phase}")

    def step(name: str) -> None:
        if name in PHASES:
            tell(PHASES[name])

    tell("simulating the sample company")
    last = (until or datetime.now(UTC)).date()
    tables = sample_data.company(scale=scale, seed=seed, until=last)
    with tempfile.TemporaryDirectory() as delivery, new_sample_home() as home:
        sample_data.write(Path(delivery), tables)
        tell(f"wrote {sum(table.height for table in tables.values()):,} rows in {len(tables)} files; loading them")
        request = request_for("files", url=None, path=Path(delivery), full=True, partial=False, confirmed=frozenset())
        report = refresh(home, request, step=step)
        sample_data.write_truth(home.folder / "truth.json", scale=scale, seed=seed, until=last)
    tell("the sample company is ready")
    return report


@app.command()
def stockouts(
    stock: Annotated[Path, typer.Option(help="Parquet: series_id, date, on_hand; the latest day is now.")],
    history: Annotated[Path, typer.Option(help="Parquet: series_id, date, quantity; what was asked for.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    within: Annotated[str, typer.Option(help="Days ahead, with commas between.")] = "7,14,28",
    receipts: Annotated[
        Path | None, typer.Option(help="Parquet: series_id, due_on, quantity; what is to come.")
    ] = None,
) -> None:
    """Says how likely each series is out of stock on any of the next days, learned from the files themselves."""
    from analytics.stock_panels import NotAPanel
    from analytics.stock_warnings import stock_warnings

    days = sorted(set(_days("--within", within, LONGEST_AHEAD)))
    with refusing(NotAPanel):
        positions = named(stock, "series_id", {"date": pl.Date(), "on_hand": pl.Float64()})
        demand = named(history, "series_id", {"date": pl.Date(), "quantity": pl.Float64()})
        due = {"due_on": pl.Date(), "quantity": pl.Float64()}
        coming = None if receipts is None else named(receipts, "series_id", due)
        chances = stock_warnings(positions, demand, coming, days)
        handed_back(as_given(chances, "series_id", stock).sort("series_id"), out)
    typer.echo(f"{out}: {chances.height} series, the chance to be out of stock within {within} days")


def _days(option: str, written: str, longest: int) -> list[int]:
    """Numbers of days with commas between, in their order."""
    parts = [part.strip() for part in written.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= longest for part in parts):
        _usage(f"{option} is {written!r}. Write whole days from 1 to {longest} with commas between, as 7,14,28.")
    return [int(part) for part in parts]


@app.command()
def forecast(
    history: Annotated[Path, typer.Option(help="Demand: series_id, date, quantity, and attributes of the series.")],
    horizon: Annotated[int, typer.Option(min=0, max=1_000, help="How many days, weeks or months, as the dates are.")],
    out: Annotated[Path, typer.Option(help="Where mean and quantiles by date go.")],
    group_history: Annotated[Path | None, typer.Option(help="A longer history by some of the attributes.")] = None,
    known: Annotated[
        list[Path] | None, typer.Option(help="What is known in advance, by date; may be repeated.")
    ] = None,
    sums: Annotated[str, typer.Option(help="Over how many days to sum up, 1 to 1000, as 7,14,28.")] = "",
    sums_out: Annotated[Path | None, typer.Option(help="Where the sums go.")] = None,
) -> None:
    """Forecasts the demand of every series of a Parquet file: mean, quantiles, and sums over intervals.

    Exit codes: 0 done, 3 a file that cannot be used, 2 usage, 1 our fault.
    """
    from analytics.forecast import forecast as foretold
    from analytics.forecast_series import NotForecastable

    intervals = _days("--sums", sums, LONGEST_SUM) if sums.strip() else []
    if bool(intervals) != (sums_out is not None):
        _usage("--sums says over how many days and --sums-out where to: give both or neither.")
    demand = {"date": pl.Date(), "quantity": pl.Float64()}
    with refusing(NotForecastable):
        tables = [taken(path, {"date": pl.Date()}) for path in known or ()]
        groups = None if group_history is None else taken(group_history, demand)
        told = foretold(taken(history, demand), horizon, group_history=groups, known=tables, sums=intervals)
        handed_back(told.days, out)
        if sums_out is not None:
            handed_back(told.sums, sums_out)
    for sentence in told.unused:
        typer.echo(sentence)
    for reason, many in told.reasons.group_by("reason").len().sort("reason").iter_rows():
        typer.echo(f"{many:,} series: {reason}")


@app.command()
def promise(
    history: Annotated[
        Path, typer.Option(help="Parquet: order_id, placed_at and/or planned_at, delivered_at, attributes.")
    ],
    orders: Annotated[Path, typer.Option(help="Parquet: the same of the orders to promise, without delivered_at.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Now; else the latest instant of the history."),
    ] = None,
) -> None:
    """Says by which day each order is delivered, and how sure that is, learned from earlier orders."""
    from analytics.promise_dates import promises

    _known_year(as_of)
    with refusing():
        past, asked = past_and_asked(history, orders)
        handed_back(as_given(promises(past, asked, as_of), "order_id", orders), out)
    typer.echo(f"{out}: {asked.height} orders, each with the days that 50, 80, 90 and 95 of 100 keep")


def _known_year(as_of: datetime | None) -> None:
    if as_of is not None and not YEARS[0] <= as_of.year <= YEARS[1]:
        _usage(f"--as-of is {as_of.date()}. Name a day from {YEARS[0]} to {YEARS[1]}.")


@app.command()
def customers(
    orders: Annotated[Path, typer.Option(help="Parquet: customer_id, ordered_on, amount; below zero is a return.")],
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Today; later rows are not known.")],
    days: Annotated[int, typer.Option(min=1, max=1_000, help="How many days ahead.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Says who buys in the next days, how often and for how much, learned from earlier orders."""
    from analytics.customer_value import NotAnOrderBook, customer_value

    _known_year(as_of)
    with refusing(NotAnOrderBook):
        rows = named(orders, "customer_id", {"ordered_on": pl.Date(), "amount": pl.Float64()})
        value = customer_value(rows, as_of.date(), days)
        handed_back(as_given(value, "customer_id", orders).sort("customer_id"), out)
    typer.echo(f"{out}: {value.height} customers and the {days} days after {as_of:%Y-%m-%d}")


@app.command()
def study(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Some of: {', '.join(STUDIES)}. All missing, if none.")
    ] = None,
) -> None:
    """Works out what takes longer than a refresh: forecasts and the like, from the newest snapshot, for pages to read.

    Exit codes: 0 done, 2 usage, 1 our fault.
    """
    unknown = [name for name in names or () if name not in STUDIES]
    if unknown:
        _usage(f"There is no study {', '.join(unknown)}. There are: {', '.join(STUDIES)}.")
    try:
        outcomes = work_out(served_home(), names)
    except NoSnapshot as error:
        _usage(str(error))
    for name, why in outcomes.items():
        typer.echo(f"{name}: {why or 'ready'}", err=why is not None)
    raise typer.Exit(any(outcomes.values()))


@app.command()
def report(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command
    name: Annotated[
        str, typer.Argument(help="board_pack, planners_week, sales_week, customer_sheet or stock_valuation.")
    ],
    format: Annotated[str, typer.Option(help="xlsx, pdf, pptx, csv or parquet.")],  # noqa: A002 - what users write
    seen_as: Annotated[str, typer.Option("--as", help="Its reader: a user with an account, or a role.")],
    out: Annotated[Path, typer.Option(help="The file to write; csv and parquet: *.zip holds every table.")],
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    customer: Annotated[str, typer.Option(help="customer_sheet: the key of the customer.")] = "",
    period: Annotated[str, typer.Option(help="month, quarter, year, 2026-03, or 2026-01-01..2026-03-15.")] = "month",
    table: Annotated[int, typer.Option(min=1, help="csv and parquet: which table of the report.")] = 1,
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
        )
    except headless.NotKnown as error:
        _usage(str(error))
    with refusing(NoSnapshot, headless.Refused):
        if not served_home().pointer.exists():
            raise NotUsable("No data yet. Load a source (python cli.py sync ...), then ask again.")
        _servable(served_home())
        made = headless.made(wanted, is_bundle=out.suffix.lower() == ".zip")
        _write(out, made.content)
    typer.echo(f"{out}: {made.sentence}")


def _reader(name: str) -> Viewer:
    """The user of that name as the account is now; else somebody of that role who sees all companies and regions."""
    account = accounts.accounts(firm_home()).get(accounts.key_of(name))
    if account is None:
        if name not in RIGHTS:
            _usage(f"There is no user and no role {name!r}. Roles are: {', '.join(RIGHTS)}.")
        return Viewer(user=name, role=name)
    if account.is_over(datetime.now(UTC).date()):
        _usage(f"The account of {account.user} has ended.")
    reach = frozenset(account.companies), frozenset(account.regions)
    return Viewer(user=account.user, role=account.role, companies=reach[0], regions=reach[1])


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
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")] = None,
) -> None:
    """Adds an account; the password is asked for, or read from standard input."""
    with _accounts():
        if not accounts.accounts(firm_home()) and (role != "owner" or until is not None):
            raise accounts.AccountRefused("last_one")
        account = accounts.Account(
            user=name,
            role=role,
            companies=tuple(company or accounts.EVERYWHERE),
            regions=tuple(region or accounts.EVERYWHERE),
            ends_on=until.date() if until else None,
        )
        accounts.add(firm_home(), account, _password())
    typer.echo(f"{name} may sign in as {role}.")


@user.command("list")
def user_list() -> None:
    """Tells who has an account."""
    for account in accounts.accounts(firm_home()).values():
        reach = f"companies {','.join(account.companies)}, regions {','.join(account.regions)}"
        typer.echo(f"{account.user}: {account.role}, {reach}" + (f", until {account.ends_on}" * bool(account.ends_on)))


@user.command("password")
def user_password(name: Annotated[str, typer.Argument(help="Whose.")]) -> None:
    """Sets another password; the person is signed out everywhere."""
    with _accounts():
        accounts.set_password(firm_home(), name, _password())
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
        _usage(say("en", f"accounts.refused.{refused.rule}"))


def _password() -> str:
    """Typed twice where a person sits there, else the first line that is read."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


def _servable(home: Home) -> None:
    """After an update of the program the snapshot is made anew from the tables, so that nobody has to load again."""
    with contextlib.suppress(NoSnapshot):
        if current(home).manifest.get("program") == program_mark():
            return
    typer.echo("Making the snapshot anew from the tables.")
    try:
        republish(home)
    except (Busy, StoreUnavailable) as error:
        typer.echo(str(error), err=True)


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

    lacks = missing(address)
    if lacks is not None:
        _usage(f"Other machines can reach {address}. {BEFORE_OTHERS[lacks]}")
    if not firm_home().pointer.exists() and not sample_home().pointer.exists():
        typer.echo("No data yet: building the sample company once.")
        report = _build_sample(1.0, 7, None, quiet=False)
        if report.exit_code:
            _print_report(report, as_json=False)
            raise typer.Exit(report.exit_code)
    _servable(served_home())
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
