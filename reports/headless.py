"""A report without a browser: what is asked for by name, checked, and made from the snapshot that is served."""

from dataclasses import dataclass

from analytics.access import NotAllowed, Viewer
from analytics.periods import is_period
from analytics.scope import Scope
from answers import snapshot
from display import periods
from display.words import LANGUAGES, say
from reports import catalogue, formats
from reports.content import Report
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

    def __post_init__(self) -> None:
        """Refuses what does not exist, with what does."""
        known = {
            "report": (self.report_name, catalogue.REPORTS),
            "format": (self.format, formats.FORMATS),
            "language": (self.language, LANGUAGES),
        }
        for what, (name, names) in known.items():
            if name not in names:
                raise NotKnown(f"There is no {what} {name!r}. Known are: {', '.join(names)}.")
        if not is_period(self.period):
            raise NotKnown(f"There is no period {self.period!r}. Write month, quarter, year, 2026-03, or two days.")
        if catalogue.REPORTS[self.report_name].of_customer != bool(self.customer):
            raise NotKnown("A customer sheet is about one customer: name it with --customer, and only there.")

    @property
    def report_name(self) -> str:
        """The name of the report; hyphens are as good as underscores."""
        return self.name.replace("-", "_")


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
