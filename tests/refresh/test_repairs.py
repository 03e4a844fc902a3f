"""Corrections of rows set aside: replayed through the same checks, and every row still counts once."""

import dataclasses
from datetime import UTC, datetime
from functools import partial
from typing import Any

import polars as pl

from data_access.home import firm_home
from data_access.journal import Journal
from data_access.mapping import LINE, ROW, Extract, Reading
from data_access.sources import files
from refresh.repairs import Repair, repaired, repairs
from refresh.run import Report, Request, rehearse
from tests.refresh.deliveries import Content, Firm, counts, customers, lines, orders, products, request, table

HEADER = "product_id,name,unit,unit_cost,list_price,currency"
GOOD = "P1,Part P1,pcs,1.00,2.00,EUR"
BROKEN = "P2,Part P2,pcs,one,2.00,EUR"


def correct(source_table: str, row: str, header: str = HEADER, **values: str | None) -> None:
    """Keeps a correction of a row that came as this line."""
    record = dict(zip(header.split(","), row.split(","), strict=True))
    correct_record(source_table, {name: value or None for name, value in record.items()}, values)


def correct_record(source_table: str, record: dict[str, Any], values: dict[str, Any]) -> None:
    what = {"source": "files", "source_table": source_table, "record": record, "values": values}
    Journal(firm_home(), "repairs").append("ada", datetime.now(UTC), what)


def send(firm: Firm, tables: dict[str, Content], *, partial: bool = False) -> Report:
    """Loads a delivery without publishing it, which would be most of the work."""
    report = rehearse(firm.home, request(firm.deliver(tables), partial=partial))
    assert report.outcome == "loaded", report.message
    return report


def parts(*rows: str) -> dict[str, Content]:
    return {"products": table(HEADER, *rows)}


def aside(firm: Firm) -> list[Any]:
    return firm.stored("quarantine", "table_name", "rule", "column_name", "value")


def test_a_corrected_row_is_loaded_when_the_same_row_comes_again(firm: Firm) -> None:
    assert counts(send(firm, parts(GOOD, BROKEN)), "products") == (2, 1, 1, 0)
    for _ in range(2):
        correct("products", BROKEN, unit_cost="1.50")
    report = send(firm, parts(GOOD, BROKEN))
    assert counts(report, "products") == (2, 2, 0, 0)
    assert "corrected_rows" in str(report.tables["products"]["warnings"])
    assert firm.stored("products", "product_id", "cost") == [("P1", 1), ("P2", 1.5)]
    assert aside(firm) == []


def test_a_wrong_correction_goes_back_with_its_rule_and_may_be_corrected_again(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="-1")
    assert counts(send(firm, parts(GOOD, BROKEN)), "products") == (2, 1, 1, 0)
    assert aside(firm) == [("products", "out_of_range", "cost", "-1.000000")]
    correct("products", BROKEN.replace("one", "-1"), unit_cost="3")
    assert counts(send(firm, parts(GOOD, BROKEN)), "products") == (2, 2, 0, 0)
    assert firm.stored("products", "product_id", "cost") == [("P1", 1), ("P2", 3)]


def test_the_sources_own_later_version_wins(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="1.50")
    send(firm, parts(GOOD, BROKEN.replace("one", "9")))
    assert firm.stored("products", "product_id", "cost") == [("P1", 1), ("P2", 9)]
    send(firm, parts(GOOD, BROKEN.replace("one", "two")))
    assert aside(firm) == [("products", "not_a_number", "cost", "two")]


def test_a_corrected_key_is_a_record_that_the_source_holds(firm: Firm) -> None:
    nameless = GOOD.replace("P1,", ",", 1)
    send(firm, parts(GOOD, nameless))
    assert aside(firm) == [("products", "missing_key", "product_id", None)]
    correct("products", nameless, product_id="P7")
    for _ in range(2):
        assert counts(send(firm, parts(GOOD, nameless)), "products") == (2, 2, 0, 0)
        assert firm.stored("products", "product_id") == ["P1", "P7"]


def test_where_only_some_rows_come_the_corrected_one_is_read_from_the_quarantine(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="1.50")
    report = send(firm, parts("P3,Part P3,pcs,1.00,2.00,EUR"), partial=True)
    assert counts(report, "products") == (2, 2, 0, 0)
    assert firm.stored("products", "product_id") == ["P1", "P2", "P3"]
    assert aside(firm) == []
    assert counts(send(firm, parts(GOOD), partial=True), "products") == (1, 1, 0, 0)


def test_a_wrong_correction_that_is_read_from_the_quarantine_goes_back_there(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="-1")
    assert counts(send(firm, parts(GOOD), partial=True), "products") == (2, 1, 1, 0)
    assert aside(firm) == [("products", "out_of_range", "cost", "-1.000000")]


def test_a_record_that_comes_itself_is_not_read_from_the_quarantine(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="1.50")
    assert counts(send(firm, parts(BROKEN.replace("one", "9")), partial=True), "products") == (1, 1, 0, 0)
    assert firm.stored("products", "product_id", "cost") == [("P1", 1), ("P2", 9)]


def incremental(path: Any) -> Reading:
    """A delivery as a database brings it: some rows under keys of their own, and the keys of all."""
    read = files.read(path)
    extracts = [
        dataclasses.replace(extract, incremental=True, frame=extract.frame.drop(LINE), keys=None, control={})
        for extract in read.extracts
    ]
    return dataclasses.replace(read, extracts=tuple(extracts))


def test_of_a_database_that_brings_what_changed_the_row_is_read_again_under_its_own_key(firm: Firm) -> None:
    send(firm, parts(GOOD, BROKEN))
    correct("products", BROKEN, unit_cost="1.50")
    path = firm.deliver(parts("P3,Part P3,pcs,1.00,2.00,EUR"))
    report = rehearse(firm.home, Request(source="files", read=lambda _since: incremental(path)))
    assert counts(report, "products") == (2, 2, 0, 0)
    assert firm.stored("products", "product_id") == ["P1", "P2", "P3"]
    assert aside(firm) == []


def test_a_reference_that_was_mistyped_leads_to_the_right_order(firm: Firm) -> None:
    line = "L9,S9,P1,2,pcs,5.00"
    send(
        firm,
        {
            "products": products("P1"),
            "customers": customers("C1"),
            "sales_orders": orders("S1,C1"),
            "sales_order_lines": lines("L1,S1,P1,1,1.00", "L9,S9,P1,2,5.00"),
        },
    )
    assert aside(firm) == [("sales_order_lines", "missing_reference", "sales_order_id", "S9")]
    correct("sales_order_lines", line, "line_id,order_id,product_id,qty,unit,unit_price", order_id="S1")
    report = send(firm, {"sales_order_lines": lines("L1,S1,P1,1,1.00", "L9,S9,P1,2,5.00")})
    assert counts(report, "sales_order_lines") == (2, 2, 0, 0)
    assert firm.stored("sales_order_lines", "sales_order_id", "amount_untaxed") == [("S1", 1), ("S1", 10)]


def test_of_a_row_the_latest_correction_holds_and_what_corrects_a_corrected_row_counts_for_the_first() -> None:
    def entry(record: dict[str, str], values: dict[str, str]) -> dict[str, Any]:
        return {"source": "files", "source_table": "t", "record": record, "values": values}

    one, two, three, four = ({"a": digit} for digit in "1234")
    made = repairs([entry(one, two), entry(one, three), entry(three, four)])
    assert made == (Repair("files", "t", one, four), Repair("files", "t", three, four))
    assert len(repairs([entry(one, two), entry(two, one)])) == 2


def test_the_sources_sum_of_a_corrected_column_is_no_longer_compared(firm: Firm) -> None:
    read = files.read(firm.deliver(parts(GOOD, BROKEN)))
    control = {"rows": "2", "cost": "1", "list_price": "4"}
    told = dataclasses.replace(
        read, extracts=tuple(dataclasses.replace(extract, control=control) for extract in read.extracts)
    )
    record = dict(zip(HEADER.split(","), BROKEN.split(","), strict=True))
    made = (Repair("files", "products", record, {"unit_cost": "1"}),)
    kept = repaired(told, made, pl.DataFrame).reading.extracts[0].control
    assert kept == {"rows": "2", "list_price": "4"}


def take_back(row: str) -> None:
    """Takes back the correction of a product's row that came as this line."""
    correct("products", row)


def test_a_correction_that_is_taken_back_sets_its_row_aside_as_it_came(firm: Firm) -> None:
    correct("products", BROKEN, unit_cost="1.50")
    send(firm, parts(GOOD, BROKEN))
    assert firm.stored("products", "product_id") == ["P1", "P2"]
    take_back(BROKEN)
    for deleted in (1, 0):
        report = send(firm, parts(GOOD, BROKEN))
        assert (*counts(report, "products"), report.tables["products"]["deleted"]) == (2, 1, 1, 0, deleted)
        assert firm.count("SELECT COUNT(*) FROM products WHERE deleted_at IS NULL") == 1
        assert aside(firm) == [("products", "not_a_number", "cost", "one")]


def test_a_row_that_is_right_by_itself_stays_when_its_correction_is_taken_back(firm: Firm) -> None:
    correct("products", GOOD, unit_cost="1.50")
    send(firm, parts(GOOD))
    take_back(GOOD)
    report = send(firm, parts(GOOD))
    assert (*counts(report, "products"), report.tables["products"]["deleted"]) == (1, 1, 0, 0, 0)
    assert firm.stored("products", "cost") == [1]


def test_of_a_database_that_brings_what_changed_the_row_is_taken_from_the_journal(firm: Firm) -> None:
    correct("products", BROKEN, unit_cost="1.50")
    path = firm.deliver(parts(GOOD, BROKEN))
    send(firm, parts(GOOD, BROKEN))
    take_back(BROKEN)

    def changed(_since: str | None) -> Reading:
        read = incremental(path)
        keyed = [dataclasses.replace(each, **_keyed(each)) for each in read.extracts]
        return dataclasses.replace(read, extracts=tuple(keyed))

    report = rehearse(firm.home, Request(source="files", read=changed))
    assert (*counts(report, "products"), report.tables["products"]["deleted"]) == (1, 0, 1, 0, 1)
    assert firm.stored("quarantine", "source_id", "rule") == [("P2", "not_a_number")]


def test_what_the_source_brought_since_its_correction_was_taken_back_stays(firm: Firm) -> None:
    correct("products", BROKEN, unit_cost="1.50")
    send(firm, parts(GOOD, BROKEN))
    take_back(BROKEN)
    newer = BROKEN.replace("one", "9")
    for came, row, right in (("", BROKEN, [1]), ("P2", newer, [1, 9]), ("", newer, [1, 9])):
        read = incremental(firm.deliver(parts(GOOD, row)))
        keyed = tuple(dataclasses.replace(each, **_keyed(each, came)) for each in read.extracts)
        changed = partial(_as_it_is, dataclasses.replace(read, extracts=keyed))
        rehearse(firm.home, Request(source="files", read=changed))
        assert firm.stored("products", "cost") == right
    assert aside(firm) == []


def _as_it_is(reading: Reading, _since: str | None) -> Reading:
    return reading


def _keyed(extract: Extract, *came: str) -> dict[str, Any]:
    """What changed, if anything, under the keys of the records themselves."""
    if extract.mapping.table != "products":
        return {}
    keyed = extract.frame.with_columns(pl.col("product_id").alias(ROW))
    mapping = dataclasses.replace(extract.mapping, key="product_id")
    changed = keyed.filter(pl.col(ROW).is_in(list(came)))
    return {"mapping": mapping, "frame": changed, "keys": keyed.get_column(ROW)}


def test_a_chain_of_corrections_ends_where_one_was_taken_back() -> None:
    one, two = {"a": "1"}, {"a": "2"}
    made = repairs(
        {"source": "files", "source_table": "t", "record": record, "values": values}
        for record, values in ((one, two), (two, {"a": "3"}), (two, {}))
    )
    assert [repair.values for repair in made] == [{"a": "2"}, {}]


def test_a_row_set_aside_is_of_the_company_that_it_or_its_order_names(firm: Firm) -> None:
    two: dict[str, Content] = {"companies": table("company_id,name", "N,North", "S,South")}
    order = "sales_order_id,company_id,customer_id,ordered_at,status,currency"
    orders_of_two = table(order, "S1,N,C1,2026-01-05,confirmed,EUR", "S2,S,C1,someday,confirmed,EUR")
    sold = lines("L1,S1,P1,x,1.00", "L2,S9,P1,x,1.00")
    send(
        firm,
        two | {"customers": customers("C1"), "sales_orders": orders_of_two, "sales_order_lines": sold} | parts(GOOD),
    )
    send(firm, {"customers": table("customer_id,name,created_at", "C2,Acme,someday")}, partial=True)
    told = firm.stored("quarantine", "table_name", "line", "company_id")
    assert sorted(told) == [
        ("customers", 2, "*"),
        ("sales_order_lines", 2, "N"),
        ("sales_order_lines", 3, "*"),
        ("sales_orders", 3, "S"),
    ]
