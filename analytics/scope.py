"""What is asked: the period, the part of the firm, and how it is grouped.

A value, so that answers can be cached and links shared.
"""

from dataclasses import dataclass
from datetime import date

from analytics.periods import COMPARISONS, is_period

GROUPINGS = ("none", "category", "site", "region", "supplier")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Empty tuples mean no restriction beyond the viewer's rights.

    ``as_of`` is the day the question is asked for; null for the snapshot's own day. ``period`` and ``comparison`` are
    codes of ``analytics.periods``.
    """

    companies: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    search: str = ""
    grouping: str = "none"
    as_of: date | None = None
    period: str = "month"
    comparison: str = "last_year"
    history_days: int = 91
    horizon_days: int = 84

    def __post_init__(self) -> None:
        """Refuses groupings that do not exist and periods that are no periods."""
        if self.grouping not in GROUPINGS:
            raise ValueError(f"there is no grouping {self.grouping!r}; there are {', '.join(GROUPINGS)}")
        if not is_period(self.period):
            raise ValueError(f"there is no period {self.period!r}")
        if self.comparison not in COMPARISONS:
            raise ValueError(f"there is no comparison {self.comparison!r}; there are {', '.join(COMPARISONS)}")
        if self.history_days < 1 or self.horizon_days < 1:
            raise ValueError("history_days and horizon_days count days: at least 1")
