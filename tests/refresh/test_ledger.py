"""The books: every row that was read is loaded, set aside or a duplicate, and every cent is there, in every run."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.home import attempts
from data_access.store import Load
from refresh.run import Report
from tests.refresh.deliveries import Firm, counts, customers, lines, orders, products, small_firm, table

KEYS = ("L1", "L2", "L3", "L4", "L5", "", "N/A")
QUANTITIES = ("1", "2.5", "-3", "0.333333", "oops", "NaN")
PRICES = ("0.10", "1.15", "999.99", "0.005", "", "-1", "5e15")
ROW = st.tuples(
    st.sampled_from(KEYS),
    st.sampled_from(("S1", "S2", "S9")),
    st.just("P1"),
    st.sampled_from(QUANTITIES),
    st.sampled_from(PRICES),
)
Row = tuple[str, str, str, str, str]


class Books:
    """The slow way: what the tables hold after each delivery of order lines, row by row."""

    def __init__(self) -> None:
        self.amounts: dict[str, tuple[str, Decimal | None]] = {}

    def take(self, rows: list[Row]) -> tuple[int, int, int]:
        """Takes one full delivery in; gives how many rows are loaded, set aside and duplicates."""
        held = {key for key, *_ in rows if key.startswith("L")}
        readable = [row for row in rows if row[0].startswith("L") and _is_readable(row)]
        distinct = list(dict.fromkeys(readable))
        times = Counter(key for key, *_ in distinct)
        good = [row for row in distinct if times[row[0]] == 1 and _is_right(row)]
        every_key_is_known = all(key.startswith("L") for key, *_ in rows)
        if held and every_key_is_known:
            self.amounts = {key: value for key, value in self.amounts.items() if key in held}
        self.amounts |= {key: (order, _amount(quantity, price)) for key, order, _, quantity, price in good}
        duplicates = len(readable) - len(distinct)
        return len(good), len(rows) - len(good) - duplicates, duplicates

    def total(self, order: str) -> Decimal | None:
        """The sum of an order's lines; null without any, or where one has no amount."""
        amounts = [amount for of, amount in self.amounts.values() if of == order]
        return None if not amounts or None in amounts else sum((a for a in amounts if a is not None), Decimal(0))


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_readable(row: Row) -> bool:
    return _number(row[3]) is not None and (row[4] == "" or _number(row[4]) is not None)


def _is_right(row: Row) -> bool:
    price = _number(row[4]) or Decimal(0)
    return row[1] != "S9" and 0 <= price <= 10**12


def _amount(quantity: str, price: str) -> Decimal | None:
    return None if price == "" else (Decimal(quantity) * Decimal(price)).quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.lists(st.lists(ROW, max_size=9), min_size=1, max_size=3))
def test_every_row_is_accounted_for_and_every_cent_is_there(firm: Firm, deliveries: list[list[Row]]) -> None:
    clean = small_firm() | {"sales_order_lines": lines()}
    firm.send(clean, confirmed=("sales_order_lines",))
    books = Books()
    for rows in deliveries:
        expected = books.take(rows)
        report = firm.send(clean | {"sales_order_lines": lines(*(",".join(row) for row in rows))})
        assert counts(report, "sales_order_lines") == (len(rows), *expected)
        held = {key: (order, amount) for key, (order, amount) in books.amounts.items()}
        columns = ("sales_order_line_id", "sales_order_id", "amount_untaxed")
        assert {key: (order, amount) for key, order, amount in firm.stored("sales_order_lines", *columns)} == held
        assert firm.stored("sales_orders", "amount_untaxed") == [books.total("S1"), books.total("S2")]
        assert firm.shown("sales_order_lines", *columns) == firm.stored("sales_order_lines", *columns)
        assert len(firm.stored("quarantine", "rule")) == expected[1]


def everything(firm: Firm) -> dict[str, list[Any]]:
    """What a replay must not change: rows with the run that brought them, and earlier states."""
    names = ("products", "customers", "sales_orders", "sales_order_lines", "companies", "units")
    current = {name: firm.stored(name, *_columns(name)) for name in names}
    return current | {f"{name}_history": [firm.count(f"SELECT COUNT(*) FROM {name}_history")] for name in names}


def _columns(name: str) -> tuple[str, ...]:
    return {"products": ("product_id", "cost", "load_id"), "units": ("unit_id", "load_id")}.get(name, ("load_id",))


def test_a_replay_changes_nothing(either_firm: Firm) -> None:
    either_firm.send(small_firm())
    before = everything(either_firm)
    report = either_firm.send(small_firm())
    assert everything(either_firm) == before
    assert counts(report, "sales_order_lines") == (3, 3, 0, 0)


def test_a_delivery_in_other_order_and_other_form_is_a_replay(firm: Firm) -> None:
    firm.send(small_firm())
    before = everything(firm)
    reversed_rows = {name: _reversed(str(content)) for name, content in small_firm().items()}
    firm.send(reversed_rows)
    assert everything(firm) == before


def _reversed(content: str) -> str:
    header, *rows = content.splitlines()
    return table(header, *reversed(rows))


def test_every_run_keeps_its_counts_by_table(firm: Firm) -> None:
    firm.send(small_firm() | {"customers": customers("C1", "C1", "C2")})
    firm.send(customers=customers("C1"))
    columns = ("sync_run_id", "source_table", "outcome", "rows_read", "rows_loaded", "rows_duplicate", "rows_deleted")
    runs = [row for row in firm.stored("sync_runs", *columns) if row[1] == "customers"]
    assert runs == [(1, "customers", "accept_warn", 3, 2, 1, 0), (2, "customers", "accept", 1, 1, 0, 1)]


def test_what_is_set_aside_is_kept_with_line_rule_value_and_row(firm: Firm) -> None:
    firm.send(small_firm() | {"products": products("P1") + "P2,Two,pcs,oops,2.00,EUR\n"})
    columns = ("source_table", "table_name", "line", "rule", "column_name", "value", "record")
    row = next(row for row in firm.stored("quarantine", *columns) if row[0] == "products")
    assert row[:6] == ("products", "products", 3, "not_a_number", "cost", "oops")
    assert '"name":"Two"' in row[6]


def test_what_came_right_leaves_the_quarantine(firm: Firm) -> None:
    firm.send(products=products("P1") + "P2,Two,pcs,oops,2.00,EUR\n")
    assert len(firm.stored("quarantine", "rule")) == 1
    firm.send(products=products("P1", "P2"))
    assert firm.stored("quarantine", "rule") == []


def test_a_refused_table_leaves_its_quarantine_as_it_is(firm: Firm) -> None:
    firm.send(products=products("P1") + "P2,Two,pcs,oops,2.00,EUR\n")
    firm.send(products="no,header,that,we,know\n1,2,3,4,5\n")
    assert firm.stored("quarantine", "value") == ["oops"]


def test_a_nul_character_is_kept_where_a_database_can_hold_it(either_firm: Firm) -> None:
    report = either_firm.send({"customers.json": '[{"customer_id": "C1", "name": "A\\u0000B"}]'})
    assert counts(report, "customers") == (1, 0, 1, 0)
    assert either_firm.stored("quarantine", "value") == ["A\\0B"]


def losing_a_row(load: Load, name: str, frame: pl.DataFrame, **run: Any) -> Any:
    """A database that forgets one row of the lines that it is given."""
    return KEEP(load, name, frame.head(frame.height - 1) if name == "sales_order_lines" else frame, **run)


def losing_a_cent(load: Load, name: str, frame: pl.DataFrame, **run: Any) -> Any:
    """A database that cuts off the last digits of an amount."""
    cut = pl.col("amount_untaxed") - pl.lit("0.01").cast(pl.Decimal(24, 6))
    return KEEP(load, name, frame.with_columns(cut) if name == "sales_order_lines" else frame, **run)


KEEP = Load.upsert


@pytest.mark.parametrize("fault", [losing_a_row, losing_a_cent])
def test_books_that_do_not_balance_change_nothing(
    either_firm: Firm, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    either_firm.send(small_firm())
    before, served = everything(either_firm), either_firm.snapshot().id
    changed = small_firm() | {"sales_order_lines": lines("L1,S1,P1,2,9.99", "L7,S2,P1,1,4.00")}
    delivery = either_firm.deliver(changed | {"customers": customers("C1", "C2", "C3")})
    with monkeypatch.context() as broken:
        broken.setattr(Load, "upsert", fault)
        report: Report = either_firm.load(delivery)
    assert (report.outcome, report.exit_code) == ("failed", 1)
    assert "do not balance" in str(report.message)
    assert "sales_order_lines" in str(report.message)
    assert everything(either_firm) == before
    assert either_firm.snapshot().id == served
    assert attempts(either_firm.home)["files"]["outcome"] == "failed"


def test_lines_by_an_order_that_waits_are_in_the_books_of_both(firm: Firm) -> None:
    sold = {"sales_orders": orders("S1,C1", "S9,C9"), "sales_order_lines": lines("L1,S1,P1,1,2", "L9,S9,P1,3,2")}
    report = firm.send(small_firm() | sold)
    assert [counts(report, name) for name in sold] == [(2, 1, 1, 0), (2, 1, 1, 0)]
    assert firm.stored("quarantine", "table_name", "column_name") == [
        ("sales_order_lines", "sales_order_id"),
        ("sales_orders", "customer_id"),
    ]
