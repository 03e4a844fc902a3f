"""Price, volume, mix, currency, cost and the rest: examples that fit in the head, and laws over any lines."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.effects import (
    BOTH_PERIODS,
    EFFECTS,
    LINE,
    STEPS,
    effects,
    effects_by_product,
    rate_effects,
    rate_effects_by_product,
)

SCHEMA = dict.fromkeys(LINE, pl.String) | dict.fromkeys(BOTH_PERIODS, pl.Float64)


def line(product: str | None, **values: Any) -> dict[str, Any]:
    """A line in euros and pieces; converted is the amount, where nothing else is said."""
    usual = {"product_id": product, "company_id": "us", "currency": "EUR", "unit": "piece"}
    converted = {f"converted_{period}": values.get(f"amount_{period}") for period in ("before", "after")}
    return usual | converted | values


def sold(
    product: str | None, quantity: tuple[float, float], price: tuple[float, float], **values: Any
) -> dict[str, Any]:
    """A line that sold so many pieces at such prices, before and after."""
    amounts = {f"quantity_{p}": q for p, q in zip(("before", "after"), quantity, strict=True)}
    amounts |= {f"amount_{p}": q * x for p, q, x in zip(("before", "after"), quantity, price, strict=True)}
    return line(product, **amounts | values)


def lines(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def told(answer: pl.DataFrame) -> dict[str, Any]:
    return dict(answer.select("effect", "amount").iter_rows())


def test_a_higher_price_counts_at_the_quantity_of_now() -> None:
    assert told(effects(lines(sold("A", (10, 10), (5, 6))))) == {"price": 10}


def test_more_pieces_of_the_only_product_are_volume() -> None:
    assert told(effects(lines(sold("A", (10, 12), (5, 5))))) == {"volume": 10}


def test_a_turn_to_the_dearer_product_is_mix() -> None:
    """Five pieces turn from 2 euros to 4: as many pieces as before, each of the five worth 2 more."""
    assert told(effects(lines(sold("Cheap", (10, 5), (2, 2)), sold("Dear", (10, 15), (4, 4))))) == {"mix": 10}


def test_pieces_and_litres_are_not_added() -> None:
    """Each has a mean of its own: nothing of it is mix."""
    answer = effects(lines(sold("Valve", (10, 20), (100, 100)), sold("Oil", (10, 5), (2, 2), unit="litre")))
    assert told(answer) == {"volume": 10 * 100 - 5 * 2}


def test_volume_can_be_counted_within_narrower_groups() -> None:
    rows = lines(sold("Cheap", (10, 5), (2, 2)), sold("Dear", (10, 15), (4, 4)))
    grouped = rows.with_columns(category=pl.col("product_id"))
    assert told(effects(grouped, within=("unit", "category"))) == {"volume": 10}


def test_a_stronger_currency_counts_at_the_amount_of_now() -> None:
    dollars = sold("A", (10, 10), (10, 10), currency="USD", converted_before=90, converted_after=80)
    assert told(effects(lines(dollars))) == {"currency": -10}


def test_price_and_currency_are_told_apart() -> None:
    """From 10 to 12 dollars, at 0.9 and then at 0.8: 20 dollars more at the old rate, and 120 dollars at 0.1 less."""
    dollars = sold("A", (10, 10), (10, 12), currency="USD", converted_before=90, converted_after=96)
    assert told(effects(lines(dollars))) == {"price": pytest.approx(18), "currency": pytest.approx(-12)}


def test_a_higher_unit_cost_counts_against_the_margin() -> None:
    assert told(effects(lines(sold("A", (10, 10), (5, 5), cost_before=30, cost_after=35)))) == {"cost": -5}


def test_volume_is_worth_its_margin_where_cost_counts() -> None:
    assert told(effects(lines(sold("A", (10, 20), (5, 5), cost_before=30, cost_after=60)))) == {"volume": 20}


def test_a_product_that_nobody_bought_before_is_new_and_one_that_nobody_buys_is_lost() -> None:
    answer = effects(lines(sold("New", (0, 3), (0, 10)), sold("Gone", (2, 0), (10, 0))))
    assert told(answer) == {"new_products": 30, "lost_products": -20}


def test_a_product_in_another_currency_is_not_new() -> None:
    euros, dollars = sold("A", (10, 0), (5, 0)), sold("A", (0, 10), (0, 5), currency="USD")
    assert told(effects(lines(euros, dollars))) == {}


@pytest.mark.parametrize(
    "odd",
    [
        line(None, quantity_before=1, quantity_after=2, amount_before=5, amount_after=10),
        line("A", amount_before=5, amount_after=10),
        line("A", quantity_before=1, quantity_after=-2, amount_before=5, amount_after=10),
        sold("A", (1, 2), (10, 5), converted_before=-5, converted_after=0),
    ],
    ids=["without a product", "without a quantity", "at a negative price", "at a rate below zero"],
)
def test_what_has_no_price_is_other(odd: dict[str, Any]) -> None:
    assert told(effects(lines(odd))) == {"other": 5}


def test_what_was_given_away_and_is_sold_now_is_price() -> None:
    assert told(effects(lines(sold("A", (10, 10), (0, 3))))) == {"price": 30}


def test_more_working_days_alone_would_have_brought_more() -> None:
    days = pl.DataFrame({"company_id": ["us"], "ratio": [1.1]})
    answer = effects(lines(sold("A", (10, 12), (5, 5))), working_days=days)
    assert told(answer) == {"working_days": pytest.approx(5), "volume": pytest.approx(5)}


def test_a_company_without_working_days_before_counts_as_if_it_had_as_many() -> None:
    days = pl.DataFrame({"company_id": ["us"], "ratio": [None]}, schema={"company_id": pl.String, "ratio": pl.Float64})
    assert told(effects(lines(sold("A", (10, 12), (5, 5))), working_days=days)) == {"volume": 10}


def test_effects_are_told_by_product() -> None:
    rows = lines(sold("A", (10, 10), (5, 6)), sold("B", (2, 0), (10, 0)))
    assert effects_by_product(rows).rows() == [("A", "price", 10), ("B", "lost_products", -20)]


def test_a_dearer_purchase_lowers_the_margin_rate() -> None:
    """20 of 50 were earned, now 15 of 50: ten points less."""
    rows = lines(sold("A", (10, 10), (5, 5), cost_before=30, cost_after=35))
    assert told(rate_effects(rows)) == {"cost": pytest.approx(-0.1)}


def test_a_margin_rate_does_not_move_with_volume() -> None:
    assert told(rate_effects(lines(sold("A", (10, 30), (5, 5), cost_before=30, cost_after=90)))) == {}


def test_a_margin_rate_moves_with_a_turn_to_what_earns_more() -> None:
    """A keeps nothing of 10, B all of 10. From one piece of each to two of B: the rate doubles."""
    rows = lines(sold("A", (1, 0), (10, 0), cost_before=10), sold("B", (1, 2), (10, 10)))
    assert told(rate_effects(rows)) == {"lost_products": 0.5}
    kept = lines(sold("A", (2, 1), (10, 10), cost_before=20, cost_after=10), sold("B", (2, 3), (10, 10)))
    assert told(rate_effects(kept)) == {"mix": 0.25}


def test_a_step_that_leaves_nothing_to_divide_by_is_taken_together_with_the_next_that_does() -> None:
    rows = lines(sold("Gone", (1, 0), (10, 0), cost_before=5), sold("New", (0, 1), (0, 10), cost_after=2))
    assert told(rate_effects(rows)) == {"new_products": pytest.approx(0.3)}


@pytest.mark.parametrize("rows", [lines(), lines(sold("A", (0, 1), (0, 5))), lines(sold("A", (1, 0), (5, 0)))])
def test_without_a_rate_in_both_periods_no_effect_moves_it(rows: pl.DataFrame) -> None:
    assert rate_effects(rows).is_empty()


# Laws

keys = st.tuples(
    st.one_of(st.none(), st.sampled_from(["A", "B", "C"])),
    st.sampled_from(["us", "them"]),
    st.sampled_from(["EUR", "USD"]),
    st.one_of(st.none(), st.sampled_from(["piece", "litre"])),
)
counts = st.one_of(st.just(0.0), st.integers(-20, 50).map(float))
amounts = st.one_of(st.none(), st.just(0.0), st.integers(-500, 2000).map(float))
rows_of_lines = st.tuples(keys, *[counts] * 2, *[amounts] * 6).map(lambda row: (*row[0], *row[1:]))
firms = st.lists(rows_of_lines, max_size=10).map(lambda rows: pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def sums(rows: pl.DataFrame) -> dict[str, float]:
    return rows.select(pl.col(BOTH_PERIODS).sum()).row(0, named=True)


def scale(*amounts: pl.DataFrame) -> float:
    largest = pl.concat([frame.select(pl.col("amount").abs()) for frame in amounts])["amount"]
    return max([1.0, *largest])


def same(one: pl.DataFrame, other: pl.DataFrame) -> None:
    """The same amounts, but for rounding: what is next to nothing may be left out."""
    size = scale(one, other)
    for effect in {*one["effect"], *other["effect"]}:
        assert told(other).get(effect, 0) == pytest.approx(told(one).get(effect, 0), rel=1e-9, abs=1e-9 * size), effect


days_of_us = st.floats(0.5, 2).map(lambda ratio: pl.DataFrame({"company_id": ["us"], "ratio": [ratio]}))


@settings(max_examples=40)
@given(rows=firms, days=st.one_of(st.none(), days_of_us))
def test_effects_add_up_to_the_change(rows: pl.DataFrame, days: pl.DataFrame | None) -> None:
    answer, total = effects(rows, working_days=days), sums(rows)
    change = total["converted_after"] - total["converted_before"] - total["cost_after"] + total["cost_before"]
    assert answer["amount"].sum() == pytest.approx(change, rel=1e-9, abs=1e-9 * scale(answer))
    assert set(answer["effect"]) <= set(EFFECTS)


@settings(max_examples=40)
@given(rows=firms)
def test_effects_on_a_margin_rate_add_up_to_its_change(rows: pl.DataFrame) -> None:
    answer, total = rate_effects(rows), sums(rows)
    if not total["converted_before"] or not total["converted_after"]:
        assert answer.is_empty()
        return
    change = total["cost_before"] / total["converted_before"] - total["cost_after"] / total["converted_after"]
    assert answer["amount"].sum() == pytest.approx(change, rel=1e-9, abs=1e-9 * scale(answer))
    assert set(answer["effect"]) <= set(STEPS)


@pytest.mark.parametrize(
    ("whole", "by_product"), [(effects, effects_by_product), (rate_effects, rate_effects_by_product)]
)
@settings(max_examples=40)
@given(rows=firms)
def test_effects_of_products_add_up_to_the_effect(whole: Any, by_product: Any, rows: pl.DataFrame) -> None:
    summed = by_product(rows).group_by("effect").agg(pl.col("amount").sum())
    same(whole(rows), summed)


asked = pytest.mark.parametrize("question", [effects, rate_effects])


@asked
@settings(max_examples=40)
@given(rows=firms, seed=st.integers(0, 99))
def test_the_order_of_lines_does_not_matter(question: Any, rows: pl.DataFrame, seed: int) -> None:
    same(question(rows), question(rows.sample(fraction=1, shuffle=True, seed=seed)))


@asked
@settings(max_examples=40)
@given(rows=firms)
def test_a_line_that_is_split_in_two_moves_the_same(question: Any, rows: pl.DataFrame) -> None:
    quarters = [rows.with_columns(pl.col(BOTH_PERIODS) * share) for share in (0.25, 0.75)]
    same(question(rows), question(pl.concat(quarters)))


@settings(max_examples=40)
@given(rows=firms)
def test_ten_times_the_money_is_ten_times_the_effect(rows: pl.DataFrame) -> None:
    money = [name for name in BOTH_PERIODS if not name.startswith("quantity")]
    tenfold = effects(rows.with_columns(pl.col(money) * 10))
    same(effects(rows).with_columns(pl.col("amount") * 10), tenfold)


@settings(max_examples=40)
@given(rows=firms)
def test_ten_times_the_money_leaves_a_rate_where_it_is(rows: pl.DataFrame) -> None:
    money = [name for name in BOTH_PERIODS if not name.startswith("quantity")]
    same(rate_effects(rows), rate_effects(rows.with_columns(pl.col(money) * 10)))


positive = st.integers(1, 50).map(float)
compared = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(["EUR", "USD"]), *[positive] * len(BOTH_PERIODS)),
    unique_by=lambda row: row[:2],
).map(lambda rows: pl.DataFrame([(row[0], "us", row[1], "piece", *row[2:]) for row in rows], SCHEMA, orient="row"))


@settings(max_examples=40)
@given(rows=compared)
def test_the_slow_way_gives_the_same_effects(rows: pl.DataFrame) -> None:
    """Line by line, by the formulas of the docstring, all lines being of one group."""
    slow = dict.fromkeys(("volume", "mix", "price", "currency", "cost"), 0.0)
    pieces = sum(rows["quantity_before"])
    worth, cost = (sum(rows[name]) / (pieces or 1) for name in ("converted_before", "cost_before"))
    for one in rows.iter_rows(named=True):
        q0, q1, a0, a1, v0, v1, c0, c1 = (one[name] for name in BOTH_PERIODS)
        slow["price"] += q1 * (a1 / q1 - a0 / q0) * (v0 / a0)
        slow["currency"] += q1 * (a1 / q1) * (v1 / a1 - v0 / a0)
        slow["cost"] -= q1 * (c1 / q1 - c0 / q0)
        slow["volume"] += (q1 - q0) * (worth - cost)
        slow["mix"] += (q1 - q0) * (v0 / q0 - c0 / q0 - worth + cost)
    answer = effects(rows)
    for effect, amount in slow.items():
        assert told(answer).get(effect, 0) == pytest.approx(amount, rel=1e-9, abs=1e-9 * scale(answer)), effect
