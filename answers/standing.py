"""What stands while a version is served, for all who see the same of it: read once, not by every question.

Companies, rates, working days, targets and products are few; a screen asks a dozen numbers, each of which needs them.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from analytics.access import ALL, Viewer
from analytics.cubes import DAY, cube_name
from analytics.workdays import Worked
from answers import Snapshot, remembered

STOCK = "inventory.read"
KEPT = 16


@dataclass(frozen=True)
class Standing:
    """Of one version, as all see it whose rights are alike: ``rights`` is the viewer's ``scope_key``."""

    rights: str
    version: Snapshot
    viewer: Viewer = field(compare=False, repr=False)

    @classmethod
    def of(cls, viewer: Viewer, version: Snapshot) -> "Standing":
        """What stands in the version for this viewer, and for everybody with the same rights."""
        return _kept(cls(viewer.scope_key, version, viewer))

    @cached_property
    def last_day(self) -> date:
        """The latest day on which stock that the viewer may see was counted, else the day of the snapshot (UTC)."""
        if not self.viewer.may(STOCK):
            return self.version.made_at.date()
        counted = self._aggregate("stock_by_item").select(pl.col("as_of_on").max()).collect()
        return counted.item() or self.version.made_at.date()

    @cached_property
    def made_for(self) -> date | None:
        """The day for which the cells of cubes were cut; null where nothing says what day the data stands for."""
        days = self._aggregate("cells").collect()["as_of_on"].to_list()
        return days[0] if days else None

    @cached_property
    def companies(self) -> pl.DataFrame:
        """The companies that the viewer may see."""
        return self._table("companies")

    @cached_property
    def rates(self) -> pl.DataFrame:
        """All exchange rates that the viewer may see."""
        return self._table("exchange_rates")

    @cached_property
    def sees_all_rates(self) -> bool:
        """Whether these are all that there are: at them the cells of cubes were converted."""
        return self.rates.height == self.version.rows("tables/exchange_rates")

    def worths(self, into: str) -> pl.DataFrame:
        """By currency and day, what it is worth in one that is reported in: see ``analytics.money.worths``."""
        if into not in self._worths:
            known = self._aggregate("daily_worths").filter(pl.col("into") == into)
            self._worths[into] = known.select("currency", "day_on", "factor").collect()
        return self._worths[into]

    @cached_property
    def products(self) -> pl.DataFrame:
        """Every product with its category and main supplier."""
        return self._aggregate("members").collect()

    @cached_property
    def targets(self) -> pl.DataFrame:
        """All targets."""
        return self._table("targets")

    @cached_property
    def worked(self) -> Worked:
        """How much of each day each company works."""
        return Worked(self._aggregate("working_days").collect())

    def begins(self, fact: str) -> date | None:
        """The first day of which the firm has rows of a fact, whatever is asked."""
        if fact not in self._begun:
            days = cube_name(fact, DAY) if self.viewer.customers == ALL else f"fact_{fact}"
            self._begun[fact] = self._aggregate(days).select(pl.col("day_on").min()).collect().item()
        return self._begun[fact]

    @cached_property
    def _begun(self) -> dict[str, date | None]:
        return {}

    @cached_property
    def _worths(self) -> dict[str, pl.DataFrame]:
        return {}

    def _table(self, name: str) -> pl.DataFrame:
        return self.version.table(name, self.viewer).collect()

    def _aggregate(self, name: str) -> pl.LazyFrame:
        return self.version.aggregate(name, self.viewer)


@remembered(KEPT)
def _kept(asked: Standing) -> Standing:
    return asked
