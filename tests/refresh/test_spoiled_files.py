"""Spoiled deliveries onto a clean base: each ends as it has to, says why, and leaves what is stored intact."""

import csv
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.tables import TABLES
from refresh.run import Report
from tests.refresh import spoiled
from tests.refresh.deliveries import Firm
from tests.refresh.spoiled import CASES, HEADERS, Case, Check

HOUSE = Path(__file__).resolve().parent.parent.parent
GIVEN = HOUSE.parent / "shared" / "data" / "badinputs"
BASE_TABLES = (
    "products",
    "customers",
    "sales_orders",
    "sales_order_lines",
    "inventory_levels",
    "tickets",
    "bom_lines",
    "purchase_order_lines",
)


@pytest.fixture(scope="module")
def loaded_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has loaded the clean base."""
    place = tmp_path_factory.mktemp("base")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TANDEM_HOME", str(place / "home"))
        environment.delenv("TANDEM_DATABASE_URL", raising=False)
        report = Firm(place / "deliveries").send(spoiled.base())
        assert {entry["outcome"] for entry in report.tables.values()} == {"accept"}
    return place / "home"


@pytest.fixture
def based(home: Path, tmp_path: Path, loaded_base: Path) -> Firm:
    """A firm that has loaded the clean base."""
    shutil.copytree(loaded_base, home)
    return Firm(tmp_path / "deliveries")


def held(firm: Firm) -> dict[str, list[Any]]:
    """All that the tables hold, and all that is served."""
    columns: dict[str, Sequence[str]] = {name: TABLES[name].column_names() for name in BASE_TABLES}
    stored = firm.all_stored(columns)
    assert {name: firm.shown(name, *columns[name]) for name in BASE_TABLES if name != "customers"} == {
        name: rows for name, rows in stored.items() if name != "customers"
    }
    return stored


UNIFIED = {"boms": {"bom_lines"}, "purchase_orders": {"purchase_order_lines"}, "sales_order_lines": {"sales_orders"}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_spoiled_delivery_ends_as_it_has_to_and_a_clean_one_heals_everything(based: Firm, case: Case) -> None:
    before = held(based)
    report = based.send(case.files)
    after = held(based)
    untouched = set(before) - _concerned(case)
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
    if case.outcome in {"rejected", "reject_table"}:
        assert (after, report.exit_code) == (before, 3)
    if case.outcome == "rejected":
        assert (report.outcome, report.tables) == ("rejected", {})
        assert report.message
    else:
        _ends_as_it_has_to(case, report)
        if case.check:
            case.check(based)
    _heals(based, before)


UNIFIED = {"boms": {"bom_lines"}, "purchase_orders": {"purchase_order_lines"}, "sales_order_lines": {"sales_orders"}}


def _concerned(case: Case) -> set[str]:
    delivered = {Path(name).stem.removesuffix(".csv") for name in case.files}
    return delivered.union(*(UNIFIED.get(name, set()) for name in delivered))


def _ends_as_it_has_to(case: Case, report: Report) -> None:
    entry = report.tables[case.table]
    assert (report.outcome, entry["outcome"]) == ("loaded", case.outcome), entry
    assert not case.rules or set(entry["reasons"]) == case.rules
    if case.outcome == "reject_table":
        assert entry["loaded"] == 0
        assert entry["warnings"]
        return
    assert (entry["loaded"], entry["quarantined"] + entry["duplicates"]) == (case.loaded, case.aside)
    assert entry["read"] == case.loaded + case.aside
    assert case.outcome != "accept" or not entry["warnings"]
    assert case.outcome != "accept_warn" or entry["warnings"] or entry["duplicates"]


def _heals(firm: Firm, before: dict[str, list[Any]]) -> None:
    firm.send(spoiled.base())
    assert firm.stored("quarantine", "rule") == []
    healed = {name: _values(rows, name) for name, rows in held(firm).items()}
    assert healed == {name: _values(rows, name) for name, rows in before.items()}


def _values(rows: list[Any], table: str) -> list[Any]:
    """The living rows without the run that brought them."""
    names = TABLES[table].column_names()
    gone, run = names.index("deleted_at"), names.index("load_id")
    return [tuple(v for i, v in enumerate(row) if i != run) for row in rows if row[gone] is None]


def test_there_is_a_case_for_every_table_of_the_base_and_no_name_twice() -> None:
    assert {case.table for case in CASES} == set(HEADERS)
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_late_parent_admits_its_child_once(based: Firm) -> None:
    late = "S800,C800,2026-02-10,2026-02-17,confirmed,EUR"
    based.send(sales_orders=spoiled.longer("sales_orders", late))
    based.send(customers=spoiled.longer("customers", "C800,Late,,,DE,SMB,,"))
    assert based.stored("sales_orders", "sales_order_id")[-1] == "S800"
    assert len(based.stored("sales_orders", "sales_order_id")) == len(spoiled.NUMBERS) + 1


MEMORY = """
import resource, sys
from pathlib import Path
from data_access.sources import files
import pyarrow.parquet, openpyxl
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
for name in sys.argv[1:]:
    try:
        files.read(Path(name))
    except files.SourceRefused as refused:
        print(refused)
print(peak() - before)
"""


def test_bombs_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    bombs = {"zip": {"products.zip": spoiled.zipped("products.csv", b" " * 300_000_000)}}
    bombs |= {"book": {"products.xlsx": spoiled.swollen()}, "deep": {"products.json": b"[" * 1_000_000}}
    bombs |= {"wide": {"customers.csv": spoiled.changed("customers", name=("x" * 5_000_000,)).encode()}}
    places = []
    for name, content in bombs.items():
        places.append(tmp_path / name)
        places[-1].mkdir()
        for file, body in content.items():
            (places[-1] / file).write_bytes(body)
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, *map(str, places)], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert int(ran.stdout.split()[-1]) < 200


def _base_column(table: str, column: str) -> Check:
    """The column is as in the clean base."""
    return lambda firm: _equal(firm.stored(table, column), CLEAN[table, column])


def _equal(found: object, expected: object) -> None:
    assert found == expected


def _nothing_more(_firm: Firm) -> None:
    """Its outcome says all."""


COLUMNS = (("sales_orders", "ordered_at"), ("products", "cost"), ("tickets", "opened_at"))
CLEAN: dict[tuple[str, str], list[Any]] = {}
CHECKED: dict[str, Check] = {
    "B002": lambda firm: _equal(firm.stored("customers", "name")[0], "上海机械有限公司"),
    "B007": lambda firm: _equal(len(set(firm.stored("customers", "name"))), 20),
    "B016": lambda firm: _equal(len(firm.stored("inventory_levels", "on_hand")), 20),
    "B032": lambda firm: _equal(len(firm.stored("products", "product_id")), 20),
    "B037": lambda firm: _equal(firm.stored("customers", "name")[:5], ["Null", "NA", "None", "True", "1e5"]),
    "B038": lambda firm: _equal(firm.stored("sales_orders", "sales_order_id").count("S8000"), 1),
    "B040": lambda firm: _equal(firm.stored("customers", "is_active").count(False), 5),
    "B044": lambda firm: _equal(min(firm.stored("inventory_levels", "on_hand")), -5),
    "B058": lambda firm: _equal(str(firm.stored("sales_orders", "ordered_at")[0]), "2026-02-01 00:00:00+00:00"),
    "B059": lambda firm: _equal(*_an_hour_apart(firm)),
    "B073": lambda firm: _equal(len(firm.stored("sales_order_lines", "quantity")), 60),
    "B079": _base_column("sales_orders", "ordered_at"),
    "B082": lambda firm: _equal([key for key in firm.stored("products", "product_id") if "nan" in key.lower()], []),
    "B088": _base_column("products", "cost"),
    "B092": _base_column("tickets", "opened_at"),
    "B106": lambda firm: _equal(firm.stored("consents", "is_granted")[0], False),
}


def _an_hour_apart(firm: Firm) -> tuple[timedelta, timedelta]:
    first, second = firm.stored("tickets", "opened_at")[:2]
    return second - first, timedelta(hours=1)


def manifest() -> list[dict[str, str]]:
    """The given cases, none where they do not lie beside the project."""
    if not GIVEN.is_dir():
        return []
    with (GIVEN / "manifest.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# Cases that end otherwise than their manifest says first, and why that is as good or better.
OTHERWISE = {
    "B023": "The row with the huge field is set aside and the others are taken: the manifest calls that also right.",
    "B031": "Keys that lost their zeros are refused by their table, not warned of: the manifest calls that also right.",
    "B070": "All is taken as expected; that the sixteen rows before are gone from the file is told besides.",
    "B091": "The counts are those expected; that a row was set aside says more than that there was a warning.",
    "B094": "The counts are those expected; that rows were set aside says more than that there was a warning.",
    "B101": "The counts are those expected; that rows were set aside says more than that there was a warning.",
}


def ends_as_expected(firm: Firm, case: dict[str, str]) -> bool:
    """Loads a given case in its steps; whether the table it is about ended as the manifest says."""
    folder = GIVEN / "cases" / case["files"].split(";")[0].split("/")[1]
    steps = sorted(path for path in folder.iterdir() if path.is_dir()) or [folder]
    reports = [firm.load(step) for step in steps]
    assert all(report.outcome != "failed" for report in reports), reports
    report = reports[-1 if case["case_id"] == "B040" else 0]
    entry = report.tables.get(case["table"], {"outcome": "reject_batch"})
    if entry["outcome"] != case["expected"]:
        return False
    counted = case["rows_accepted"] and "reject" not in case["expected"] and case["table"] in case["files"]
    told = (entry.get("loaded"), entry.get("quarantined", 0) + entry.get("duplicates", 0))
    return not counted or told == (int(case["rows_accepted"]), int(case["rows_quarantined"]))


@pytest.mark.skipif(not GIVEN.is_dir(), reason="The folder of given spoiled files does not lie beside the project.")
def test_the_given_spoiled_files_end_as_their_manifest_expects_or_better_and_why(home: Path, tmp_path: Path) -> None:
    firm, clean = Firm(tmp_path / "deliveries"), tmp_path / "clean"
    assert firm.load(GIVEN / "base").exit_code == 0
    shutil.copytree(home, clean)
    CLEAN.update({(table, column): firm.stored(table, column) for table, column in COLUMNS})
    missed = []
    for case in manifest():
        shutil.rmtree(home)
        shutil.copytree(clean, home)
        if not ends_as_expected(firm, case):
            missed.append(case["case_id"])
        CHECKED.get(case["case_id"], _nothing_more)(firm)
    assert set(missed) <= set(OTHERWISE)
    assert not Path("/tmp/zipslip_proof.txt").exists()  # noqa: S108  the file that a case tries to write
