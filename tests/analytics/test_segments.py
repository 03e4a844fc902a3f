"""Segments of customers: examples that one can check in the head, laws, and a slow oracle."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import segments
from analytics.segments import GRID, LOSING, SEGMENTS, Known
from tests.analytics.firm import DAY, Row, firm, merged, noon, order
from tests.oracles import segments as oracle
from tests.oracles.segments import Customer

DAYS = {"customer_id": pl.String, "day_on": pl.Date}
LINES = {**DAYS, "amount": pl.Float64}
SALES = {**DAYS, "revenue": pl.Float64, "margin": pl.Float64}


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def known(firm: Mapping[str, Customer], *, by_margin: bool = False, as_of: date = DAY) -> Known:
    """A firm of customers; their worth is revenue, and half of it margin."""
    days = [{"customer_id": key, "day_on": day} for key, one in firm.items() for day in sorted(set(one.orders))]
    sales = [
        {"customer_id": key, "day_on": day, "revenue": value, "margin": value / 2}
        for key, one in firm.items()
        for day, value in one.worth
    ]
    people = pl.DataFrame({"customer_id": list(firm)}, schema={"customer_id": pl.String})
    frames = {"people": people, "days": pl.DataFrame(days, schema=DAYS), "sales": pl.DataFrame(sales, schema=SALES)}
    return Known(as_of=as_of, by_margin=by_margin, **frames)


def standing(firm: Mapping[str, Customer], *columns: str, on: date = DAY) -> dict[str, Any]:
    rows = segments.standing(known(firm), on).select("customer_id", *columns or ("segment",))
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in rows.iter_rows()}


def random_customers(seed: int, number: int = 30) -> dict[str, Customer]:
    """Customers of every habit: regular, silent, new, of one order, of none."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    found = {}
    for at in range(number):
        last, gap = dice.choice([0, 5, 40, 200, 800]), dice.choice([1, 7, 30])
        orders = [ago(last + gap * step) for step in range(dice.choice([0, 1, 2, 3, 12]))]
        found[f"k{at:02}"] = Customer(orders, [(day, dice.choice([0, 10, 500, -20])) for day in orders])
    return found


def test_who_never_ordered_is_a_prospect_and_who_stopped_two_years_ago_is_lost() -> None:
    two_years = date(2024, 3, 31)
    people = {"never": Customer(), "stopped": Customer([two_years]), "just": Customer([two_years + timedelta(days=1)])}
    found = standing(people, "segment", "r")
    assert found["never"] == ("prospect", None)
    assert found["stopped"] == ("lost", None)
    assert found["just"] == ("needs_attention", 3)


def test_a_single_customer_is_in_the_middle() -> None:
    assert standing({"k": Customer([ago(200)])}, "r", "f", "m") == {"k": (3, 3, 3)}


def test_five_customers_have_five_scores_and_recency_counts_the_other_way() -> None:
    people = {f"k{at}": Customer([ago(100 + 10 * at)], [(ago(100), 10.0 * at)]) for at in range(5)}
    scores = standing(people, "r", "m")
    assert [scores[f"k{at}"] for at in range(5)] == [(5, 1), (4, 2), (3, 3), (2, 4), (1, 5)]


def test_among_equals_the_other_measures_decide_and_then_the_key() -> None:
    people = {
        "b": Customer([ago(100)], [(ago(100), 1)]),
        "a": Customer([ago(100)], [(ago(100), 1)]),
        "rich": Customer([ago(100)], [(ago(100), 9)]),
        "fresh": Customer([ago(99)]),
        "often": Customer([ago(100), ago(101)]),
    }
    ranked = sorted(people, key=standing(people, "f").__getitem__)
    assert ranked == ["a", "b", "rich", "fresh", "often"]


def test_a_first_order_within_ninety_days_is_new_whatever_its_scores() -> None:
    people = {"young": Customer([ago(89)], [(ago(89), 1e6)]), "old": Customer([ago(90)])}
    assert standing(people) == {"young": "new", "old": "hibernating"}


def test_who_is_silent_for_no_longer_than_twice_the_usual_interval_is_not_leaving() -> None:
    others = {f"o{at}": Customer([ago(at), ago(300), ago(400)]) for at in range(8)}
    regular = [ago(200 + 100 * step) for step in range(4)]
    quiet = [ago(201 + 100 * step) for step in range(4)]
    found = standing({**others, "regular": Customer(regular), "quiet": Customer(quiet)}, "segment", "r", "is_quiet")
    assert found["regular"][1:] == (1, False)
    assert found["regular"][0] not in LOSING
    assert found["quiet"][2]
    assert found["quiet"][0] in LOSING


def test_two_order_days_make_no_rhythm() -> None:
    assert standing({"k": Customer([ago(100), ago(200)])}, "gap_days", "is_quiet") == {"k": (None, False)}
    assert standing({"k": Customer([ago(100), ago(200), ago(320)])}, "gap_days", "is_quiet") == {"k": (110.0, False)}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("on", [DAY, date(2024, 2, 29), date(2026, 2, 28)], ids=str)
def test_segments_are_those_of_the_oracle(seed: int, on: date) -> None:
    people = random_customers(seed)
    assert standing(people, on=on) == oracle.segments(people, on)


@pytest.mark.parametrize("seed", range(4))
def test_an_order_book_in_one_pass_says_the_same_as_its_days_and_sums(seed: int) -> None:
    """Several lines a day, returns, lines after the day and lines of nobody among them."""
    dice = random.Random(seed)  # noqa: S311 - firms for tests, no secrets
    keys = [f"k{at:02}" for at in range(25)]
    rows = [(dice.choice(keys), ago(dice.randrange(-9, 900)), dice.choice([-3.0, 0.0, 5.0, 70.0])) for _ in range(400)]
    book = pl.DataFrame([*rows, (None, DAY, 5.0), ("later", ago(-1), 5.0)], schema=LINES, orient="row")
    named = book.drop_nulls("customer_id")
    days = named.filter(pl.col("amount") > 0).select("customer_id", "day_on").unique()
    sales = named.select("customer_id", "day_on", revenue="amount", margin=pl.lit(None, pl.Float64))
    people = named.select("customer_id").unique()
    slow = segments.standing(Known(as_of=DAY, people=people, days=days, sales=sales, by_margin=False), DAY)
    assert_frame_equal(segments.standing_of_orders(book, DAY).sort("customer_id"), slow.sort("customer_id"))


def test_why_a_customer_moved_is_told() -> None:
    """Movements are counted from the first of March; the day is the last."""
    often = {f"o{at}": Customer([ago(at + 40 * step) for step in range(6)]) for at in range(8)}
    people = {
        "first": Customer([ago(3)]),
        "not_new": Customer([ago(100)]),
        "back": Customer([ago(3), ago(500), ago(600), ago(700)]),
        "silent": Customer([ago(62), ago(92), ago(122), ago(152)]),
        **often,
    }
    rows = segments.segmented(known(people)).filter(pl.col("segment") != pl.col("segment_before"))
    told = {key: reasons[0] for key, reasons in rows.select("customer_id", "moved_by").iter_rows()}
    assert {key: told.get(key) for key in ("first", "not_new", "back", "silent")} == {
        "first": "first", "not_new": "not_new", "back": "ordered", "silent": "silent",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_who_moved_has_a_reason_and_who_stayed_none(seed: int) -> None:
    rows = segments.segmented(known(random_customers(seed, 60)))
    has_moved = pl.col("segment") != pl.col("segment_before")
    assert rows.filter(has_moved != (pl.col("moved_by").list.len() > 0)).is_empty()
    assert set(rows["moved_by"].explode().drop_nulls()) <= set(segments.MOVED_BY)


def test_the_grid_has_every_cell_and_only_segments() -> None:
    assert sorted(GRID) == [1, 2, 3, 4, 5]
    assert {len(cells) for cells in GRID.values()} == {5}
    assert {name for cells in GRID.values() for name in cells} == set(SEGMENTS) - {"new", "prospect"}


@given(st.integers(0, 40), st.integers(0, 100_000))
def test_every_customer_has_one_segment_and_scores_fill_the_fifths(number: int, seed: int) -> None:
    people = random_customers(seed, number)
    rows = segments.standing(known(people), DAY)
    assert sorted(rows["customer_id"]) == sorted(people)
    assert set(rows["segment"]) <= set(SEGMENTS)
    for score in ("r", "f", "m"):
        sizes = rows[score].drop_nulls().value_counts()["count"].to_list()
        assert len(sizes) == 5 or sum(sizes) < 5
        assert max(sizes, default=0) - min(sizes, default=0) <= 1


@pytest.mark.parametrize(
    ("score", "measure", "sign"), [("r", "recency_days", -1), ("f", "order_days", 1), ("m", "monetary", 1)]
)
@given(seed=st.integers(0, 100_000))
def test_who_has_more_of_a_measure_never_scores_less(score: str, measure: str, sign: int, seed: int) -> None:
    rows = segments.standing(known(random_customers(seed, 12)), DAY).drop_nulls("r")
    measured = [(sign * (value or 0.0), fifth) for value, fifth in rows.select(measure, score).iter_rows()]
    assert not [1 for value, fifth in measured for more, other in measured if more > value and other < fifth]


@given(st.integers(0, 100_000))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    people = random_customers(seed, 15)
    keys = list(people)
    random.Random(seed).shuffle(keys)  # noqa: S311
    assert standing({key: people[key] for key in keys}) == standing(people)


# Movement


@pytest.mark.parametrize(
    ("as_of", "since"),
    [
        (date(2026, 3, 31), date(2026, 3, 1)),
        (date(2026, 3, 8), date(2026, 3, 1)),
        (date(2026, 3, 7), date(2026, 2, 1)),
        (date(2026, 1, 1), date(2025, 12, 1)),
    ],
)
def test_movements_count_from_the_first_of_the_month_and_in_its_first_week_from_the_month_before(
    as_of: date, since: date
) -> None:
    assert segments.moved_since(as_of) == since


def test_what_is_ordered_on_the_cut_day_is_a_movement_and_the_evening_before_is_not() -> None:
    cut = segments.moved_since(DAY)
    people = {"then": Customer([cut - timedelta(days=1)]), "since": Customer([cut])}
    rows = segments.segmented(known(people))
    found = {row[0]: row[1:] for row in rows.select("customer_id", "segment_before", "segment").iter_rows()}
    assert found == {"then": ("new", "new"), "since": ("prospect", "new")}


def whole(seed: int, **more: Any) -> pl.DataFrame:
    return segments.segmented(known(random_customers(seed), **more)).with_columns(currency=pl.lit("EUR"))


@pytest.mark.parametrize("seed", range(5))
def test_movements_hold_every_customer_once_and_balance_with_the_segments(seed: int) -> None:
    rows = whole(seed)
    moves, summary = segments.movements(rows), segments.summary(rows)
    assert moves["customers"].sum() == rows.height == summary["customers"].sum()
    for name, now, came, left in summary.select("segment", "customers", "moved_in", "moved_out").iter_rows():
        before = rows.filter(pl.col("segment_before") == name).height
        assert before + came - left == now


@pytest.mark.parametrize("seed", range(5))
def test_who_moved_is_who_is_elsewhere_now_and_the_slipping_come_first(seed: int) -> None:
    rows = whole(seed)
    moved = segments.moved(rows)
    assert set(moved["customer_id"]) == set(rows.filter(pl.col("segment") != pl.col("segment_before"))["customer_id"])
    assert moved["is_slipping"].to_list() == sorted(moved["is_slipping"], reverse=True)
    slips = moved.filter("is_slipping")
    assert set(slips["segment"]) <= set(LOSING)
    assert set(slips["segment_before"]).isdisjoint(LOSING)


# Worth


def test_a_year_is_365_days_and_the_months_are_those_of_the_calendar() -> None:
    worth = [(ago(365), 1.0), (ago(364), 10.0), (date(2026, 3, 1), 100.0), (DAY + timedelta(days=1), 1_000.0)]
    (row,) = segments.worth(known({"k": Customer([], worth)})).to_dicts()
    assert (row["revenue"], row["margin"]) == (110.0, 55.0)
    assert row["trend"] == [10.0] + [0.0] * 10 + [100.0]


def test_what_nobody_knows_is_not_nothing() -> None:
    people = known({"k": Customer([DAY], [(DAY, 5.0)]), "none": Customer([DAY])})
    unknown = people.sales.with_columns(margin=pl.lit(None, dtype=pl.Float64))
    rows = segments.segmented(Known(**{**vars(people), "sales": unknown})).select("customer_id", "revenue", "margin")
    assert rows.rows() == [("k", 5.0, None), ("none", None, None)]


@pytest.mark.parametrize("seed", range(5))
def test_shares_of_segments_add_up_to_one(seed: int) -> None:
    summary = segments.summary(whole(seed))
    assert summary["share"].sum() == pytest.approx(1)
    assert summary["segment"].to_list() == [name for name in SEGMENTS if name in set(summary["segment"])]
    assert summary["revenue"].sum() == pytest.approx(whole(seed)["revenue"].sum())


def test_money_is_margin_for_who_may_see_it_and_revenue_for_others() -> None:
    people = {"k": Customer([DAY], [(DAY, 8.0)])}
    found = [segments.standing(known(people, by_margin=by), DAY)["monetary"].item() for by in (False, True)]
    assert found == [8.0, 4.0]


def test_the_top_fifth_is_rounded_up() -> None:
    rows = pl.DataFrame({"revenue": [50.0, 20.0, 10.0, 10.0, 5.0, 5.0, None, 0.0]})
    assert segments.top_share(rows) == pytest.approx(0.7)
    assert segments.top_share(rows.head(1)) == 1.0
    assert segments.top_share(rows.clear()) is None


# What is made at refresh


def test_an_order_day_is_a_day_with_an_order_however_many_there_are() -> None:
    ordered = [
        order("S1", "bolt", 1),
        order("S2", "nut", 1),
        order("S3", "nut", 1, ordered_at=noon(ago(3))),
        order("S4", "nut", 1, ordered_at=noon(ago(9)), status="cancelled"),
        order("S5", "nut", -1, ordered_at=noon(ago(8))),
    ]
    days = segments.order_days(firm(**merged(*ordered)))
    assert days.select("customer_id", "day_on").rows() == [("k1", ago(3)), ("k1", DAY)]


def test_sales_of_a_day_are_the_lines_of_its_invoices_and_their_known_margin() -> None:
    heads: list[Row] = [{"invoice_id": "i", "customer_id": "k1", "status": "posted", "kind": "invoice",
                         "invoiced_on": DAY, "amount_untaxed": 9, "amount_total": 9}]  # fmt: skip
    lines: list[Row] = [
        {"invoice_line_id": f"l{at}", "invoice_id": "i", "amount_untaxed": amount, "cost_amount": cost, "quantity": 1}
        for at, (amount, cost) in enumerate([(5, 3), (4, None)])
    ]
    days = segments.sales_days(firm(invoices=heads, invoice_lines=lines))
    assert days.select("customer_id", "day_on", "amount", "margin").rows() == [("k1", DAY, 9, 2)]


def test_the_value_class_is_a_for_what_makes_up_80_percent_and_none_for_who_was_not_invoiced() -> None:
    brought = {"first": 70.0, "second": 20.0, "third": 7.0, "fourth": 3.0, "loss": -1.0, "none": None}
    rows = pl.DataFrame(
        [(key, value, None, "EUR") for key, value in brought.items()],
        schema={"customer_id": pl.String, "revenue": pl.Float64, "margin": pl.Float64, "currency": pl.String},
        orient="row",
    )
    assert rows.select(told=segments.value_class())["told"].to_list() == ["A", "A", "B", "C", "C", None]
    by_margin = rows.with_columns(margin=pl.when(pl.col("customer_id") == "fourth").then(100.0).otherwise(0.0))
    assert by_margin.filter(pl.col("customer_id") != "none").select(told=segments.value_class())["told"].to_list() == [
        *"CCC",
        "A",
        "C",
    ]
