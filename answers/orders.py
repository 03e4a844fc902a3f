"""Orders from the order to the money: which are open, at which stage, why they wait, and how long each step takes.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything. What each
stage, reason and step means is said in ``analytics.order_flow``. Orders that are delivered and wait for their payment
are told to those who may see receivables; what an order waits for, to those who may see stock.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from analytics import order_flow
from analytics.access import ALL, Viewer, require
from analytics.money import factors, reporting_currency
from analytics.order_flow import OPEN, TO_DELIVER, WAITS_FOR_SUPPLY, step_ended_on
from analytics.periods import Period, compared, months_until, period
from analytics.scope import Scope
from answers import Snapshot, inventory, snapshot
from answers.asking import Asking

RIGHT = "sales.read"
MONTHS = 13
DUE_DAYS = 7
WAITING = "waiting"
OF_STOCK = ("short_product_id", "supply_number", "supply_party", "supply_due_on", "expected_on")
OF_SITE = ("supply_number", "supply_party")


def orders(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per open order of goods, the latest first, then by the day promised: the columns of the aggregate
    order_stages, and customer (its name), item names of what is short, and these.

    due_on: the first promise, else the one of now. days_late: by how much that day has passed, negative while it has
    not; null without a promise. is_late: still to be delivered, and the day has passed. will_be_late: not late yet, but
    what it waits for comes after that day. value: what is still to be delivered, of orders delivered all their amount,
    in the reporting currency; where no rate is known in ``currency``, the order's own.
    """
    return OrdersAsked(require(viewer, RIGHT), scope, version or snapshot()).orders


def stages(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per open stage and currency, in their order, each stage at least once: stage, orders, late, value,
    currency. ``rows``: open orders."""
    order = pl.DataFrame({"stage": OPEN}).with_row_index("order")
    sums = rows.group_by("stage", "currency").agg(
        orders=pl.len().cast(pl.Int64), late=pl.col("is_late").sum().cast(pl.Int64), value=pl.col("value").sum()
    )
    joined = order.join(sums, on="stage", how="left", validate="1:m").with_columns(
        pl.col("orders", "late").fill_null(0), pl.col("value").fill_null(0.0)
    )
    return joined.sort("order", -pl.col("orders"), "currency").drop("order")


def steps(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How long each step took of the orders that took it in the period, against the one compared with: see
    ``analytics.order_flow.step_times``. The time until payment needs receivables.read."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    found = order_flow.step_times(question.past, question.period, compared(question.period, scope.comparison))
    return found if viewer.may("receivables.read") else found.filter(pl.col("step") != "to_paid")


def months(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The time from the order to its arrival over the last thirteen months: see
    ``analytics.order_flow.cycle_by_month``."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    return order_flow.cycle_by_month(question.past, months_until(question.period, MONTHS))


def spread(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How many orders that arrived in the period took how long: see ``analytics.order_flow.cycle_spread``."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    return order_flow.cycle_spread(question.past, question.period)


def lines(viewer: Viewer, scope: Scope, order_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The lines of goods of one open order, by their position: the columns of the aggregate order_line_stages, the
    names of item and of what is short, site (its name), and is_late, days_late as for the order. None if the order is
    not in scope."""
    question = OrdersAsked(require(viewer, RIGHT), scope, version or snapshot())
    known = question.orders.filter(pl.col("sales_order_id") == order_id).select("sales_order_id")
    rows = question.aggregate("order_line_stages").filter(pl.col("sales_order_id") == order_id).collect()
    places = question.version.aggregate("places", viewer).select("site_id", "site").collect()
    named = question.named(question.allowed(rows.join(known, on="sales_order_id", how="semi")))
    told = named.join(places, on="site_id", how="left", validate="m:1", maintain_order="left").join(
        question.items, on="product_id", how="left", validate="m:1", maintain_order="left"
    )
    return told.with_columns(_lateness(question.as_of)).with_columns(_judged()).drop("supply_region")


def _lateness(as_of: date) -> list[pl.Expr]:
    """The day promised first, and how long ago that was."""
    due_on = pl.coalesce("first_promised_on", "promised_on")
    return [due_on.alias("due_on"), (pl.lit(as_of) - due_on).dt.total_days().alias("days_late")]


def _judged() -> list[pl.Expr]:
    is_awaited = pl.col("stage").is_in(TO_DELIVER)
    is_late = (is_awaited & (pl.col("days_late") > 0)).fill_null(value=False)
    comes_late = (is_awaited & (pl.col("expected_on") > pl.col("due_on"))).fill_null(value=False)
    return [is_late.alias("is_late"), (comes_late & ~is_late).alias("will_be_late")]


@dataclass(frozen=True)
class OrdersAsked(Asking):
    """Who asks, about which part of the firm, of which version."""

    @cached_property
    def period(self) -> Period:
        """The period that is asked about."""
        return period(self.scope.period, self.as_of)

    @cached_property
    def members(self) -> pl.DataFrame:
        """Every product with its names, categories and main supplier."""
        return self.version.aggregate("members", self.viewer).collect()

    @property
    def items(self) -> pl.DataFrame:
        """What products are called: product_id, sku, name, name_zh, unit."""
        return self.members.select("product_id", "sku", "name", "name_zh", "unit")

    def stages(self) -> pl.LazyFrame:
        """The orders of the scope: those with a line at one of its sites, and with one of its products."""
        rows = self.aggregate("order_stages")
        if self.scope.sites:
            rows = rows.filter(_any_of("site_ids", self.scope.sites))
        if self.scope.categories or self.scope.suppliers or self.scope.search:
            rows = rows.filter(_any_of("product_ids", self._products()))
        return rows

    def _products(self) -> tuple[str, ...]:
        """The products that the scope asks for."""
        found, scope = self.members, self.scope
        if scope.categories:
            found = found.filter(_any_of("category_ids", scope.categories))
        if scope.suppliers:
            found = found.filter(pl.col("supplier_id").is_in(list(scope.suppliers)))
        if scope.search:
            named = pl.concat_str("sku", "name", "name_zh", separator=" ", ignore_nulls=True).str.to_lowercase()
            found = found.filter(named.str.contains(scope.search.lower(), literal=True))
        return tuple(found["product_id"])

    @cached_property
    def past(self) -> pl.DataFrame:
        """The instants of all orders that arrived, or went further, within the periods that are asked about."""
        spans = [self.period, compared(self.period, self.scope.comparison), *months_until(self.period, MONTHS)]
        first = min(span.first for span in spans)
        is_recent = pl.any_horizontal(step_ended_on(step) >= first for step in order_flow.TIMES)
        return self.stages().filter(is_recent).select(order_flow.INSTANTS).collect()

    @cached_property
    def orders(self) -> pl.DataFrame:
        """The open orders, told in full."""
        shown = OPEN if self.viewer.may("receivables.read") else OPEN[:-1]
        rows = self.stages().filter(pl.col("stage").is_in(shown)).drop("paid_at").collect()
        customers = self.version.table("customers", self.viewer)
        names = customers.select("customer_id", customer=pl.coalesce("name", "number")).collect()
        named = self.named(self.allowed(rows)).join(
            names, on="customer_id", how="left", validate="m:1", maintain_order="left"
        )
        judged = self._valued(named).with_columns(_lateness(self.as_of)).with_columns(_judged())
        is_awaited = pl.col("stage").is_in(TO_DELIVER)
        ranked = judged.sort(
            ~is_awaited, ~pl.col("is_late"), "due_on", -pl.col("value"), "sales_order_id", nulls_last=True
        )
        return ranked.drop("product_ids", "site_ids", "supply_region")

    def allowed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Without what an order waits for, for who may not see stock; without whose order brings it, where that is
        stock of another region."""
        if not self.viewer.may(inventory.RIGHT):
            waits = pl.col("reason").is_in(WAITS_FOR_SUPPLY)
            reason = pl.when(waits).then(pl.lit(WAITING)).otherwise("reason")
            return rows.with_columns(_nothing(rows, OF_STOCK)).with_columns(reason=reason)
        if self.viewer.regions == ALL:
            return rows
        is_own = pl.col("supply_region").is_in(list(self.viewer.regions)).fill_null(value=False)
        return rows.with_columns(pl.when(is_own).then(name).alias(name) for name in OF_SITE)

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With short_sku, short_name and short_name_zh, of what is short."""
        short = self.items.drop("unit").select(pl.all().name.prefix("short_"))
        return rows.join(short, on="short_product_id", how="left", validate="m:1", maintain_order="left")

    def _valued(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With value, in the reporting currency where a rate is known."""
        companies = self.version.table("companies", self.viewer).collect()
        reported = reporting_currency(companies, self.scope.companies)
        quoted = self.version.table("exchange_rates", self.viewer).collect()
        rates = factors(quoted, reported, self.as_of)
        joined = rows.join(rates, on="currency", how="left", validate="m:1", maintain_order="left")
        amount = pl.when(pl.col("stage").is_in(TO_DELIVER) & (pl.col("open_amount") > 0)).then("open_amount")
        own = amount.otherwise("amount").cast(pl.Float64)
        is_known = pl.col("factor").is_not_null()
        return joined.with_columns(
            value=own * pl.col("factor").fill_null(1.0),
            currency=pl.when(is_known).then(pl.lit(reported, dtype=pl.String)).otherwise("currency"),
        ).drop("factor")


def _any_of(column: str, keys: tuple[str, ...]) -> pl.Expr:
    return (pl.col(column).list.set_intersection(list(keys)).list.len() > 0).fill_null(value=False)


def _nothing(rows: pl.DataFrame, columns: tuple[str, ...]) -> list[pl.Expr]:
    return [pl.lit(None, dtype=rows.schema[name]).alias(name) for name in columns]
