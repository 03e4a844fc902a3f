"""Needs a decision: what somebody has to decide today, ranked by the money at stake, with who should act and where the
evidence is.

The question is about today: the scope's period does not matter, its filters do. A kind that cannot be narrowed by a
filter that is set is left out: an overdue invoice belongs to no category. What each kind means is said in
``analytics.decisions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from analytics import decisions as rules
from analytics.access import Viewer, require
from analytics.deciding.known import Known
from analytics.decisions import DECISIONS, KINDS, Kind
from analytics.excess import POSITIONS
from analytics.inventory import OUTLOOK
from analytics.money import Rates, factors, reporting_currency
from analytics.scope import Scope
from analytics.unusual import YEAR
from answers import Snapshot, inventory, snapshot, stock
from answers.asking import OF_STOCK, cut

RIGHT = "overview.read"
MASKED = {
    "supplier_lines": {"amount": "costs"},
    "bought_by_supplier": {"amount": "costs"},
    "margins_by_product": {"cost": "margins"},
    "margins_by_customer": {"cost": "margins"},
}
NAMES = ("sku", "name", "name_zh")
STANDING = ("companies", "exchange_rates", "customers", "suppliers", "campaigns", "employees")


def decisions(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per thing to decide, the most money first: see ``analytics.decisions.DECISIONS``.

    And ``owner``, the employee who should act, null where nobody is known or the viewer may not see personal data; and
    ``company``, the name of the company it is about, null where the viewer sees only one.
    """
    asked = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    found = rules.found(asked.known, asked.kinds, year=asked.year)
    people = asked.standing["employees"].select(owner_id="employee_id", owner="name")
    named = found.join(people, on="owner_id", how="left", validate="m:1", maintain_order="left")
    firms = asked.standing["companies"].select("company_id", company="name")
    several = firms if firms.height > 1 else firms.clear()
    return named.join(several, on="company_id", how="left", validate="m:1", maintain_order="left").select(
        *DECISIONS, "owner", "company"
    )


@dataclass(frozen=True)
class _Asked:
    """Who asks, of which part of the firm, of which version."""

    viewer: Viewer
    scope: Scope
    version: Snapshot

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds that the viewer may see and that the scope's filters can narrow."""
        names = ("sites", "categories", "suppliers", "search")
        filters = {name for name in names if getattr(self.scope, name)}
        return {
            name: kind
            for name, kind in KINDS.items()
            if kind.needs <= self.viewer.capabilities and filters <= kind.narrowed_by
        }

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for."""
        if self.viewer.may(inventory.RIGHT):
            return inventory.day(self.viewer, version=self.version)
        return self.version.made_at.date()

    @cached_property
    def standing(self) -> dict[str, pl.DataFrame]:
        """The tables of names, as the viewer may see them."""
        tables = [self.version.table(name, self.viewer) for name in STANDING]
        return dict(zip(STANDING, pl.collect_all(tables), strict=True))

    @cached_property
    def products(self) -> pl.DataFrame:
        """Every product with its category and main supplier."""
        return self.version.aggregate("members", self.viewer).collect()

    @cached_property
    def chosen(self) -> pl.DataFrame | None:
        """The products that the scope asks for; null for all."""
        scope, text = self.scope, self.scope.search.strip().lower()
        if not (scope.categories or scope.suppliers or text):
            return None
        chosen = self.products
        if scope.categories:
            under = pl.col("category_ids").list.set_intersection(list(scope.categories)).list.len() > 0
            chosen = chosen.filter(under)
        if scope.suppliers:
            chosen = chosen.filter(pl.col("supplier_id").is_in(list(scope.suppliers)))
        names = [pl.col(name).str.to_lowercase().str.contains(text, literal=True) for name in NAMES]
        return chosen.filter(pl.any_horizontal(name.fill_null(False) for name in names)).select("product_id")

    @cached_property
    def aggregates(self) -> dict[str, pl.DataFrame]:
        """The aggregates that the kinds read, cut by rights and scope."""
        names = sorted({name for kind in self.kinds.values() for name in kind.reads})
        frames = pl.collect_all([self._cut(name) for name in names])
        return dict(zip(names, frames, strict=True))

    def _cut(self, name: str) -> pl.LazyFrame:
        return cut(self.version.aggregate(name, self.viewer, masked=MASKED.get(name)), self.scope, OF_STOCK)

    @cached_property
    def outlook(self) -> pl.DataFrame:
        """The outlook on stock, each company by itself, with company_id; without rows for those who may not see it."""
        nothing = pl.DataFrame(schema={**OUTLOOK, "company_id": pl.String})
        if not self.viewer.may(inventory.RIGHT):
            return nothing
        everyone = self.standing["companies"].get_column("company_id").sort().to_list()
        return pl.concat([nothing, *(self._outlook_of(company) for company in self.scope.companies or everyone)])

    def _outlook_of(self, company: str) -> pl.DataFrame:
        scope = replace(self.scope, companies=(company,))
        rows = inventory.outlook(self.viewer, scope, version=self.version)
        return rows.with_columns(company_id=pl.lit(company))

    @cached_property
    def stock(self) -> pl.DataFrame:
        """All stock, and what of it is too much; without rows for those who may not see what it is worth."""
        if "stock_too_much" not in self.kinds:
            return pl.DataFrame(schema={**POSITIONS, "site": pl.String})
        return stock.positions(self.viewer, self.scope, version=self.version)

    @cached_property
    def rates(self) -> Rates:
        """The reporting currency, and what others are worth in it on the day of the data."""
        currency = reporting_currency(self.standing["companies"], self.scope.companies)
        return Rates(currency, factors(self.standing["exchange_rates"], currency, self.as_of))

    @cached_property
    def known(self) -> Known:
        """All that the kinds find in."""
        standing = self.standing
        return Known(
            as_of=self.as_of,
            rates=self.rates,
            outlook=self.outlook,
            stock=self.stock,
            aggregates=self.aggregates,
            products=self.products,
            customers=standing["customers"].select(
                "customer_id", "segment", "country", "owner_id", customer=pl.coalesce("name", "number")
            ),
            suppliers=standing["suppliers"].select("supplier_id", supplier="name"),
            campaigns=standing["campaigns"].select(
                "campaign_id", "starts_on", "ends_on", "cost", "currency", campaign="name"
            ),
            chosen=self.chosen,
            may=self.viewer.capabilities,
        )

    @property
    def year(self) -> float:
        """What was ordered within a year, in the reporting currency; zero for those who may not see sales."""
        if not self.viewer.may("sales.read"):
            return 0.0
        rows = self.aggregates.get("sales_by_customer")
        sales = self._cut("sales_by_customer").collect() if rows is None else rows
        recent = sales.filter(pl.col("weeks_ago") < YEAR)
        return float(self.known.converted(recent, "amount").get_column("amount").sum())
