"""Every report, for every kind of reader, in every format: equal to the answers, and nothing beyond the reader's
rights."""

import io
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from analytics.access import ALL, RIGHTS, NotAllowed, Viewer
from analytics.scope import Scope
from answers import Snapshot, customers
from reports import catalogue, cells, formats
from reports.content import Grid, Report
from reports.csv import as_text
from reports.parquet import distinct
from reports.request import Request
from tests.answers import canaries
from tests.reports import read_back as read

ROLES = ("owner", "executive", "manager", "sales")
LIMITS = {
    "owner": (ALL, ALL),
    "executive": ({"alder"}, ALL),
    "manager": (ALL, {"north"}),
    "sales": ({"birch"}, {"south"}),
}
FIRM = canaries.whole_firm()
# Parts that stand in no other report, in an order of their own.
OWN = ("orders", "inventory", "customers")


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The firm of canaries, served."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TANDEM_HOME", str(tmp_path_factory.mktemp("canaries")))
        yield canaries.published(FIRM)


def viewer_of(role: str) -> Viewer:
    """A reader of that role, limited in a way of its own."""
    companies, regions = LIMITS[role]
    return Viewer(user="ada", role=role, companies=frozenset(companies), regions=frozenset(regions))


def asked(name: str, viewer: Viewer, language: str, version: Snapshot) -> Request:
    scope = Scope(period="year")
    customer = ""
    if catalogue.REPORTS[name].of_customer:
        customer = customers.customers(viewer, scope, version=version)["customer_id"][0]
    told = {"Period": "=1+1 #panic() <b>"}
    own: dict[str, Any] = {"parts": OWN, "title": "=1+1"} if name == "own" else {}
    return Request(
        viewer=viewer, version=version, language=language, scope=scope, customer=customer, filters=told, **own
    )


# Each report for the owner and for one of the others, who are limited each in a way of their own; both languages.
CASES = [
    (name, role, ("en", "zh")[(number + place) % 2])
    for number, (name, recipe) in enumerate(catalogue.REPORTS.items())
    for place, role in enumerate(ROLES)
    if recipe.right in RIGHTS[role] and (role == "owner" or place == 1 + number % 3)
]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def made(request: pytest.FixtureRequest, version: Snapshot) -> tuple[Report, Viewer]:
    """A report and its reader."""
    name, role, language = request.param
    viewer = viewer_of(role)
    return catalogue.made(name, asked(name, viewer, language, version)), viewer


@pytest.fixture(scope="module")
def files(made: tuple[Report, Viewer]) -> dict[str, bytes]:
    """The report in every format."""
    return {name: formats.written(made[0], name) for name in formats.FORMATS}


def test_no_file_tells_what_its_reader_may_not_see(made: tuple[Report, Viewer], files: dict[str, bytes]) -> None:
    report, viewer = made
    hidden = {read.squeezed(text) for text in canaries.hidden_texts(FIRM, viewer)}
    names = "".join(formats.file_name(report, name) for name in files)
    for name, content in files.items():
        told = read.squeezed(read.texts(content) + names)
        assert [text for text in canaries.CANARY.findall(told) if text in hidden] == [], name
        for company in {"alder", "birch"} - set(viewer.companies) if viewer.companies != ALL else ():
            assert f"«{company}-" not in told


def test_a_workbook_holds_every_value_and_every_total(made: tuple[Report, Viewer], files: dict[str, bytes]) -> None:
    report, _ = made
    _, *sheets, about = read.sheets(files["xlsx"])
    assert len(sheets) == len(report.grids)
    for grid, rows, (heading, *found) in zip(report.grids, read.seen_rows(report), sheets, strict=True):
        assert list(heading) == [grid.table.headings[column.name] for column in grid.table.columns]
        assert found[: len(rows)] == [tuple(map(read.in_a_sheet, row)) for row in rows]
        below = [cell for row in found[len(rows) :] for cell in row if cell is not None]
        assert below == [pytest.approx(grid.totals[name]) for name in shown(grid) if name in grid.totals]
    assert {"Period: =1+1 #panic() <b>"} <= {row[1] for row in about}


def shown(grid: Grid) -> list[str]:
    """The columns of a table, in their order."""
    return [column.name for column in grid.table.columns]


def test_csv_and_parquet_hold_every_value(made: tuple[Report, Viewer], files: dict[str, bytes]) -> None:
    report, _ = made
    kept = zip(report.grids, read.bundled(files["csv"]), read.bundled(files["parquet"]), strict=True)
    for grid, text, columns in kept:
        shown = grid.table.frame.select(column.name for column in grid.table.columns)
        assert read.comma_separated(text)[1:] == [[as_text(value) for value in row] for row in shown.iter_rows()]
        frame = pl.read_parquet(io.BytesIO(columns))
        assert frame.columns == distinct([grid.table.headings[column.name] for column in grid.table.columns])
        assert frame.rows() == shown.rows()
        assert list(frame.dtypes) == list(shown.dtypes)


def test_pages_and_slides_show_the_first_rows_as_text(made: tuple[Report, Viewer], files: dict[str, bytes]) -> None:
    report, _ = made
    language = report.about.language
    told, shown = read.pages(files["pdf"]), read.slides(files["pptx"])
    for grid in report.grids:
        rows = cells.rows(grid.table.part(slice(grid.most)), language)
        assert [cell for row in rows for cell in row if read.squeezed(cell) not in told] == []
        if not rows:
            continue
        _, *table = next(shown)
        first = [row for row in table if row in rows]
        assert first == rows[: len(first)]
        assert len(table) - len(first) == bool(grid.totals)
        assert first
    assert list(shown) == []
    for section in report.sections:
        assert read.squeezed(section.message) in told
        assert all(read.squeezed(card.value) in told for card in section.cards)


def test_the_same_report_is_the_same_bytes(made: tuple[Report, Viewer], files: dict[str, bytes]) -> None:
    report, viewer = made
    if viewer.role != "owner":
        return  # other rights change what is in a report, not how it is written
    assert [name for name, content in files.items() if formats.written(report, name) != content] == []


@pytest.mark.parametrize("name", catalogue.REPORTS)
def test_who_lacks_the_right_gets_no_report(name: str, version: Snapshot) -> None:
    nobody = Viewer(user="ada", role="administrator")
    with pytest.raises(NotAllowed):
        catalogue.made(name, Request(viewer=nobody, version=version, language="en"))
    assert catalogue.offered(nobody) == ()


def test_a_customer_of_others_is_nobody(version: Snapshot) -> None:
    hers = viewer_of("sales")
    for customer in ("nobody", canaries.canary("alder-north", "customers", 0)):
        wanted = Request(viewer=hers, version=version, language="en", customer=customer)
        with pytest.raises(NotAllowed, match="There is no customer"):
            catalogue.made("customer_sheet", wanted)
