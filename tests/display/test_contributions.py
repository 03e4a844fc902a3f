"""What moved a number, as figures and words."""

import plotly.graph_objects as go
import polars as pl
import pytest

from analytics.effects import EFFECTS, STEPS
from analytics.metrics import DIMENSIONS
from display.figures import contributions as figures
from display.messages.contributions import driver
from display.theme import LIGHT
from display.words import LANGUAGES, known


def bridge(before: float, after: float, metric: str = "revenue", **amounts: float) -> go.Figure:
    effects = pl.DataFrame({"effect": list(amounts), "amount": list(amounts.values())})
    currency = None if metric == "gross_margin_rate" else "EUR"
    return figures.bridge(effects, before, after, metric, currency, "en", dark=False)


def spans(figure: go.Figure) -> list[tuple[float, float]]:
    """Where each bar starts and ends."""
    (bars,) = figure.data
    return [(base, base + length) for base, length in zip(bars.base, bars.x, strict=True)]


def changes(**contributions: float) -> go.Figure:
    frame = pl.DataFrame({"member": list(contributions), "contribution": list(contributions.values())})
    figure = figures.ranked_changes(frame, "revenue", "EUR", "en", dark=False)
    assert figure is not None
    return figure


def test_each_step_of_a_bridge_starts_where_the_one_before_ended() -> None:
    assert spans(bridge(100, 140, volume=80, price=-40)) == [(0, 100), (100, 180), (180, 140), (0, 140)]


def test_what_adds_is_blue_what_takes_away_is_orange_and_values_are_grey() -> None:
    (bars,) = bridge(100, 120, volume=30, price=-10).data
    blue, orange = LIGHT.series[:2]
    assert list(bars.marker.color) == [LIGHT.context, blue, orange, LIGHT.context]
    assert list(bars.text) == ["€100", "+€30", "\u2212€10", "€120"]


def test_a_short_way_between_large_values_is_drawn_on_a_broken_axis() -> None:
    figure = bridge(1_000_000, 990_000, volume=-10_000)
    assert min(min(span) for span in spans(figure)) > 900_000
    assert len(figure.layout.shapes) == 2
    assert len(bridge(100, 120, volume=20).layout.shapes) == 2
    assert len(bridge(100, 190, volume=90).layout.shapes) == 0


def test_a_loss_lies_on_the_other_side_of_zero() -> None:
    figure = bridge(200, -100, volume=-300)
    assert spans(figure) == [(0, 200), (200, -100), (0, -100)]
    assert figure.layout.xaxis.zeroline
    low, high = figure.layout.xaxis.range
    assert low < -100
    assert high > 200


def test_a_loss_that_changed_little_is_broken_on_its_own_side() -> None:
    figure = bridge(-1_000_000, -990_000, volume=10_000)
    assert all(start < -900_000 and end < -900_000 for start, end in spans(figure))
    low, high = figure.layout.xaxis.range
    assert low < -1_000_000
    assert high > spans(figure)[0][0]


def test_two_values_that_look_the_same_when_shortened_are_written_out() -> None:
    (bars,) = bridge(9_010_000, 8_990_000, volume=-20_000).data
    assert (bars.text[0], bars.text[-1]) == ("€9,010,000", "€8,990,000")


def test_a_change_of_a_share_is_told_in_points() -> None:
    (bars,) = bridge(0.34, 0.31, "gross_margin_rate", cost=-0.03).data
    assert list(bars.text) == ["34.0%", "\u22123.0 pp", "31.0%"]


def test_what_cannot_be_seen_is_taken_together_with_other_at_the_end() -> None:
    figure = bridge(100, 130.001, volume=0.001, other=10, price=20)
    assert [name.strip() for name in figure.layout.yaxis.ticktext] == ["Before", "Price", "Other", "Now"]


def test_labels_of_a_bridge_are_never_made_smaller() -> None:
    for figure in (bridge(100, 120, volume=20), changes(North=5, South=-3)):
        assert figure.data[0].constraintext == "none"


def test_members_stand_around_zero_the_largest_on_top() -> None:
    figure = changes(North=5, South=-3)
    assert [name.strip() for name in figure.layout.yaxis.ticktext][::-1] == ["North", "South"]
    assert list(figure.data[0].x)[::-1] == [5, -3]
    low, high = figure.layout.xaxis.range
    assert low < -3
    assert high > 5


def test_members_beyond_the_tenth_are_one_bar() -> None:
    figure = changes(**{f"m{at}": 30.0 - at for at in range(13)})
    assert "3 others" in figure.layout.yaxis.ticktext[0]
    assert sum(figure.data[0].x) == sum(30 - at for at in range(13))


def test_a_name_from_the_data_is_no_markup() -> None:
    figure = changes(**{"<b>x</b>": 1.0})
    assert "&lt;b&gt;" in figure.layout.yaxis.ticktext[0]


def test_where_nothing_moved_there_is_no_figure() -> None:
    empty = pl.DataFrame(schema={"member": pl.String, "contribution": pl.Float64})
    assert figures.ranked_changes(empty, "revenue", "EUR", "en", dark=False) is None


def test_the_bridge_in_words_says_every_step() -> None:
    effects = pl.DataFrame({"effect": ["volume", "price"], "amount": [30.0, -10.0]})
    told = figures.bridge_in_words(effects, 100, 120, "revenue", "EUR", "en")
    assert told == "From €100 to €120: Volume +€30, Price \u2212€10"


@pytest.mark.parametrize("effect", sorted({*EFFECTS, *STEPS}))
def test_every_effect_has_a_name(effect: str) -> None:
    assert known(f"effect.{effect}")


NAMED = [
    ({"kind": "region", "dimension": "region"}, "Region: North", "地区：North"),
    ({"kind": "price", "dimension": "category"}, "Prices of North", "价格：North"),
    ({"kind": "price", "dimension": None}, "Prices of all products", "所有产品的价格"),
    ({"kind": "currency", "dimension": "currency"}, "Exchange rate of North", "汇率：North"),
    ({"kind": "lost_products", "dimension": "product"}, "No longer sold: North", "停售产品：North"),
    ({"kind": "volume", "dimension": None}, "Everything alike", "各方面同步变化"),
]


@pytest.mark.parametrize(("row", "english", "chinese"), NAMED)
def test_a_driver_has_a_name(row: dict[str, str | None], english: str, chinese: str) -> None:
    assert driver(row, "North", "en") == english
    assert driver(row, "North", "zh") == chinese


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_driver_of_any_dimension_has_a_name_even_if_its_member_has_none(dimension: str, language: str) -> None:
    assert driver({"kind": dimension, "dimension": dimension}, None, language)
