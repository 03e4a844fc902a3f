"""What is asked of a report by the parameters of an address, as a page, a saved view and a subscription keep it."""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.access import Viewer
from analytics.periods import COMPARISONS, is_period
from analytics.scope import Scope
from answers import Snapshot, choices
from display import periods
from display.words import say
from reports.request import Request

FILTERS = {
    "company": "companies",
    "site": "sites",
    "region": "regions",
    "category": "categories",
    "supplier": "suppliers",
}
PERIOD, COMPARISON, CUSTOMER, PARTS, TITLE = "period", "vs", "customer", "parts", "title"
KEPT = (PERIOD, COMPARISON, CUSTOMER, PARTS, TITLE, *FILTERS)

Parameters = Mapping[str, Sequence[str]]


def parts_of(parameters: Parameters) -> tuple[str, ...]:
    """The parts of a report of one's own, in their order."""
    return tuple(name for text in parameters.get(PARTS, ()) for name in text.split(",") if name)


def kept(parameters: Parameters) -> dict[str, tuple[str, ...]]:
    """Those parameters that a report is asked by."""
    return {name: tuple(parameters[name]) for name in KEPT if parameters.get(name)}


def scope_of(parameters: Parameters) -> Scope:
    """Period and filters. What does not exist, or not for the reader, limits all the same: it never shows more."""
    usual = Scope()
    code, comparison = _first(parameters, PERIOD), _first(parameters, COMPARISON)
    limits: dict[str, Any] = {part: tuple(parameters.get(name, ())) for name, part in FILTERS.items()}
    return Scope(
        period=code if is_period(code) else usual.period,
        comparison=comparison if comparison in COMPARISONS else usual.comparison,
        **limits,
    )


def request(parameters: Parameters, viewer: Viewer, version: Snapshot, language: str) -> Request:
    """The report of those parameters for one reader."""
    scope = scope_of(parameters)
    return Request(
        viewer=viewer,
        version=version,
        language=language,
        scope=scope,
        filters=told(scope, viewer, version, language),
        customer=_first(parameters, CUSTOMER),
        parts=parts_of(parameters),
        title=_first(parameters, TITLE),
    )


def _first(parameters: Parameters, name: str) -> str:
    return next(iter(parameters.get(name, ())), "")


def told(scope: Scope, viewer: Viewer, version: Snapshot, language: str) -> Mapping[str, str]:
    """What is chosen, in words."""
    chosen = {name: getattr(scope, part) for name, part in FILTERS.items() if getattr(scope, part)}
    known = choices.choices(viewer, version=version) if chosen else {}
    found = {
        say(language, "period"): periods.name(scope.period, language),
        say(language, "comparison"): say(language, f"comparison.{scope.comparison}"),
    }
    for name, keys in chosen.items():
        names = dict(known[FILTERS[name]].select("key", "name").iter_rows())
        found[say(language, f"filter.{name}")] = ", ".join(names.get(key) or key for key in keys)
    return found
