"""Commands that bring data in, say what is served, and work out what pages read."""

import contextlib
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.terminal import Json, usage
from data_access import cutovers, mapping_files
from data_access.home import Busy, Home, attempts, firm_home, new_sample_home, sample_home, served_home
from data_access.mapping import SourceRefused
from data_access.own_database import StoreUnavailable
from data_access.snapshot import NoSnapshot, current, is_passed_over, program_mark
from refresh.run import Report, refresh, republish
from refresh.sources import SOURCES, NotKnown, Watch, request_for
from refresh.studies import STUDIES, work_out

commands = typer.Typer()

DAMAGED = "The newest snapshot is damaged: this earlier one is served. The next refresh makes a sound one."
PHASES = {"read the source": "checking every row", "unified": "storing", "committed": "writing the snapshot"}


@commands.command()
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
        usage(str(error))
    if watch is None:
        report = refresh(firm_home(), request)
        print_report(report, as_json=as_json)
        raise typer.Exit(report.exit_code)
    watched = Watch(source, url)
    while True:
        began = time.monotonic()
        if watched.has_news(began):
            report = refresh(firm_home(), request)
            print_report(report, as_json=as_json)
            watched.forget_unless(loaded=report.outcome == "loaded")
        time.sleep(watched.rest(watch, began, time.monotonic()))


def print_report(report: Report, *, as_json: bool) -> None:
    """What a refresh brought, table by table; or as one JSON object."""
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


@commands.command()
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


@commands.command()
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
        if home["snapshot"] and home["message"]:
            typer.echo(f"  {home['message']}")
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
    if is_passed_over(home):
        state |= {"message": DAMAGED}
    rows = {
        name.removeprefix("tables/").removesuffix(".parquet"): entry["rows"]
        for name, entry in snapshot.manifest["files"].items()
        if name.startswith("tables/") and ".by_item" not in name
    }
    return state | {"snapshot": snapshot.id, "made_at": snapshot.made_at.isoformat(), "rows": rows}


@commands.command()
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
        report = build_sample(scale, seed, until, quiet=as_json)
    except Busy as error:
        report = Report("files", "busy", message=str(error))
    print_report(report, as_json=as_json) if as_json or report.exit_code else None
    raise typer.Exit(report.exit_code)


def build_sample(scale: float, seed: int, until: datetime | None, *, quiet: bool) -> Report:
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


@commands.command()
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
        usage(f"There is no study {', '.join(unknown)}. There are: {', '.join(STUDIES)}.")
    try:
        outcomes = work_out(served_home(), names)
    except NoSnapshot as error:
        usage(str(error))
    for name, why in outcomes.items():
        typer.echo(f"{name}: {why or 'ready'}", err=why is not None)
    raise typer.Exit(any(outcomes.values()))


@commands.command()
def cutover(
    before: Annotated[str | None, typer.Option(help="The old system, as erpnext.")] = None,
    after: Annotated[str | None, typer.Option(help="The new system, as odoo.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day of the new system.")] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Both systems count whole again.")] = False,
) -> None:
    """Declares that the firm changed its ERP, and makes a snapshot in which both systems count as one history.

    Without options it says what is declared. Exit codes: 0 done, 2 usage, 1 our fault.
    """
    home = firm_home()
    if take_back or None not in (before, after, on):
        cutovers.declare(home, "terminal", datetime.now(UTC), None if take_back else _changed(before, after, on))
        _publish_anew(home)
    elif (before, after, on) != (None, None, None):
        usage("A change needs all of --before, --after and --on.")
    standing = cutovers.declared(home)
    typer.echo(
        "Every system counts whole."
        if standing is None
        else f"{standing.before} counts until the day before {standing.on}, {standing.after} from that day on."
    )


def _changed(before: str | None, after: str | None, on: datetime | None) -> cutovers.Declared:
    for source in (before, after):
        if source not in SOURCES:
            usage(f"There is no source {source!r}. There are: {', '.join(SOURCES)}.")
    if before == after or on is None:
        usage("The old and the new system are two.")
    return cutovers.Declared(str(before), str(after), on.date())


def _publish_anew(home: Home) -> None:
    """A snapshot of the tables as they are, where anything was loaded yet."""
    if not home.pointer.exists():
        return
    try:
        republish(home)
    except (Busy, StoreUnavailable) as error:
        typer.echo(f"{error} The next refresh applies it.", err=True)


def make_servable(home: Home) -> None:
    """After an update of the program the snapshot is made anew from the tables, so that nobody has to load again."""
    with contextlib.suppress(NoSnapshot):
        if is_passed_over(home):
            typer.echo("The newest snapshot is damaged, and an earlier one is served until it is made anew.", err=True)
        elif current(home).manifest.get("program") == program_mark():
            return
    typer.echo("Making the snapshot anew from the tables.")
    try:
        republish(home)
    except (Busy, StoreUnavailable) as error:
        typer.echo(str(error), err=True)
