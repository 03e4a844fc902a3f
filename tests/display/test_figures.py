"""What figures show, read from the figures themselves."""

from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from analytics.inventory import OUTLOOK, PROJECTION
from display.figures import axes, bars, health, inventory
from display.theme import LIGHT

TODAY = date(2026, 11, 1)


def projection(projected: list[float], **columns: list[Any]) -> pl.DataFrame:
    days = len(projected)
    usual = {"receipts": [0.0] * days, "reservations": [0.0] * days, "expected_demand": [1.0] * days}
    known = {"day_on": [TODAY + timedelta(days=n) for n in range(days)], "projected": projected}
    return pl.DataFrame(known | usual | {"certain": [True] * days} | columns, schema=PROJECTION)


def history(days: int, **columns: list[Any]) -> pl.DataFrame:
    dates = [TODAY - timedelta(days=days - 1 - n) for n in range(days)]
    schema = {"day_on": pl.Date, "on_hand": pl.Float64, "demand": pl.Float64}
    return pl.DataFrame({"day_on": dates, "on_hand": [5.0] * days, "demand": [1.0] * days} | columns, schema=schema)


def item(**fields: Any) -> dict[str, Any]:
    return pl.DataFrame([{"state": "healthy"} | fields], schema=OUTLOOK).row(0, named=True)


def drawn(
    projected: list[float], *, language: str = "en", of: dict[str, Any] | None = None, **columns: Any
) -> go.Figure:
    return inventory.projected_stock(history(14), projection(projected, **columns), of or item(), language, dark=False)


def trace(figure: go.Figure, name: str) -> Any:
    return next(trace for trace in figure.data if trace.name == name)


def texts(figure: go.Figure) -> list[str]:
    return [annotation.text for annotation in figure.layout.annotations]


def test_the_line_is_solid_while_it_is_known_and_dotted_beyond() -> None:
    figure = drawn([9.0, 8.0, 7.0, 6.0], certain=[True, True, False, False])
    known, beyond = trace(figure, "Projected"), trace(figure, "Beyond what is known")
    assert (known.line.dash, list(known.y)) == ("solid", [9, 8])
    assert (beyond.line.dash, list(beyond.y)) == ("dot", [8, 7, 6])


def test_receipts_and_open_orders_are_marks_on_the_line() -> None:
    figure = drawn([9.0, 12.0, 7.0], receipts=[0.0, 4.0, 0.0], reservations=[0.0, 0.0, 5.0])
    receipt, order = trace(figure, "Receipt due"), trace(figure, "Open order due")
    assert (list(receipt.y), list(receipt.customdata)) == ([12], [4])
    assert (list(order.y), list(order.customdata)) == ([7], [5])


def test_what_is_not_there_has_no_mark() -> None:
    assert {t.name for t in drawn([9.0, 8.0]).data} == {"On hand", "Projected", "Demand per week", "Expected demand"}


def test_an_item_in_trouble_has_a_red_line_on_the_day_it_runs_out() -> None:
    on = TODAY + timedelta(days=2)
    figure = drawn([2.0, 1.0, 0.0, -1.0], of=item(state="runs_out", runs_out_on=on))
    (line,) = [shape for shape in figure.layout.shapes if shape.line.color == LIGHT.bad]
    assert line.x0 == line.x1 == on
    assert "<b>Runs out 3 Nov</b>" in texts(figure)
    assert "<b>11月3日缺货</b>" in texts(drawn([2.0, 0.0], language="zh", of=item(state="runs_out", runs_out_on=on)))


def test_an_item_with_time_to_order_is_not_alarming() -> None:
    figure = drawn([2.0, 0.0], of=item(state="healthy", runs_out_on=TODAY + timedelta(days=1)))
    assert LIGHT.bad not in {shape.line.color for shape in figure.layout.shapes}
    assert "2 Nov: empty, if nothing is ordered" in texts(figure)


def test_what_is_out_now_is_said_to_be_out_now() -> None:
    assert "<b>Out of stock now</b>" in texts(drawn([0.0, -1.0], of=item(state="out", runs_out_on=TODAY)))


def test_demand_is_summed_by_whole_weeks_on_both_sides_of_today() -> None:
    ahead = projection([9.0] * 16, expected_demand=[0.0] + [1.0] * 15, reservations=[7.0] + [0.0] * 14 + [9.0])
    past = history(16, demand=[9.0, 9.0] + [1.0] * 7 + [2.0] * 7)
    figure = inventory.projected_stock(past, ahead, item(), "en", dark=True)
    assert list(trace(figure, "Demand per week").y) == [7, 14]
    assert list(trace(figure, "Expected demand").y) == [7, 7]


def test_the_reorder_point_is_drawn_where_there_is_one() -> None:
    assert "Reorder point" in texts(drawn([9.0, 8.0], of=item(minimum_quantity=4.0)))
    assert "Reorder point" not in texts(drawn([9.0, 8.0]))


def test_what_nobody_knows_does_not_squash_what_is_known() -> None:
    figure = drawn([10.0, 9.0, -500.0], certain=[True, True, False])
    low, high = figure.layout.yaxis.range
    assert -10 < low < -3
    assert high > 10


def shaded(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if isinstance(trace, go.Scatter) and trace.fill]


def test_only_a_shortage_that_is_certain_is_shaded() -> None:
    figure = drawn([1.0, -2.0, -9.0], certain=[True, True, False])
    (area,) = shaded(figure)
    assert list(area.y) == [0, -2]
    assert shaded(drawn([1.0, -2.0], certain=[True, False])) == []


def test_an_item_without_any_past_is_drawn() -> None:
    empty = history(14, on_hand=[None] * 14, demand=[0.0] * 14)
    figure = inventory.projected_stock(empty, projection([0.0, 0.0]), item(), "zh", dark=True)
    assert figure.layout.yaxis.range[1] > 0


def test_a_figure_travels_small() -> None:
    figure = inventory.projected_stock(history(91), projection([5.0] * 85), item(), "en", dark=False)
    assert len(figure.to_json(engine="orjson")) < 20_000


def test_the_alternative_text_says_what_the_figure_shows() -> None:
    from analytics.scope import Scope

    ended = inventory.alternative("Valve", item(runs_out_on=TODAY), TODAY, Scope(), "en")
    lasting = inventory.alternative("Valve", item(), TODAY, Scope(horizon_days=30), "en")
    assert ended.endswith("Runs out 1 Nov")
    assert lasting.endswith("Lasts beyond 1 Dec")


def groups(*rows: tuple[str | None, float | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"group": pl.String, "at_stake": pl.Float64, "currency": pl.String}, orient="row")


def labels(figure: go.Figure | None) -> list[str]:
    assert figure is not None
    return [text.strip() for text in figure.layout.yaxis.ticktext]


def test_groups_with_most_at_stake_stand_on_top() -> None:
    figure = inventory.at_stake_by_group(
        groups(("A", 1.0, "EUR"), ("B", 5.0, "EUR"), ("C", 0.0, "EUR")), "en", dark=False
    )
    assert labels(figure) == ["A", "B"]
    assert figure is not None
    assert list(figure.data[0].text) == ["€1", "€5"]


def test_currencies_are_not_compared_by_the_length_of_bars() -> None:
    figure = inventory.at_stake_by_group(
        groups(("A", 1.0, "EUR"), ("B", 2.0, "EUR"), ("C", 900.0, "JPY")), "en", dark=False
    )
    assert labels(figure) == ["A", "B"]


def test_without_anything_at_stake_there_is_no_figure() -> None:
    assert inventory.at_stake_by_group(groups(("A", 0.0, "EUR"), ("B", None, "EUR")), "en", dark=False) is None
    assert health.rows_by_rule(pl.DataFrame(schema={"rule": pl.String}), "en", dark=False) is None


def test_two_groups_of_one_name_stay_two_bars_and_a_name_is_no_markup() -> None:
    figure = bars.ranked(["<b>X</b>", "<b>X</b>"], [2, 1], ["2", "1"], dark=False)
    assert len(set(figure.data[0].y)) == 2
    assert labels(figure) == ["&lt;b&gt;X&lt;/b&gt;"] * 2


def test_rules_are_counted_and_told_in_words() -> None:
    rules = pl.DataFrame({"rule": ["not_a_date", "not_a_date", "odd"]})
    figure = health.rows_by_rule(rules, "en", dark=False)
    assert labels(figure) == ["odd", "It is not a date"]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-700, 210), (0, 3_000_000), (0.01, 0.04), (5, 5)])
def test_ticks_are_round_and_few(low: float, high: float) -> None:
    values = axes.round_values(low, high, 4)
    assert 1 <= len(values) <= 6
    assert all(low <= value <= high for value in values)


def test_days_of_a_long_axis_are_months_and_of_a_short_one_mondays() -> None:
    long = axes.day_ticks(date(2026, 9, 15), date(2027, 2, 10), "en")
    assert long["ticktext"] == ["Oct 2026", "Nov", "Dec", "Jan 2027", "Feb"]
    assert axes.day_ticks(date(2026, 9, 15), date(2027, 2, 10), "zh")["ticktext"][1] == "11月"
    short = axes.day_ticks(date(2026, 11, 1), date(2026, 11, 20), "en")
    assert short["tickvals"] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
