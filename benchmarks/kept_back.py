"""Spoiled deliveries of the known kinds, written anew: ``python -m benchmarks.kept_back`` says how many end right.

Other encodings, numbers, days and containers than those by which the readers were built. Each case says what is right
before it is run: an outcome (of some, any of those named), how many rows come in, and what must hold afterwards. A run
that ends by our fault, or shows a wrong value, is wrong whatever else is right.
"""

import gzip
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from refresh.run import Report
from tests.refresh.deliveries import Firm, write
from tests.refresh.spoiled import (
    HEADERS,
    NUMBERS,
    changed,
    csv,
    database,
    frame,
    longer,
    parquet,
    repacked,
    rows,
    sheet,
    zipped,
)

ALL = len(NUMBERS)
TAKEN, WARNED, ASIDE, TABLE, REFUSED = "accept", "accept_warn", "quarantine_rows", "reject_table", "rejected"
Files = Mapping[str, str | bytes]
Check = Callable[[Firm], bool]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A case: ``ends``: the outcomes that are right; ``loaded``: rows that come in, where the table is taken;
    ``holds``: what must be so in the tables of a firm that took it."""

    name: str
    table: str
    files: Files
    ends: tuple[str, ...]
    loaded: int | None = ALL
    holds: Check | None = None


def values(table: str, key: str, column: str, **expected: Any) -> Check:
    """These rows hold these values, to the letter; a row that is set aside holds none."""

    def check(firm: Firm) -> bool:
        held = dict(firm.stored(table, key, column))
        return all(name not in held or held[name] == value for name, value in expected.items())

    return check


def names(**expected: str) -> Check:
    """Customers of these names."""
    return values("customers", "customer_id", "name", **expected)


def sums(table: str, column: str, *allowed: str) -> Check:
    """A column adds up to one of these."""
    return lambda firm: sum(firm.stored(table, column)) in {Decimal(text) for text in allowed}


def case(name: str, table: str, content: str | bytes | Files, *ends: str, **more: Any) -> Kept:
    """A case of one file, the table's CSV, or of several."""
    return Kept(
        name=name, table=table, files=content if isinstance(content, Mapping) else {table: content}, ends=ends, **more
    )


def one(table: str, **columns: str) -> str:
    """The clean table with another value in the first row of these columns."""
    return changed(table, **{name: (value,) for name, value in columns.items()})


def book(table: str, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The clean table as a workbook, changed."""
    opened = openpyxl.load_workbook(io.BytesIO(sheet(table)))
    change(opened)
    held = io.BytesIO()
    opened.save(held)
    return held.getvalue()


def _with_notes(opened: openpyxl.Workbook) -> None:
    notes = opened.create_sheet("Notes")
    notes.append(["exported by", "J. Doe"])


def _with_a_hidden_row(opened: openpyxl.Workbook) -> None:
    opened.active.row_dimensions[3].hidden = True


def archive(**members: bytes) -> bytes:
    """A zip of these members; __ in a name is a folder."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/") + ".csv", content)
    return held.getvalue()


def records(table: str) -> list[dict[str, str]]:
    """The clean table as JSON would hold it."""
    header = HEADERS[table].split(",")
    return [dict(zip(header, row.split(","), strict=True)) for row in rows(table)]


GERMAN = csv("sales_order_lines").replace(",", ";").replace("11.50", "11,50")
TEXTS = "\n".join(json.dumps(row) for row in records("products"))
COSTS = ("products", "product_id", "cost")

CASES = (
    case(
        "Big5 without saying so",
        "customers",
        changed("customers", name=("臺灣精密機械", "高雄貿易行")).encode("big5"),
        TAKEN,
        WARNED,
        TABLE,
        holds=names(C001="臺灣精密機械", C002="高雄貿易行"),
    ),
    case(
        "Windows-1252 without saying so",
        "customers",
        changed("customers", name=("Müller – Söhne", "Café “Zoë”")).encode("cp1252"),
        WARNED,
        TABLE,
        holds=names(C001="Müller – Söhne", C002="Café “Zoë”"),
    ),
    case("UTF-16 the other way round", "customers", b"\xfe\xff" + csv("customers").encode("utf-16-be"), TAKEN, WARNED),
    case("UTF-32", "customers", csv("customers").encode("utf-32"), TAKEN, WARNED, TABLE),
    case("a zero byte in a name", "customers", one("customers", name="Ada\x00Lovelace"), TABLE, ASIDE, loaded=ALL - 1),
    case(
        "semicolons and decimal commas",
        "sales_order_lines",
        GERMAN,
        TAKEN,
        WARNED,
        TABLE,
        ASIDE,
        loaded=None,
        holds=sums("sales_order_lines", "unit_price", "138", "0"),
    ),
    case("line ends of old Macs", "sales_orders", csv("sales_orders").replace("\n", "\r"), TAKEN, WARNED, TABLE),
    case("pipes", "products", csv("products").replace(",", "|"), TAKEN, WARNED),
    case(
        "a comma in a name that nobody quoted",
        "customers",
        one("customers", name="Meyer, Sons"),
        ASIDE,
        TABLE,
        loaded=ALL - 1,
    ),
    case(
        "a row that ends too early", "products", csv("products", "P001,Part 1,finished"), ASIDE, TABLE, loaded=ALL - 1
    ),
    case("empty lines between the rows", "sales_orders", csv("sales_orders").replace("\n", "\n\n"), TAKEN, WARNED),
    case(
        "two exports behind one another, headings and all",
        "sales_orders",
        csv("sales_orders") + HEADERS["sales_orders"] + "\nS801,C001,2026-02-10,2026-02-17,confirmed,EUR\n",
        WARNED,
        ASIDE,
        TABLE,
        loaded=ALL + 1,
    ),
    case(
        "a column more",
        "products",
        "\n".join(f"{line},{'colour' if n == 0 else 'red'}" for n, line in enumerate(csv("products").splitlines())),
        TAKEN,
        WARNED,
    ),
    case(
        "one key with two different prices",
        "products",
        longer("products", "P001,Part 1,finished,pcs,7.77,9.50,EUR,4,true"),
        ASIDE,
        TABLE,
        loaded=ALL - 1,
    ),
    case(
        "a thousands point and a decimal comma",
        "sales_order_lines",
        one("sales_order_lines", unit_price='"1.234,56"'),
        ASIDE,
        WARNED,
        TAKEN,
        loaded=None,
        holds=values("sales_order_lines", "sales_order_line_id", "unit_price", L001=Decimal("1234.56")),
    ),
    case(
        "a thousands comma and a decimal point",
        "products",
        one("products", unit_cost='"1,234.56"'),
        ASIDE,
        WARNED,
        TAKEN,
        loaded=None,
        holds=values(*COSTS, P001=Decimal("1234.56")),
    ),
    case(
        "a negative amount as accountants write it",
        "products",
        one("products", unit_cost="(5.25)"),
        ASIDE,
        WARNED,
        TAKEN,
        loaded=None,
        holds=values(*COSTS, P001=Decimal("-5.25")),
    ),
    case(
        "per cent written out",
        "sales_order_lines",
        one("sales_order_lines", discount_pct="12%"),
        ASIDE,
        WARNED,
        TAKEN,
        loaded=None,
        holds=values("sales_order_lines", "sales_order_line_id", "discount", L001=Decimal("0.12")),
    ),
    case("a price with its currency", "products", one("products", list_price="9.50 EUR"), ASIDE, loaded=ALL - 1),
    case(
        "a quantity with thirty decimals",
        "sales_order_lines",
        one("sales_order_lines", qty="2.333333333333333333333333333333"),
        WARNED,
        ASIDE,
        loaded=None,
    ),
    case(
        "a day that April does not have",
        "sales_orders",
        one("sales_orders", order_date="2026-04-31"),
        ASIDE,
        loaded=ALL - 1,
    ),
    case("a year of five digits", "sales_orders", one("sales_orders", order_date="20206-01-05"), ASIDE, loaded=ALL - 1),
    case(
        "an hour that no day has",
        "tickets",
        one("tickets", opened_at="2026-02-01T25:10:00+01:00"),
        ASIDE,
        loaded=ALL - 1,
    ),
    case("a month in words", "sales_orders", one("sales_orders", order_date="5. Januar 2026"), ASIDE, loaded=ALL - 1),
    case(
        "two products made of each other",
        "boms",
        csv("boms", "P001,P011,1,2025-01-01,", "P011,P001,1,2025-01-01,"),
        TABLE,
    ),
    case("less than nothing of a part", "boms", csv("boms", "P001,P011,-1,2025-01-01,"), ASIDE, loaded=2),
    case(
        "names that a spreadsheet would run",
        "products",
        one("products", name='"=HYPERLINK(""http://x"",""y"")"'),
        TAKEN,
        WARNED,
        holds=values("products", "product_id", "name", P001='=HYPERLINK("http://x","y")'),
    ),
    case(
        "names that a shell would run",
        "customers",
        one("customers", name="$(reboot); rm -rf ~ | `id`"),
        TAKEN,
        WARNED,
        holds=names(C001="$(reboot); rm -rf ~ | `id`"),
    ),
    case(
        "a sheet of notes beside the table", "products", {"products.xlsx": book("products", _with_notes)}, TAKEN, WARNED
    ),
    case("a hidden row", "customers", {"customers.xlsx": book("customers", _with_a_hidden_row)}, TAKEN, WARNED),
    case(
        "an old workbook under a new name",
        "products",
        {"products.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)},
        TABLE,
    ),
    case(
        "a workbook without its sheet",
        "products",
        {"products.xlsx": repacked(sheet("products"), "xl/worksheets/sheet1.xml", lambda old: old[: len(old) // 2])},
        TABLE,
    ),
    case("Parquet without its end", "products", {"products.parquet": parquet(frame("products"))[:-40]}, TABLE),
    case(
        "Parquet with lists for names",
        "customers",
        {"customers.parquet": parquet(frame("customers").with_columns(pl.concat_list("name", "email").alias("name")))},
        TABLE,
        ASIDE,
        loaded=0,
    ),
    case(
        "a line that is no JSON",
        "products",
        {"products.ndjson": TEXTS.replace('"P003"', '"P003', 1)},
        ASIDE,
        TABLE,
        loaded=ALL - 1,
    ),
    case(
        "a list within an object",
        "products",
        {"products.json": json.dumps({"data": records("products")})},
        TAKEN,
        WARNED,
        TABLE,
    ),
    case(
        "gzip that was cut off",
        "products",
        {"products.csv.gz": gzip.compress(csv("products").encode())[:-12]},
        TABLE,
        REFUSED,
    ),
    case(
        "one table twice in an archive",
        "products",
        {"all.zip": archive(a__products=csv("products").encode(), b__products=csv("products").encode())},
        TABLE,
        REFUSED,
        WARNED,
        loaded=ALL,
    ),
    case(
        "an archive in an archive",
        "products",
        {"all.zip": zipped("inner.zip", zipped("products.csv", csv("products").encode()))},
        REFUSED,
        TABLE,
        TAKEN,
        WARNED,
    ),
    case(
        "a database without tables of ours",
        "products",
        {"products.sqlite": database(("DROP TABLE products", "CREATE TABLE x(y)"))},
        REFUSED,
        TABLE,
    ),
    case(
        "consent in words",
        "customers",
        changed("customers", marketing_consent=("nein", "maybe")),
        ASIDE,
        loaded=ALL - 1,
        holds=lambda firm: dict(firm.stored("consents", "customer_id", "is_granted"))["C001"] is False,
    ),
    case(
        "currency in small letters",
        "sales_orders",
        one("sales_orders", currency="eur"),
        ASIDE,
        WARNED,
        TAKEN,
        loaded=None,
        holds=values("sales_orders", "sales_order_id", "currency", S001="EUR"),
    ),
)


def ended(firm: Firm, kept: Kept) -> str:
    """Why a case did not end as it must; nothing where it did."""
    report = firm.load(firm.deliver(kept.files))
    if report.outcome in {"failed", "rejected"}:
        return "" if report.outcome in kept.ends and report.message else f"{report.outcome}: {report.message}"
    entry = report.tables.get(kept.table)
    if entry is None:
        return "" if REFUSED in kept.ends and report.ignored else f"the table is not there, ignored {report.ignored}"
    return _of_table(firm, kept, report, entry)


def _of_table(firm: Firm, kept: Kept, report: Report, entry: Mapping[str, Any]) -> str:
    outcome, loaded = entry["outcome"], entry["loaded"]
    told = f"{outcome}, {loaded} of {entry['read']} loaded, {entry['reasons']}"
    if outcome not in kept.ends or entry["read"] != loaded + entry["quarantined"] + entry["duplicates"]:
        return told if outcome != TABLE or outcome not in kept.ends else ""
    if outcome == TABLE:
        return "" if report.exit_code == 3 and loaded == 0 and entry["warnings"] else told
    if kept.loaded is not None and loaded != kept.loaded:
        return told
    if kept.holds is None or outcome == ASIDE:  # a row that is set aside stays as it was before
        return ""
    return "" if kept.holds(firm) else f"{told}; a value is not what it was"


def odd_names(firm: Firm, place: Path) -> str:
    """A file whose name is no text: it is told, and harms nothing."""
    folder = write(place / "odd_names", {"products": csv("products")})
    Path(os.fsdecode(os.fsencode(folder) + b"/customers\xff.csv")).write_text(csv("customers"), encoding="utf-8")
    report = firm.load(folder)
    json.dumps(report.as_json()).encode()
    return "" if report.outcome == "loaded" and report.tables["products"]["outcome"] == TAKEN else str(report.message)


def main() -> None:
    """Prints every case that ended wrong, and the share of those that ended right."""
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for number, kept in enumerate(CASES):
            os.environ["TANDEM_HOME"] = f"{scratch}/{number}"
            firm = Firm(Path(scratch) / f"deliveries{number}")
            firm.send({name: csv(name) for name in HEADERS})
            wrong |= {kept.name: why} if (why := ended(firm, kept)) else {}
        os.environ["TANDEM_HOME"] = f"{scratch}/odd"
        why = odd_names(Firm(Path(scratch) / "odd_deliveries"), Path(scratch))
        wrong |= {"a name that is no text": why} if why else {}
    for name, why in wrong.items():
        print(f"{name}: {why}")
    cases = len(CASES) + 1
    print(f"{cases - len(wrong)} of {cases} ended as they must ({(cases - len(wrong)) / cases:.1%}; aim 95 % or more)")


if __name__ == "__main__":
    main()
