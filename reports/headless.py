"""A report without a browser: what is asked for by name, checked, and made from the snapshot that is served."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.access import NotAllowed, Viewer
from analytics.dispatch import Rhythm
from analytics.metrics import METRICS
from analytics.periods import is_period
from analytics.scope import Scope
from answers import snapshot
from answers.subscriptions import Condition
from answers.subscriptions import Wanted as Subscribed
from display import periods
from display.words import LANGUAGES, say
from reports import asking, catalogue, formats
from reports.content import Report
from reports.parts import PARTS
from reports.request import Request


class NotKnown(Exception):
    """Something that was named does not exist; the message names what does."""


class Refused(Exception):
    """The reader may not have the report, or there is nothing to make it of; the message says why."""


@dataclass(frozen=True)
class Made:
    """A finished file, and what it holds in a sentence."""

    content: bytes
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for, and for whom. ``table``: which table, for formats that hold one; raises ``NotKnown`` for names
    that do not exist."""

    name: str
    format: str
    viewer: Viewer
    language: str = "en"
    customer: str = ""
    period: str = "month"
    table: int = 1
    parts: tuple[str, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        """Refuses what does not exist, with what does."""
        _check_names(self.report_name, self.format, self.language)
        if not is_period(self.period):
            raise NotKnown(f"There is no period {self.period!r}. Write month, quarter, year, 2026-03, or two days.")
        if catalogue.REPORTS[self.report_name].of_customer != bool(self.customer):
            raise NotKnown("A customer sheet is about one customer: name it with --customer, and only there.")
        _check_parts(self.report_name, self.parts)

    @property
    def report_name(self) -> str:
        """The name of the report; hyphens are as good as underscores."""
        return self.name.replace("-", "_")


def _check_names(report: str, form: str, language: str) -> None:
    known = {
        "report": (report, catalogue.REPORTS),
        "format": (form, formats.FORMATS),
        "language": (language, LANGUAGES),
    }
    for what, (name, names) in known.items():
        if name not in names:
            raise NotKnown(f"There is no {what} {name!r}. Known are: {', '.join(names)}.")


def _check_parts(report: str, named: Sequence[str]) -> None:
    if catalogue.REPORTS[report].of_parts != bool(named):
        raise NotKnown("A report of your own is put together of parts: name them, and only there.")
    for name in named:
        if name not in PARTS:
            raise NotKnown(f"There is no part {name!r}. Known are: {', '.join(PARTS)}.")


def rhythm(every: str, day: int, at: str, zone: str) -> Rhythm:
    """How often and when; raises ``NotKnown``."""
    hour, _, minute = at.partition(":")
    try:
        return Rhythm(every=every, day=day, hour=int(hour), minute=int(minute), zone=zone)
    except (ValueError, KeyError, OSError):
        told = "There is no such rhythm. Write daily, weekly with day 1 to 7, or monthly with day 1 to 23; 07:30; UTC."
        raise NotKnown(told) from None


def subscribed(named: Mapping[str, str], asked: Sequence[str], when: Rhythm) -> Subscribed:
    """A subscription as the terminal names it: report, format, language, way, to and when; ``asked``: name=value as in
    an address. Raises ``NotKnown``."""
    report = named["report"].replace("-", "_")
    _check_names(report, named["format"], named["language"])
    parameters: dict[str, list[str]] = {}
    for text in asked:
        name, _, value = text.partition("=")
        if name not in asking.KEPT or not value:
            raise NotKnown(f"Nothing is asked by {text!r}. Known are: {', '.join(asking.KEPT)}, each with =.")
        parameters.setdefault(name, []).append(value)
    if catalogue.REPORTS[report].of_customer != bool(parameters.get(asking.CUSTOMER)):
        raise NotKnown("A customer sheet is about one customer: name it by customer=, and only there.")
    _check_parts(report, asking.parts_of(parameters))
    return Subscribed(
        report=report,
        format=named["format"],
        language=named["language"],
        rhythm=when,
        way=named["way"],
        to=named["to"],
        parameters=parameters,
        condition=_condition(named["when"]),
    )


def _condition(text: str) -> Condition:
    if text in ("always", "changed"):
        return Condition(kind=text)
    found = re.fullmatch(r"(\w+)([<>])(-?\d+(?:\.\d+)?)", text)
    if found is None or found[1] not in METRICS:
        raise NotKnown(f"There is no condition {text!r}. Write always, changed, or a number and a bound: revenue>1000.")
    return Condition(kind="above" if found[2] == ">" else "below", metric=found[1], bound=float(found[3]))


def made(wanted: Wanted, *, is_bundle: bool) -> Made:
    """The file that is asked for. ``is_bundle``: every table, where the format holds one; raises ``Refused``."""
    try:
        report = catalogue.made(wanted.report_name, _request(wanted))
    except NotAllowed as error:
        raise Refused(str(error)) from error
    if wanted.format not in formats.TABLES or is_bundle:
        return Made(formats.written(report, wanted.format), report.message)
    return _one_table(wanted, report)


def _request(wanted: Wanted) -> Request:
    scope = Scope(period=wanted.period)
    told = {} if scope == Scope() else {say(wanted.language, "period"): periods.name(wanted.period, wanted.language)}
    return Request(
        viewer=wanted.viewer,
        version=snapshot(),
        language=wanted.language,
        scope=scope,
        filters=told,
        customer=wanted.customer,
        parts=wanted.parts,
        title=wanted.title,
    )


def _one_table(wanted: Wanted, report: Report) -> Made:
    grids = report.grids
    if wanted.table > len(grids):
        raise Refused(f"The report has {len(grids)} tables: {_listed(report)}.")
    grid = grids[wanted.table - 1]
    sentence = f"{grid.title}, {grid.table.frame.height} rows. Tables of the report: {_listed(report)}."
    return Made(formats.TABLES[wanted.format](grid.table), sentence)


def _listed(report: Report) -> str:
    return ", ".join(f"{number} {grid.title}" for number, grid in enumerate(report.grids, start=1))
