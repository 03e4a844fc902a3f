"""Numbers of the registry in words: how much, against what, whether that is good, and how it is computed."""

from dataclasses import dataclass
from typing import Any, Protocol

from analytics.metrics import Metric
from analytics.periods import Period
from display.messages import Card, Fact, Tone
from display.numbers import count, day, money, percent, quantity, short_day
from display.words import say

FAR = 2.5
POINT, FEW_POINTS = 100.0, 0.5


class Reading(Protocol):
    """What an answer says of a number; see ``answers.metrics.Reading``."""

    @property
    def metric(self) -> Metric:
        """Which number."""

    @property
    def currency(self) -> str | None:
        """The currency of an amount."""

    @property
    def currency_of_sums(self) -> str | None:
        """The currency of the sums that it is made of."""

    @property
    def period(self) -> Period:
        """Of which days."""

    @property
    def comparison(self) -> str:
        """With what it is compared."""

    @property
    def compared_period(self) -> Period | None:
        """Of which earlier days it is compared with."""

    @property
    def value(self) -> float | None:
        """How much."""

    @property
    def compared(self) -> float | None:
        """How much it was."""

    @property
    def adjusted(self) -> float | None:
        """How much it was, for as many working days."""

    @property
    def target(self) -> float | None:
        """How much was planned."""

    @property
    def rows(self) -> int:
        """How many rows are behind it."""

    @property
    def unknown(self) -> int:
        """How many of them have no known amount."""

    @property
    def reason(self) -> str | None:
        """Why there is no value."""

    @property
    def is_adjusted(self) -> bool:
        """Whether working days made a difference."""


@dataclass(frozen=True)
class Verdict:
    """A number against what it is held to: plan, or without one a comparison of ``analytics.periods``.

    ``gap``: relative, of shares in points of 1; ``better``: how much better (negative: worse) that is.
    """

    held_to: str
    reference: float
    gap: float
    better: float
    tone: Tone


def verdict(reading: Reading) -> Verdict | None:
    """The judgement of a number; null where it has no value, or nothing to be held to.

    Inside the tolerance it is quiet. Behind its plan it is a warning, and an alarm when far behind; behind last year
    it is never more than a warning.
    """
    held_to = "plan" if reading.target is not None else reading.comparison
    reference = reading.target if reading.target is not None else reading.adjusted
    if reading.value is None or reference is None or (reference == 0 and reading.metric.unit != "share"):
        return None
    difference = reading.value - reference
    gap = difference if reading.metric.unit == "share" else difference / abs(reference)
    better = gap * (reading.metric.better or 0)
    return Verdict(held_to, reference, gap, better, _tone(reading.metric, held_to, better))


def _tone(metric: Metric, held_to: str, better: float) -> Tone:
    if better >= -metric.tolerance:
        return "quiet"
    return "bad" if held_to == "plan" and better < -FAR * metric.tolerance else "warn"


def written(
    metric: Metric,
    value: float | None,
    currency: str | None,
    language: str,
    *,
    narrow: bool = False,
    whole: bool = False,
) -> str:
    """A value of the metric in its unit; a dash where there is none. ``narrow``, ``whole``: as for ``money``."""
    if value is None:
        return say(language, "none")
    if metric.unit == "money":
        return money(value, currency, language, narrow=narrow, whole=whole) if currency else quantity(value, language)
    if metric.unit == "share":
        return percent(value, language)
    if metric.unit == "days":
        return say(language, "days", count=round(value))
    return count(round(value), language)


def difference(metric: Metric, change: float, currency: str | None, language: str) -> str:
    """A change of the metric with its sign: of shares in percentage points."""
    sign = "+" if change > 0 else "\u2212" if change < 0 else "±"
    if metric.unit == "share":
        return say(language, "metric.points", points=f"{sign}{_points(change)}")
    return f"{sign}{written(metric, abs(change), currency, language, narrow=True)}"


def _points(change: float) -> str:
    """Percentage points with one decimal, small ones with two."""
    points = abs(change) * POINT
    return f"{points:.1f}" if points >= FEW_POINTS else f"{points:.2f}"


def gap(reading: Reading, judged: Verdict, language: str) -> str:
    """How far a number is from what it is held to: in percent, of shares in percentage points."""
    sign = "+" if judged.gap > 0 else "\u2212" if judged.gap < 0 else "±"
    if reading.metric.unit == "share":
        return say(language, "metric.points", points=f"{sign}{_points(judged.gap)}")
    return f"{sign}{percent(abs(judged.gap), language)}"


def card(reading: Reading, language: str, *, also: str = "") -> Card:
    """The number as a card; ``also``: a second number that belongs to it."""
    judged = verdict(reading)
    metric = reading.metric
    return Card(
        metric.name,
        say(language, f"metric.{metric.name}"),
        written(metric, reading.value, reading.currency, language, narrow=True),
        _note(reading, judged, language),
        say(language, f"metric.{metric.name}.definition"),
        judged.tone if judged else "quiet",
        also,
    )


def _note(reading: Reading, judged: Verdict | None, language: str) -> str:
    if reading.value is None:
        return why_none(reading, language)
    if judged is None:
        return say(language, "metric.today" if reading.metric.time == "now" else "metric.nothing_before")
    return say(language, f"metric.against.{judged.held_to}", gap=gap(reading, judged, language))


def why_none(reading: Reading, language: str) -> str:
    """Why there is no value."""
    reason = reading.reason or "no_rows"
    if reason.startswith("not_by_"):
        named = say(language, f"dimension.{reason.removeprefix('not_by_')}")
        return say(language, "metric.not_by", dimension=named)
    return say(language, "metric.no_rows")


def title(reading: Reading, language: str) -> str:
    """The message of a number's own page."""
    judged, metric = verdict(reading), reading.metric
    called = say(language, f"metric.{metric.name}")
    if judged is None:
        return say(language, "metric.title.alone", metric=called, value=_value(reading, language))
    return say(
        language,
        f"metric.title.{_where(judged, metric)}.{_base(judged)}",
        metric=called,
        value=_value(reading, language),
        gap=gap(reading, judged, language).lstrip("+\u2212±"),
    )


def _base(judged: Verdict) -> str:
    return "plan" if judged.held_to == "plan" else "before"


def state(reading: Reading, language: str) -> str:
    """Where a number stands, as the first half of a sentence."""
    judged, metric = verdict(reading), reading.metric
    called = say(language, f"metric.{metric.name}")
    if judged is None:
        return say(language, "overview.state.alone", metric=called, value=_value(reading, language))
    distance = gap(reading, judged, language).lstrip("+\u2212±")
    return say(language, f"overview.state.{_where(judged, metric)}.{_base(judged)}", metric=called, gap=distance)


def _where(judged: Verdict, metric: Metric) -> str:
    return "on" if abs(judged.gap) <= metric.tolerance else "above" if judged.gap > 0 else "below"


def _value(reading: Reading, language: str) -> str:
    return written(reading.metric, reading.value, reading.currency, language, narrow=True)


def span(asked: Period, language: str) -> str:
    """The days of a period: 1 Jun – 22 Jun 2026, and that it is not over where it is not."""
    text = _days(asked, language)
    return say(language, "period.so_far", span=text) if asked.is_partial else text


def _days(asked: Period, language: str) -> str:
    first = short_day(asked.first, language) if asked.first.year == asked.until.year else day(asked.first, language)
    return say(language, "period.span", first=first, last=day(asked.until, language))


def caption(reading: Reading, language: str) -> str:
    """Of which days the number is, and what it is compared with."""
    if reading.metric.time == "now":
        return say(language, "metric.caption.now", day=day(reading.period.until, language))
    told = span(reading.period, language)
    if reading.compared_period is None:
        return say(language, "metric.caption.alone", span=told)
    words = "metric.caption.adjusted" if reading.metric.by_workdays else "metric.caption.compared"
    return say(language, words, span=told, before=_days(reading.compared_period, language))


def facts(reading: Reading, language: str) -> tuple[Fact, ...]:
    """The number, and all that it is held against."""
    return tuple(
        Fact(say(language, f"metric.fact.{name}"), _written(reading, value, language), tone)
        for name, value, tone in _held(reading)
        if value is not None or name == "value"
    )


def _held(reading: Reading) -> list[tuple[str, float | None, Tone]]:
    judged = verdict(reading)
    tone: Tone = judged.tone if judged else "quiet"
    known: list[tuple[str, float | None, Tone]] = [("value", reading.value, tone), ("target", reading.target, "quiet")]
    if reading.is_adjusted:
        known.append(("compared", reading.compared, "quiet"))
        known.append(("adjusted", reading.adjusted, "quiet"))
    else:
        known.append(("compared", reading.compared, "quiet"))
    return known


def _written(reading: Reading, value: Any, language: str) -> str:
    return written(reading.metric, value, reading.currency, language, whole=True)


def computed(reading: Reading, rows: int, made: str, sources: str, language: str) -> tuple[Fact, ...]:
    """How a number is computed: definition, formula, days, what is left out, source of the data and its age, rows."""
    metric = reading.metric
    lines = [
        ("definition", say(language, f"metric.{metric.name}.definition")),
        ("formula", say(language, f"metric.{metric.name}.formula")),
        ("period", caption(reading, language)),
        ("better", say(language, f"metric.better.{metric.better}")),
        ("rows", say(language, "rows", count=rows).replace(str(rows), count(rows, language), 1)),
        ("source", sources),
        ("made", made),
        ("standard", metric.source),
    ]
    if reading.unknown:
        lines.insert(5, ("unknown", say(language, "rows", count=reading.unknown)))
    return tuple(Fact(say(language, f"computed.{name}"), text) for name, text in lines if text)
