"""The registry of metrics: every number on a screen has one name, one formula, one unit, one direction, one right.

A ratio is a sum over a sum, never a mean of ratios. What the names mean in words stands in ``display.words.metrics``;
the KPI dictionary in ``docs`` is written from both.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["money", "share", "days", "count"]
Time = Literal["flow", "balance", "now"]

DIMENSIONS = (
    "product",
    "category",
    "customer",
    "segment",
    "region",
    "company",
    "site",
    "supplier",
    "salesperson",
    "currency",
)
COVER_DAYS = 91


@dataclass(frozen=True)
class Measure:
    """A sum of a column of a fact (see ``analytics.facts``), of the outlook on stock (``outlook``), or of the stock of
    each item at each site (``positions``).

    flow: of the rows of the days of the period. balance: of all rows up to its last day. now: of the rows as they are
    today; no earlier day is kept. ``over_days``: the flow of so many days up to the period's last one, not of the
    period. ``only``: which rows count: overdue (due before the day), over (the day by which it counts has passed, or it
    was kept), or a state of the outlook.
    """

    fact: str
    column: str
    time: Time = "flow"
    over_days: int | None = None
    only: tuple[str, ...] = ()

    @property
    def is_money(self) -> bool:
        """Whether it is an amount in a currency."""
        return self.column in MONEY_COLUMNS


MONEY_COLUMNS = frozenset(
    {"amount", "cost", "margin", "margin_base", "at_stake", "stock_value", "dead_value", "excess_value"}
)


@dataclass(frozen=True)
class Metric:
    """One number: ``numerator``, divided by ``denominator`` where there is one, times ``factor``.

    ``better``: 1 more is better, -1 less is, 0 neither. ``right``: the capability that the number needs; ``needs``:
    further ones. ``is_compared``: earlier values can be known. ``by_workdays``: last year's value is adjusted for
    working days. ``source``: the standard, textbook or page that the definition follows.
    """

    name: str
    unit: Unit
    better: int
    numerator: Measure
    right: str
    source: str
    denominator: Measure | None = None
    factor: float = 1.0
    needs: frozenset[str] = field(default_factory=frozenset)
    by_workdays: bool = False
    tolerance: float = 0.02

    @property
    def is_ratio(self) -> bool:
        """Whether it is a sum over a sum."""
        return self.denominator is not None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The sums that it is made of."""
        return (self.numerator,) if self.denominator is None else (self.numerator, self.denominator)

    @property
    def time(self) -> Time:
        """Whether it is of a period, of a day, or of today only."""
        return self.numerator.time

    @property
    def capabilities(self) -> frozenset[str]:
        """All that a viewer needs to see it."""
        return self.needs | {self.right}


_SCOR = "ASCM SCOR Digital Standard"
_BC = "Microsoft Business Central, finance KPIs"
_OWN = "Tandem"

_ALL = (
    Metric(
        "orders_taken", "money", 1, Measure("order_lines", "amount"), "sales.read",
        "Order intake; Business Central, sales KPIs", by_workdays=True,
    ),
    Metric(
        "revenue", "money", 1, Measure("invoice_lines", "amount"), "sales.read", "IFRS 15, at the invoice's date",
        by_workdays=True,
    ),
    Metric(
        "cost_of_sales", "money", 0, Measure("invoice_lines", "cost"), "sales.read", _BC,
        needs=frozenset({"margins"}), by_workdays=True,
    ),
    Metric(
        "gross_margin", "money", 1, Measure("invoice_lines", "margin"), "sales.read", _BC,
        needs=frozenset({"margins"}), by_workdays=True,
    ),
    Metric(
        "gross_margin_rate", "share", 1, Measure("invoice_lines", "margin"), "sales.read", _BC,
        denominator=Measure("invoice_lines", "margin_base"), needs=frozenset({"margins"}), tolerance=0.005,
    ),
    Metric(
        "on_time_in_full", "share", 1, Measure("due_lines", "kept", only=("over",)), "sales.read",
        f"{_SCOR}: RL.2.1 in full, RL.2.2 delivery to commit date",
        denominator=Measure("due_lines", "due", only=("over",)), tolerance=0.01,
    ),
    Metric(
        "supplier_on_time", "share", 1, Measure("purchase_lines", "kept", only=("over",)), "purchasing.read",
        "Odoo PR 58653: no data is no data, not 100 %",
        denominator=Measure("purchase_lines", "due", only=("over",)), tolerance=0.02,
    ),
    Metric(
        "stock_value", "money", 0, Measure("stock", "amount", "balance"), "inventory.read", _BC,
        needs=frozenset({"costs"}), tolerance=0.05,
    ),
    Metric(
        "days_of_stock", "days", -1, Measure("stock", "amount", "balance"), "inventory.read",
        f"{_SCOR}: AM.2.2 inventory days of supply",
        denominator=Measure("issues", "amount", over_days=COVER_DAYS), factor=float(COVER_DAYS),
        needs=frozenset({"costs"}), tolerance=0.05,
    ),
    Metric(
        "margin_at_risk", "money", -1, Measure("outlook", "at_stake", "now"), "inventory.read", _OWN,
    ),
    Metric("receivables", "money", 0, Measure("receivables", "amount", "balance"), "receivables.read", _BC),
    Metric(
        "overdue_receivables", "money", -1, Measure("receivables", "amount", "balance", only=("overdue",)),
        "receivables.read", _BC, tolerance=0.05,
    ),
    Metric(
        "tickets_opened", "count", -1, Measure("tickets", "count"), "service.read", "ITIL 4, incident volume",
        by_workdays=True, tolerance=0.1,
    ),
    Metric(
        "complaints", "count", -1, Measure("complaints", "count"), "service.read", "ISO 10002", by_workdays=True,
        tolerance=0.1,
    ),
    Metric(
        "items_out", "count", -1, Measure("outlook", "one", "now", only=("negative", "out")), "inventory.read", _OWN
    ),
    Metric(
        "items_running_out", "count", -1, Measure("outlook", "one", "now", only=("runs_out",)), "inventory.read", _OWN
    ),
    Metric("items_low", "count", -1, Measure("outlook", "one", "now", only=("low",)), "inventory.read", _OWN),
    Metric(
        "overdue_receipts", "count", -1, Measure("outlook", "one", "now", only=("awaited",)), "inventory.read", _OWN
    ),
    Metric(
        "dead_stock", "money", -1, Measure("positions", "dead_value", "now"), "inventory.read",
        "APICS Dictionary: inactive inventory", needs=frozenset({"costs"}),
    ),
    Metric(
        "excess_stock", "money", -1, Measure("positions", "excess_value", "now"), "inventory.read",
        "APICS Dictionary: excess inventory", needs=frozenset({"costs"}),
    ),
    Metric(
        "stock_in_scope", "money", 0, Measure("outlook", "stock_value", "now"), "inventory.read", _BC,
        needs=frozenset({"costs"}),
    ),
)  # fmt: skip

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
