"""The KPI dictionary, written from the registry: ``python -m display.dictionary`` renews ``docs/kpi_dictionary.md``."""

from collections.abc import Iterator
from pathlib import Path

from analytics.metrics import METRICS, Measure, Metric
from display.words import LANGUAGES, say

PLACE = Path(__file__).resolve().parent.parent / "docs" / "kpi_dictionary.md"
HEAD = """# KPI dictionary

Every number on a screen is one of these. This page is written from the registry `analytics/metrics.py` and its words by
`python -m display.dictionary`; a test keeps it current.

A ratio is a sum over a sum, never a mean of ratios. Where there are no rows there is no data, and not zero or 100 %.
Money is without tax, except where customers owe it. Amounts are converted at the rate of their own day; levels at that
of their last day. Rows whose amount or rate is not known are left out, and counted.
"""
TIMES = {
    "flow": "the rows of the days of the period",
    "balance": "all rows up to the last day of the period",
    "now": "the rows as they are today; earlier days are not kept",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for metric in METRICS.values() for line in _entry(metric))])


def _entry(metric: Metric) -> Iterator[str]:
    names = " · ".join(say(language, f"metric.{metric.name}") for language in LANGUAGES)
    yield f"## {names}\n"
    for language in LANGUAGES:
        yield f"{say(language, f'metric.{metric.name}.definition')}\n"
    yield "| | |\n| --- | --- |"
    for label, text in _facts(metric):
        yield f"| {label} | {text} |"
    yield ""


def _facts(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "Name", f"`{metric.name}`"
    for language, called in LANGUAGES.items():
        yield f"Formula ({called})", say(language, f"metric.{metric.name}.formula")
    yield "Unit", say("en", f"metric.unit.{metric.unit}")
    yield "Direction", say("en", f"metric.better.{metric.better}")
    yield "Rows", " ÷ ".join(_rows(measure) for measure in metric.measures)
    yield "Of", TIMES[metric.time]
    yield "Last year", "adjusted for working days" if metric.by_workdays else "as it was"
    yield "On plan", f"within {metric.tolerance:.0%}{' points' if metric.unit == 'share' else ''}"
    yield "Needs", ", ".join(f"`{capability}`" for capability in sorted(metric.capabilities))
    yield "Follows", metric.source


def _rows(measure: Measure) -> str:
    days = f" of {measure.over_days} days" if measure.over_days else ""
    only = f" ({', '.join(measure.only)})" if measure.only else ""
    return f"`{measure.fact}.{measure.column}`{only}{days}"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
