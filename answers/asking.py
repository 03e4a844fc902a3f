"""Asking about a part of the firm: who asks, about which part, of which version; and how answers read with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

import polars as pl

from analytics.access import Viewer
from analytics.money import daily_factors, reporting_currency
from analytics.scope import Scope
from analytics.tables import SHARED
from answers import Snapshot
from answers.standing import Standing

OF_FIRM = ("company_id", "region")
OF_STOCK = (*OF_FIRM, "site_id")


def cut(rows: pl.LazyFrame, scope: Scope, by: Collection[str] = OF_FIRM) -> pl.LazyFrame:
    """The rows of the scope's companies, regions and sites, by those of the columns ``by`` that the rows have."""
    companies = (*scope.companies, SHARED) if scope.companies else ()
    asked = {"company_id": companies, "region": scope.regions, "site_id": scope.sites}
    chosen = {column: members for column, members in asked.items() if members and column in by}
    known = rows.collect_schema() if chosen else ()
    return rows.filter(*(pl.col(name).is_in(list(members)) for name, members in chosen.items() if name in known))


@dataclass(frozen=True)
class Asking:
    """Who asks, about which part of the firm, of which version; ``cuts_by``: what of the scope chooses rows."""

    viewer: Viewer
    scope: Scope
    version: Snapshot

    cuts_by: ClassVar[tuple[str, ...]] = OF_FIRM

    def table(self, name: str) -> pl.DataFrame:
        """A table, cut by rights and by the scope."""
        return cut(self.version.table(name, self.viewer), self.scope, self.cuts_by).collect()

    def aggregate(self, name: str, masked: Mapping[str, str] | None = None) -> pl.LazyFrame:
        """An aggregate, cut by rights and by the scope; ``masked``: see ``Snapshot``."""
        return cut(self.version.aggregate(name, self.viewer, masked=masked), self.scope, self.cuts_by)

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for."""
        return self.scope.as_of or self.last_day

    @property
    def last_day(self) -> date:
        """The latest day on which stock that the viewer may see was counted, else the day of the snapshot (UTC)."""
        return Standing.of(self.viewer, self.version).last_day

    @cached_property
    def currency(self) -> str | None:
        """The reporting currency."""
        return reporting_currency(Standing.of(self.viewer, self.version).companies, self.scope.companies)

    @property
    def rates(self) -> pl.DataFrame:
        """All exchange rates."""
        return Standing.of(self.viewer, self.version).rates

    def converted(self, rows: pl.DataFrame, *amounts: str) -> pl.DataFrame:
        """The amounts as numbers in the reporting currency, each at the rate of its ``day_on``; null where none is
        known."""
        factors = daily_factors(self.rates, self.currency, rows.select("currency", "day_on"))
        joined = rows.join(factors, on=("currency", "day_on"), how="left", validate="m:1", maintain_order="left")
        worth = [pl.col(name).cast(pl.Float64) * pl.col("factor") for name in amounts]
        return joined.with_columns(worth).drop("factor")

    @cached_property
    def customer_names(self) -> pl.DataFrame:
        """What customers are called: customer_id, customer, its name, else its number."""
        rows = self.version.table("customers", self.viewer)
        return rows.select("customer_id", customer=pl.coalesce("name", "number")).collect()
