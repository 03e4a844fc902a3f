"""Numbers in words: against what they are held, how loud they are, and what their figures and tables show."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from analytics.metrics import METRICS
from analytics.periods import period
from answers.evidence import EVIDENCE
from answers.metrics import Reading
from display import dictionary
from display.figures import contributions as bridges
from display.figures import metrics as figures
from display.messages import evidence, overview
from display.messages import metrics as messages
from display.tables import metrics as tables
from display.words import LANGUAGES, known

TODAY = date(2026, 6, 22)


def reading(name: str = "revenue", **fields: Any) -> Reading:
    usual: dict[str, Any] = {
        "metric": METRICS[name], "currency": "EUR" if METRICS[name].unit == "money" else None,
        "currency_of_sums": "EUR" if METRICS[name].numerator.is_money else None, "period": period("month", TODAY),
        "comparison": "last_year", "compared_period": period("2025-06", TODAY), "value": 110.0, "rows": 3,
    }  # fmt: skip
    return Reading(**(usual | fields))


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("part", ["", ".definition", ".formula"])
def test_every_metric_has_its_words(name: str, part: str) -> None:
    assert known(f"metric.{name}{part}")


def test_the_dictionary_in_docs_is_the_registrys() -> None:
    assert dictionary.PLACE.read_text(encoding="utf-8") == dictionary.page()


def test_a_number_is_held_to_its_plan_and_without_one_to_what_it_was() -> None:
    planned = messages.verdict(reading(target=100.0, adjusted=200.0))
    before = messages.verdict(reading(adjusted=200.0))
    assert planned is not None
    assert before is not None
    assert (planned.held_to, before.held_to) == ("plan", "last_year")
    assert planned.gap == pytest.approx(0.1)
    assert before.gap == pytest.approx(-0.45)


def test_shares_differ_by_points_and_not_by_percent() -> None:
    judged = messages.verdict(reading("on_time_in_full", value=0.9, target=0.95))
    assert judged is not None
    assert judged.gap == pytest.approx(-0.05)
    assert messages.gap(reading("on_time_in_full", value=0.9, target=0.95), judged, "en") == "\u22125.0 pp"


@pytest.mark.parametrize(
    ("value", "fields", "tone"),
    [
        (100.0, {"target": 101.0}, "quiet"),
        (100.0, {"target": 103.0}, "warn"),
        (100.0, {"target": 120.0}, "bad"),
        (120.0, {"target": 100.0}, "quiet"),
        (100.0, {"adjusted": 200.0}, "warn"),
    ],
)
def test_a_number_is_loud_only_when_it_is_worse_than_its_tolerance_and_an_alarm_only_against_a_plan(
    value: float, fields: dict[str, Any], tone: str
) -> None:
    assert messages.card(reading(value=value, **fields), "en").tone == tone


def test_less_is_better_for_what_is_overdue() -> None:
    more = messages.card(reading("overdue_receivables", value=200.0, target=100.0), "en")
    less = messages.card(reading("overdue_receivables", value=50.0, target=100.0), "en")
    assert (more.tone, less.tone) == ("bad", "quiet")


def test_without_a_value_the_card_says_why() -> None:
    nothing = messages.card(reading(value=None, reason="no_rows"), "en")
    hidden = messages.card(reading(value=None, reason="not_by_site"), "en")
    assert (nothing.value, nothing.note) == ("–", "no data in this selection")
    assert hidden.note == "not known by Site"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", METRICS)
def test_every_metric_can_be_said_drawn_and_listed_in_every_language(name: str, language: str) -> None:
    read = reading(name, value=0.5, compared=0.4, adjusted=0.45, target=0.6)
    assert messages.title(read, language)
    assert messages.caption(read, language)
    assert all(fact.value for fact in messages.facts(read, language))
    assert all(fact.value for fact in messages.computed(read, 3, "now", "files", language))
    frame = pl.DataFrame(schema=EVIDENCE)
    assert evidence.title(read, frame, language)
    assert tables.evidence(frame, METRICS[name], "EUR", language).frame.is_empty()


def series(**columns: Any) -> pl.DataFrame:
    usual = {"value": [1.0, None, 3.0], "compared": [None, 1.0, 2.0], "target": [None] * 3}
    months = {"month_on": [date(2026, at, 1) for at in (4, 5, 6)], "is_partial": [False, False, True]}
    kinds = dict.fromkeys(("value", "compared", "target"), pl.Float64)
    return pl.DataFrame(months | usual | columns, schema_overrides=kinds)


def test_the_month_that_is_not_over_is_paler() -> None:
    figure = figures.trend(series(), METRICS["revenue"], "EUR", "en", dark=False)
    assert figure is not None
    assert list(figure.data[0].marker.opacity) == [1.0, 1.0, figures.FADED]


def test_the_plan_is_drawn_only_where_there_is_one() -> None:
    without = figures.trend(series(), METRICS["revenue"], "EUR", "en", dark=False)
    planned = figures.trend(series(target=[1.0, 2.0, 3.0]), METRICS["revenue"], "EUR", "en", dark=False)
    assert without is not None
    assert planned is not None
    assert (len(without.data), len(planned.data)) == (2, 3)


def test_no_known_month_is_no_figure() -> None:
    assert figures.trend(series(value=[None] * 3), METRICS["revenue"], "EUR", "en", dark=False) is None


def test_the_small_line_leaves_out_the_month_that_is_not_over() -> None:
    assert figures.sparkline(series(value=[1.0, 2.0, 0.1])) == [1.0, 2.0]


def test_the_bridge_arrives_where_the_number_is() -> None:
    effects = pl.DataFrame({"effect": ["volume", "price", "mix"], "amount": [30.0, -10.0, 0.001]})
    (bars,) = bridges.bridge(effects, 100.0, 120.001, "revenue", "EUR", "en", dark=False).data
    ends = [base + length for base, length in zip(bars.base, bars.x, strict=True)]
    assert ends[0] == pytest.approx(100.0)
    assert ends[-2] == pytest.approx(120.0)
    assert ends[-1] == pytest.approx(120.001)
    assert "price" in bridges.bridge_in_words(effects, 100.0, 120.001, "revenue", "EUR", "en").lower()


def test_the_bars_of_the_members_add_up_to_all_of_them() -> None:
    members = pl.DataFrame(
        {"member": [f"m{at}" for at in range(30)], "contribution": [float(30 - at) for at in range(30)]}
    )
    figure = bridges.ranked_changes(members, "revenue", "EUR", "en", dark=False)
    assert figure is not None
    assert len(figure.data[0].x) == bridges.MOST + 1
    assert sum(figure.data[0].x) == pytest.approx(members["contribution"].sum())


def test_the_title_of_the_rows_says_what_they_add_up_to() -> None:
    rows = pl.DataFrame({"numerator": [3.0, 1.0], "denominator": [4.0, 4.0]})
    share = reading("on_time_in_full", value=0.5)
    assert evidence.title(share, rows, "en") == "On time in full: 4 of 8, that is 50.0%, in 2 rows"
    assert evidence.title(reading(value=4.0), rows, "en") == "Revenue: 2 rows add up to €4"


def waiting(*money: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"money": money, "currency": ["EUR"] * len(money)}, schema={"money": pl.Float64, "currency": pl.String}
    )


def test_the_overview_says_whether_the_firm_is_on_plan_and_what_waits() -> None:
    read = {"revenue": reading(target=100.0)}
    assert overview.title(read, waiting(9.0, 4.0), "en") == (
        "Revenue is 10.0% above plan; 2 decisions wait, the largest worth €9"
    )
    assert overview.title(read, waiting(), "en") == "Revenue is 10.0% above plan; nothing waits for a decision"
    assert overview.title(read, waiting(None), "en") == "Revenue is 10.0% above plan; 1 decision waits"


def test_six_cards_and_others_where_some_may_not_be_seen() -> None:
    everything = {name: reading(name) for name in METRICS}
    assert list(overview.cards(everything, "en")) == [name for name, _ in overview.SIX]
    few = {name: read for name, read in everything.items() if name not in ("stock_value", "overdue_receivables")}
    assert len(overview.cards(few, "en")) == 6
    assert "items_out" in overview.cards(few, "en")


def test_the_margin_rate_stands_beside_revenue_only_for_those_who_may_see_it() -> None:
    both = {"revenue": reading(), "gross_margin_rate": reading("gross_margin_rate", value=0.36)}
    assert overview.cards(both, "en")["revenue"].also == "margin 36.0%"
    assert overview.cards({"revenue": reading()}, "en")["revenue"].also == ""


def test_a_period_is_said_to_be_unfinished() -> None:
    assert messages.span(reading().period, "en") == "1 Jun – 22 Jun 2026, so far"
    assert messages.span(period("2026-05", TODAY), "en") == "1 May – 31 May 2026"


def test_what_it_was_is_shown_as_it_was_and_for_as_many_working_days() -> None:
    plain = messages.facts(reading(compared=100.0, adjusted=100.0), "en")
    told = messages.facts(replace(reading(compared=100.0), adjusted=105.0), "en")
    assert [fact.value for fact in plain] == ["€110", "€100"]
    assert [fact.value for fact in told] == ["€110", "€100", "€105"]
