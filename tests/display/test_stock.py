"""What a reader is told of stock: the title, the cards, the tables, and the figures read from themselves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from analytics.ageing import BUCKETS
from analytics.classes import ABC, XYZ
from analytics.excess import POSITIONS
from analytics.valuation import BASES
from display.figures import stock as figures
from display.messages import stock as messages
from display.tables import stock as tables
from display.theme import LIGHT
from display.words import known

AGES: dict[str, Any] = {"product_id": pl.String, "bucket": pl.String, "value": pl.Float64, "currency": pl.String}
DAY = date(2026, 11, 1)


def positions(*rows: Mapping[str, object]) -> pl.DataFrame:
    usual = {"product_id": "a", "sku": "A-1", "name": "Valve", "site_id": "s", "on_hand": 1.0, "currency": "EUR",
             "is_dead": False, "is_new": False, "is_unvalued": False, "abc": "A", "xyz": "X", "is_intermittent": False,
             "excess_quantity": 0.0, "excess_on_order": 0.0, "stock_value": 10.0, "dead_value": 0.0,
             "excess_value": 0.0, "excess_on_order_value": 0.0, "standard_value": 10.0,
             "average_price_value": 10.0}  # fmt: skip
    return pl.DataFrame([{**usual, **row} for row in rows], schema=POSITIONS)


def ages(**values: float | None) -> pl.DataFrame:
    rows = [
        {"product_id": "a", "bucket": bucket, "value": value, "currency": "EUR"} for bucket, value in values.items()
    ]
    return pl.DataFrame(rows, schema=AGES)


DEAD = {"product_id": "b", "is_dead": True, "dead_value": 311_000.0, "stock_value": 311_000.0}
EXCESS = {"product_id": "c", "excess_quantity": 5.0, "excess_value": 42_300.0, "stock_value": 92_300.0}
UNSEEN = dict.fromkeys(name for name in POSITIONS if name.endswith("_value"))


@pytest.mark.parametrize(
    ("rows", "english", "chinese"),
    [
        ([], "Stock value and age", "库存金额与库龄"),
        ([{}], "€10 of stock; none of it lies dead, and none is more than needed", None),
        ([DEAD], "€311K of stock; €311K of it lies dead", None),
        ([EXCESS], "€92.3K of stock; €42.3K is more than needed", None),
        (
            [DEAD, EXCESS],
            "€403K of stock; €311K lies dead and €42.3K is more than needed",
            "库存€40.3万；其中呆滞€31.1万，超出需求€4.2万",
        ),
        (
            [DEAD | UNSEEN, EXCESS | UNSEEN, UNSEEN],
            "3 items in stock: 1 dead, 1 more than needed",
            "3种物料有库存：呆滞1种，超出需求1种",
        ),
    ],
)
def test_the_title_says_the_message(rows: list[dict[str, Any]], english: str, chinese: str | None) -> None:
    assert messages.title(positions(*rows), "en") == english
    assert chinese is None or messages.title(positions(*rows), "zh") == chinese


def test_amounts_in_two_currencies_are_told_beside_each_other() -> None:
    told = messages.title(positions({}, {"currency": "CHF", "stock_value": 70.0}), "en")
    assert told.startswith("CHF70 + €10 of stock")


def test_the_caption_says_by_which_cost_and_how_many_items_have_none() -> None:
    told = messages.caption(positions({}, {"product_id": "b", "is_unvalued": True}), DAY, "last_price", "en")
    assert told == (
        "Stock on 1 Nov 2026 · valued at the last purchase price · dead after 365 days without use"
        " · 1 item has no known cost and is in no amount"
    )
    assert messages.caption(positions(UNSEEN), DAY, "standard", "en") == (
        "Stock on 1 Nov 2026 · dead after 365 days without use"
    )


def test_cards_sum_what_they_name_and_put_it_in_proportion() -> None:
    late = {"product_id": "d", "excess_on_order": 1.0, "excess_on_order_value": 7.0, "average_price_value": 12.0}
    rows = positions(DEAD | {"dead_value": 30.0, "stock_value": 30.0}, late)
    made = {card.name: (card.value, card.note) for card in messages.cards(rows, ages(to_30=20, over_365=10), "en")}
    assert made == {
        "value": ("€40", "2 items"),
        "dead": ("€30", "75.0% of stock"),
        "excess": ("–", "0.0% of stock"),
        "on_order": ("€7", "1 item to look at"),
        "old": ("€10", "25.0% of stock"),
        "basis": ("€2", "vs standard cost"),
    }


def test_who_sees_no_amount_is_told_counts_of_items() -> None:
    rows = positions(DEAD | UNSEEN, EXCESS | UNSEEN, EXCESS | UNSEEN | {"site_id": "t"})
    made = {card.name: card.value for card in messages.cards(rows, ages(over_365=None), "en")}
    assert made == {"items": "2", "dead": "1", "excess": "1", "on_order": "0", "old": "1", "important": "2"}


def test_what_the_figures_leave_out_is_said() -> None:
    assert messages.below_zero(ages(below_zero=-153.0), "en").startswith("Levels recorded below zero take €153 off")
    assert messages.below_zero(ages(to_30=5.0), "en") == ""
    unasked = {"product_id": "n", "abc": "N", "xyz": None, "is_intermittent": None}
    rows = positions({"is_intermittent": True}, unasked)
    assert messages.outside_matrix(rows, "en") == (
        "1 more item had no demand in a year (€10 in stock). 1 item is asked for only now and then."
    )
    assert messages.outside_matrix(positions({}), "en") == ""
    assert "€" not in messages.outside_matrix(rows.with_columns(stock_value=pl.lit(None, dtype=pl.Float64)), "en")


def by_age(**values: float | None) -> pl.DataFrame:
    rows = [{"bucket": bucket, "products": 2, "value": value, "currency": "EUR"} for bucket, value in values.items()]
    return pl.DataFrame(rows, schema={"bucket": pl.String, "products": pl.Int64} | {
        name: AGES[name] for name in ("value", "currency")})  # fmt: skip


def bars(figure: go.Figure | None) -> list[tuple[str, float, str, str]]:
    assert figure is not None
    bar = figure.data[0]
    names = [text.strip() for text in figure.layout.yaxis.ticktext]
    return list(zip(names, map(float, bar.x), bar.text, bar.marker.color, strict=True))[::-1]


def test_bars_stand_by_age_and_what_is_older_than_a_year_in_another_colour() -> None:
    blue, orange = LIGHT.series[:2]
    assert bars(figures.ages(by_age(over_365=7.0, to_30=5.0), "en", dark=False)) == [
        ("Up to 30 days", 5, "€5", blue),
        ("31 to 90 days", 0, "€0", blue),
        ("91 to 180 days", 0, "€0", blue),
        ("181 to 365 days", 0, "€0", blue),
        ("Over 365 days", 7, "€7", orange),
    ]
    assert bars(figures.ages(by_age(to_30=5.0, unrecorded=1.0), "en", dark=False))[-1][0] == "Older than the records"


def test_without_amounts_the_bars_count_items_and_without_stock_there_are_none() -> None:
    assert bars(figures.ages(by_age(to_30=None), "en", dark=False))[0][:3] == ("Up to 30 days", 2, "2 items")
    assert figures.ages(by_age(), "en", dark=False) is None
    assert figures.ages_in_words(by_age(to_30=5.0), "en").startswith("Stock by age: Up to 30 days €5; 31 to 90 days €0")


def matrix(*cells: tuple[str, str | None, int, float | None]) -> pl.DataFrame:
    schema = {"abc": pl.String, "xyz": pl.String, "products": pl.Int64, "stock_value": pl.Float64}
    return pl.DataFrame(cells, schema=schema, orient="row").with_columns(currency=pl.lit("EUR"))


def test_cells_hold_money_and_items_a_on_top_and_z_on_the_right() -> None:
    heat = figures.matrix(matrix(("A", "Z", 3, 9.0), ("C", "X", 1, 4.0), ("N", None, 5, 99.0)), "en", dark=False).data[
        0
    ]
    assert list(heat.text[-1]) == ["–", "–", "<b>€9</b><br>3 items"]
    assert list(heat.text[0]) == ["<b>€4</b><br>1 item", "–", "–"]
    assert [list(row) for row in heat.z] == [[2, 0, 0], [0, 0, 0], [0, 0, 3]]


def test_without_amounts_cells_hold_items() -> None:
    rows = matrix(("A", "X", 4, None))
    assert list(figures.matrix(rows, "zh", dark=True).data[0].text[-1]) == ["4种", "–", "–"]
    assert figures.matrix_in_words(rows, "en") == "Stock by class: AX 4 items"
    assert figures.matrix_in_words(matrix(("A", "X", 4, 9.0)), "en") == "Stock by class: AX €9, 4 items"


def test_every_code_has_words() -> None:
    codes = [f"stock.age.{name}" for name in BUCKETS] + [f"stock.verdict.{name}" for name in tables.VERDICTS]
    codes += [f"stock.{kind}.{basis}" for basis in BASES for kind in ("basis", "in_basis")]
    codes += [f"stock.matrix.{name}" for name in (*ABC[:3], *XYZ)]
    assert [code for code in codes if not known(code)] == []


def test_tables_have_at_most_eight_columns_and_no_money_that_nobody_may_see() -> None:
    tied = positions(DEAD).with_columns(verdict=pl.lit("dead"), tied_value=pl.lit(5.0), site=pl.lit("North"))
    seen = tables.positions(tied, "en")
    assert len(seen.columns) == 8
    assert seen.frame.row(0, named=True)["verdict"] == "Dead"
    unseen = tables.positions(tied.with_columns(tied_value=pl.lit(None, dtype=pl.Float64)), "zh")
    assert "tied_value" not in unseen.frame.columns
    assert unseen.frame["verdict"].to_list() == ["呆滞"]


def test_the_first_heading_of_groups_names_what_they_are() -> None:
    amounts = dict.fromkeys(("stock_value", "old_value", "dead_value", "excess_value", "excess_on_order_value"), 1.0)
    rows = pl.DataFrame(
        [{"group": None, "products": 1, "currency": "EUR"} | amounts], schema_overrides={"group": pl.String}
    )
    seen = tables.holdings(rows, "site", "en")
    assert seen.headings["group"] == "Site"
    assert seen.frame["group"].to_list() == ["Not given"]
    assert seen.headings["old_value"] == "Over a year old (€)"


def test_items_are_listed_with_their_classes_in_words() -> None:
    rows = positions({"is_intermittent": True, "worth": 9.0})
    assert tables.classes(rows, "en").frame.row(0)[:4] == ("A-1 · Valve", "A", "X", "Yes")
    bases = pl.DataFrame({"basis": list(BASES), "value": [1.0] * 3, "difference": [0.0] * 3, "currency": ["EUR"] * 3})
    assert tables.bases(bases, "en").frame["basis"].to_list() == [
        "Standard cost", "Last purchase price", "12-month average"]  # fmt: skip
