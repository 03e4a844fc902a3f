"""Inventory against demand: what runs out, when, what covers it, and what that is worth.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything.
``version`` names the snapshot to read; without it the one served now. How demand is counted, and what each state means,
is said in ``analytics.demand`` and ``analytics.inventory``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from analytics import inventory
from analytics.access import ALL, Viewer, require
from analytics.demand_weeks import RECENT_WEEKS, WEEKS, by_week, of_late, of_late_by_day
from analytics.inventory import GROUPED, Situation
from analytics.money import Rates, factors, reporting_currency
from analytics.scope import Scope
from analytics.tables import SHARED
from answers import Snapshot, remembered, snapshot
from answers.asking import OF_STOCK, Asking

RIGHT = "inventory.read"
COSTS = {"cost": "costs", "amount": "costs"}
KEPT = 8
EVENT_KINDS = ("purchase", "work_order", "order")
GROUP_COLUMNS = {
    "none": ("product_id", None),
    "category": ("category_id", "category"),
    "supplier": ("supplier_id", "supplier"),
}


class NotKept(Exception):
    """The question is about a day for which not all that it needs was kept."""


@dataclass(frozen=True)
class Question(Asking):
    """Who asks what about stock, of which version."""

    cuts_by = OF_STOCK

    def aggregate(self, name: str, masked: Mapping[str, str] | None = None) -> pl.LazyFrame:
        """An aggregate, cut by rights and scope; an item's cost only for those who may see costs."""
        return super().aggregate(name, {**COSTS, **(masked or {})})

    @property
    def sees_everywhere(self) -> bool:
        """Whether no site is left out, by rights or by scope."""
        limits = (self.scope.companies, self.scope.sites, self.scope.regions)
        return self.viewer.companies == ALL and self.viewer.regions == ALL and not any(limits)


def asked(viewer: Viewer, scope: Scope, version: Snapshot | None) -> Question:
    """The question, if the viewer may ask it; about the version served now, unless one is named."""
    return Question(require(viewer, RIGHT), scope, version or snapshot())


def day(viewer: Viewer, *, version: Snapshot | None = None) -> date:
    """The day that the data stands for: the latest on which stock was counted, else the day of the snapshot (UTC)."""
    return asked(viewer, Scope(), version).last_day


def outlook(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item that is or should be in stock in the scope, the gravest first.

    Quantities are sums over the scope's sites, in the item's base unit; see ``analytics.inventory.outlook``.
    """
    return _outlook(asked(viewer, of_stock(scope), version))


@remembered(KEPT)
def _outlook(question: Question) -> pl.DataFrame:
    """Worked out once for all that is made of it: groups, numbers, decisions."""
    return inventory.outlook(_situation(question))


def of_stock(scope: Scope) -> Scope:
    """The scope without what stock as it stands today has nothing to do with: the period, and how it is grouped."""
    usual = Scope()
    return replace(scope, period=usual.period, comparison=usual.comparison, grouping=usual.grouping)


def groups(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per group of ``scope.grouping`` (and currency, where one cannot be converted), the most at stake first.

    Categories and suppliers (an item's main one) part the items: their sums are those of the outlook. A site or region
    is an outlook of its own: an item counts at every site that has something to do with it, on_hand_value adds up to
    that of the outlook, at_stake does not, since stock at one site does not cover what another is short of. Demand that
    no site is known for is in no site's and no region's row. Without grouping: one row for all.
    """
    question = asked(viewer, scope, version)
    if scope.grouping not in ("site", "region"):
        whole = _outlook(replace(question, scope=of_stock(scope)))
        rows = whole.with_columns(everything=pl.lit(None, dtype=pl.String))
        key, name = GROUP_COLUMNS[scope.grouping]
        return inventory.groups(rows, key if name else "everything", name or "everything")
    column = "site_id" if scope.grouping == "site" else "region"
    rows = _grouped(replace(question, scope=of_stock(scope)), column)
    named = rows.join(_group_names(question), on="group", how="left", validate="m:1", maintain_order="left")
    return inventory.groups(named.with_columns(name=pl.coalesce("group_name", "group")), "group", "name")


@remembered(KEPT)
def _grouped(question: Question, column: str) -> pl.DataFrame:
    """The outlook of each site, or of each region, by itself."""
    return inventory.outlook(_situation(question).grouped(column), GROUPED)


def by_site(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One item at each site of the scope, judged by itself, the most at stake first: the outlook's columns, site_id and
    site."""
    question = asked(viewer, scope, version)
    rows = inventory.outlook(_situation(question, product_id).grouped("site_id"), GROUPED)
    named = rows.join(_group_names(question), on="group", how="left", validate="m:1", maintain_order="left")
    return named.with_columns(site=pl.coalesce("group_name", "group")).rename({"group": "site_id"}).drop("group_name")


def _group_names(question: Question) -> pl.DataFrame:
    return question.version.aggregate("places", question.viewer).select(group="site_id", group_name="site").collect()


def projection(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One item's stock to come, day by day: see ``analytics.inventory.projection``. Empty if it is not in scope."""
    return inventory.projection(_situation(asked(viewer, scope, version), product_id))


def history(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The stock and demand of one item over the last ``history_days``: see ``analytics.inventory.history``."""
    question = asked(viewer, scope, version)
    one = pl.col("product_id") == product_id
    known = items_of(question, one).select("product_id").lazy()
    facts = [question.aggregate(name).filter(one) for name in ("stock_changes", "demand_by_item_day")]
    changes, demand = pl.collect_all([rows.join(known, on="product_id", how="semi") for rows in facts])
    return inventory.history(changes, demand, day_of(question), scope.history_days)


def events(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What is to come and what is asked for of one item: one row per open purchase line, work order, order line.

    kind, direction (in, out: a work_order makes the item, or takes it as a component), number, party, due_on, quantity,
    is_overdue; by due date, undated last. number and party are null for orders of customers outside the viewer's
    regions: the site's stock is the viewer's to see, whose order draws on it is not. The name of a private person needs
    personal_data.
    """
    question = asked(viewer, scope, version)
    one = pl.col("product_id") == product_id
    supply = question.aggregate("open_supply").filter(one).with_columns(direction=pl.lit("in"))
    wanted = without_strangers(question.aggregate("open_demand").filter(one), viewer).with_columns(
        direction=pl.lit("out")
    )
    columns = ("kind", "direction", "number", "party", "due_on", "quantity")
    known = items_of(question, one).select("product_id").lazy()
    rows = pl.concat([frame.join(known, on="product_id", how="semi").select(columns) for frame in (supply, wanted)])
    overdue = (pl.col("due_on") < day_of(question)).fill_null(False)
    typed = rows.with_columns(pl.col("quantity").cast(pl.Float64), is_overdue=overdue)
    return typed.sort("due_on", "direction", "kind", "number", "quantity", nulls_last=True).collect()


def without_strangers(orders: pl.LazyFrame, viewer: Viewer) -> pl.LazyFrame:
    """Without number and party of orders that the viewer may not see, and without names of persons."""
    hidden = pl.lit(value=False)
    if viewer.regions != ALL:
        own = pl.col("party_region").is_in(list(viewer.regions)).fill_null(False)
        hidden = (pl.col("kind") == "order") & ~own
    nameless = hidden | (pl.col("party_is_person") & (not viewer.may("personal_data")))
    return orders.with_columns(number=pl.when(~hidden).then("number"), party=pl.when(~nameless).then("party"))


def day_of(question: Question) -> date:
    """The day of the data; past states of orders are not kept, so no other day can be asked for."""
    known = day(question.viewer, version=question.version)
    if question.scope.as_of not in (None, known):
        raise NotKept(f"Open orders are known for {known} only. Ask for that day.")
    return known


def _situation(question: Question, product_id: str | None = None) -> Situation:
    as_of, scope, viewer = day_of(question), question.scope, question.viewer
    one = pl.col("product_id") == product_id if product_id is not None else pl.lit(value=True)
    items = items_of(question, one)
    names = ("stock_by_item", "open_supply", "open_demand", "reorder_points")
    facts = [question.aggregate(name).filter(one) for name in names]
    any_demand = question.version.aggregate("demand_by_item_week", viewer).select(pl.col("first_on").min())
    stock, supply, open_demand, reorder_points, first = pl.collect_all([*facts, any_demand])
    return Situation(
        as_of=as_of,
        history_days=scope.history_days,
        horizon_days=scope.horizon_days,
        items=items,
        stock=stock,
        demand=_demand_of_late(question, as_of, one),
        supply=supply,
        open_demand=open_demand,
        reorder_points=reorder_points,
        costs=costs_of(question, one),
        rates=rates_of(question, as_of),
        first_demand_on=first.item(),
        everywhere=question.sees_everywhere,
        sees_costs=viewer.may("costs"),
        sees_margins=viewer.may("margins"),
    )


def _demand_of_late(question: Question, as_of: date, wanted: pl.Expr) -> pl.DataFrame:
    """What was asked for within the history, or thirteen weeks: see ``analytics.demand_weeks.of_late``."""
    days = question.scope.history_days
    is_in_weeks = days % 7 == 0 and days // 7 <= WEEKS
    if is_in_weeks:
        rows = of_late(demand_by_week(question, as_of, wanted), days // 7)
    else:
        rows = of_late_by_day(question.aggregate("demand_by_item_day").filter(wanted).collect(), as_of, days)
    since = as_of - timedelta(days=max(days, 7 * RECENT_WEEKS))
    return rows.filter(pl.col("last_on") > since)


def demand_by_week(question: Question, as_of: date, wanted: pl.Expr) -> pl.DataFrame:
    """What was asked for in each week that is counted back from the day: as it lies there where it was counted back
    from that very day, else from the days: for those who see other sites only than where stock was counted last."""
    cells = question.version.aggregate("cells", question.viewer).collect()["as_of_on"].to_list()
    if cells == [as_of]:
        return question.aggregate("demand_by_item_week").filter(wanted).collect()
    return by_week(question.aggregate("demand_by_item_day").filter(wanted).collect(), as_of)


def items_of(question: Question, wanted: pl.Expr | None = None) -> pl.DataFrame:
    """The items of the scope, each with its main supplier and the days that buying and making take."""
    rows = [question.aggregate(name).filter(True if wanted is None else wanted) for name in ("items", "sourcing")]
    items, sourcing = pl.collect_all(rows)
    described = inventory.sourced(items, sourcing)
    scope = question.scope
    chosen = list(_named_by(scope.categories, scope.suppliers, scope.search))
    return described.filter(chosen) if chosen else described


def _named_by(categories: Sequence[str], suppliers: Sequence[str], search: str) -> Iterator[pl.Expr]:
    """Of one of the categories or one below it, of one of the main suppliers, and with the text in a name or number."""
    if categories:
        yield pl.col("category_ids").list.set_intersection(list(categories)).list.len() > 0
    if suppliers:
        yield pl.col("supplier_id").is_in(list(suppliers))
    if search.strip():
        text = search.strip().lower()
        parts = [
            pl.col(name).str.to_lowercase().str.contains(text, literal=True) for name in ("sku", "name", "name_zh")
        ]
        yield pl.any_horizontal(part.fill_null(False) for part in parts)


def costs_of(question: Question, wanted: pl.Expr) -> pl.DataFrame:
    """What items cost at each company of the scope."""
    costs = question.version.table("product_costs", question.viewer).filter(wanted)
    if question.scope.companies:
        costs = costs.filter(pl.col("company_id").is_in([*question.scope.companies, SHARED]))
    return costs.select("product_id", "company_id", "cost", "currency").collect()


def rates_of(question: Question, on: date) -> Rates:
    """The reporting currency of the scope's companies, and the rates of the day."""
    tables = [question.version.table(name, question.viewer) for name in ("companies", "exchange_rates")]
    companies, rates = pl.collect_all(tables)
    currency = reporting_currency(companies, question.scope.companies)
    return Rates(currency, factors(rates, currency, on))
