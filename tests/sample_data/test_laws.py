"""The laws of every sample: on one, on many of any size and seed; and that each law notices what it is for."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sample_data import company

_spec = spec_from_file_location("sample_data_laws", Path(__file__).with_name("laws.py"))
assert _spec is not None
assert _spec.loader is not None
laws = module_from_spec(_spec)
_spec.loader.exec_module(laws)
LAWS = {law.__name__: law for law in laws.LAWS}
ONE = Decimal(1)


@pytest.mark.parametrize("law", LAWS)
def test_the_law_holds(small: dict[str, pl.DataFrame], law: str) -> None:
    broken = LAWS[law](small)
    assert broken.is_empty(), broken


@settings(max_examples=4, deadline=None)
@given(
    scale=st.floats(0.01, 0.06),
    seed=st.integers(0, 10**6),
    until=st.dates(date(2021, 1, 1), date(2031, 12, 31)),
)
def test_all_laws_hold_whatever_the_size_the_seed_and_the_day(scale: float, seed: int, until: date) -> None:
    tables = company(scale=scale, seed=seed, until=until)
    assert {name: broken.height for name, law in LAWS.items() if (broken := law(tables)).height} == {}


def more(column: str, only: pl.Expr | None = None) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The first row (of those meant) has one more in the column."""

    def spoil(rows: pl.DataFrame) -> pl.DataFrame:
        meant = (only if only is not None else pl.lit(value=True)) & pl.col(column).is_not_null()
        at = rows.with_row_index().filter(meant)["index"][0]
        more_there = pl.when(pl.int_range(pl.len()) == at).then(pl.col(column) + ONE).otherwise(pl.col(column))
        return rows.with_columns(more_there.cast(rows.schema[column]))

    return spoil


def word(column: str, before: str, after: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The first row that says one thing says another."""

    def spoil(rows: pl.DataFrame) -> pl.DataFrame:
        at = rows.with_row_index().filter(pl.col(column) == before)["index"][0]
        return rows.with_columns(
            pl.when(pl.int_range(pl.len()) == at).then(pl.lit(after)).otherwise(column).alias(column)
        )

    return spoil


DONE = pl.col("status") == "done"
SPOILED: tuple[tuple[str, str, Callable[[pl.DataFrame], pl.DataFrame]], ...] = (
    ("levels_are_the_sum_of_done_moves", "inventory_levels", more("on_hand")),
    ("levels_are_the_sum_of_done_moves", "stock_moves", more("quantity", DONE)),
    ("reserved_is_on_hand", "inventory_levels", more("reserved", pl.col("on_hand") == pl.col("reserved"))),
    ("delivered_is_shipped_less_returned", "sales_order_lines", more("delivered_quantity")),
    ("delivered_is_shipped_less_returned", "returns", more("quantity")),
    ("invoiced_is_delivered", "invoice_lines", more("quantity")),
    ("order_amounts_are_the_sum_of_their_lines", "sales_orders", more("amount_untaxed")),
    ("line_amounts_are_quantity_times_price", "sales_order_lines", more("unit_price")),
    ("quantities_in_boxes_convert", "unit_conversions", more("factor")),
    ("totals_are_untaxed_and_tax", "invoices", more("amount_tax")),
    ("received_is_the_sum_of_done_receipts", "receipt_lines", more("received_quantity", DONE)),
    ("what_was_ordered_and_not_received_is_awaited", "receipt_lines", more("quantity", ~DONE)),
    ("what_was_ordered_and_not_shipped_is_awaited", "shipment_lines", more("quantity", ~DONE)),
    ("work_orders_made_and_consumed_what_moved", "work_orders", more("produced_quantity", DONE)),
    ("work_orders_made_and_consumed_what_moved", "bom_lines", more("quantity_per")),
    ("every_delivery_has_a_move", "shipment_lines", more("shipped_quantity", DONE)),
    ("kits_are_sold_and_never_stocked", "products", word("kind", "storable", "kit")),
    ("open_amounts_are_what_was_not_paid", "payments", more("amount", pl.col("direction") == "in")),
    ("bills_are_received_goods_at_their_price", "supplier_bill_lines", more("quantity")),
    ("sales_status_agrees_with_quantities", "sales_orders", word("status", "done", "confirmed")),
    ("purchase_status_agrees_with_quantities", "purchase_orders", word("status", "confirmed", "done")),
    ("work_status_agrees_with_quantities", "work_orders", word("status", "done", "confirmed")),
    ("open_work_is_still_to_come", "shipments", word("status", "planned", "done")),
    ("won_deals_are_orders", "opportunities", word("status", "lost", "won")),
    ("deals_walk_through_their_stages", "opportunity_stage_changes", word("to_stage", "Won", "Lost")),
)


@pytest.mark.parametrize(("law", "table", "spoil"), SPOILED)
def test_the_law_notices_a_single_wrong_row(
    small: dict[str, pl.DataFrame], law: str, table: str, spoil: Callable[[pl.DataFrame], pl.DataFrame]
) -> None:
    assert not LAWS[law](small | {table: spoil(small[table])}).is_empty()
