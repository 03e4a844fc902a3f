"""Surges: products that a market suddenly orders more often, told apart from what only looks like it.

A market is a company's customers of one region, and is judged by its own rows alone; all of a company's together are
one more (region is null), which finds what is spread thinly. Alarms are raised by who orders, not by how much: see
``analytics.surge_signs``; then it is asked what else would explain them:

* one_customer: without the one who orders most, nothing unusual is left.
* promotion: a campaign ran, and without those whom it addressed nothing unusual is left.
* rebound: before it there were hardly any orders, and both spans together are not unusual.
* surge: none of these.

one_order is no alarm: a single order of late that is far larger than such orders are, and larger than all that is
usually ordered in four weeks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from analytics import surge_signs as signs
from analytics.demand import Types
from analytics.demand_history import one_offs
from analytics.projection import Numbers
from analytics.surge_signs import Market

MARKET = ("company_id", "region")
KINDS = ("surge", "one_customer", "promotion", "rebound", "one_order")
HISTORY_DAYS, RECENT_DAYS, LOOKED_BACK = 560, 28, 56
STANDS_FOR = 14
AFTER_CAMPAIGN = 14
UNUSUAL = 0.01
QUIET_DAYS, QUIET = (14, 28, 56), 0.5
SURGES: Types = {
    "product_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "kind": pl.String,
    "since_on": pl.Date,
    "alarmed_on": pl.Date,
    "orders": pl.Float64,
    "usual_orders": pl.Float64,
    "quantity": pl.Float64,
    "usual_quantity": pl.Float64,
    "customers": pl.Int64,
    "largest_share": pl.Float64,
}


@dataclass(frozen=True)
class _Watched:
    """One market: its order lines of the time looked at, its products in the order of the rows, and their counts."""

    as_of: date
    lines: pl.DataFrame
    products: list[str]
    market: Market

    @property
    def last(self) -> int:
        return self.market.days - 1

    def day_on(self, day: int) -> date:
        return self.as_of - timedelta(days=self.last - day)

    def counts(self, lines: pl.DataFrame) -> Numbers:
        """Orders by product and day: each customer once a day."""
        first = self.as_of - timedelta(days=self.last)
        numbers = dict(zip(self.products, range(len(self.products)), strict=True))
        once = lines.unique(("product_id", "customer_id", "day_on"))
        found = np.zeros((len(self.products), self.market.days))
        rows = once["product_id"].replace_strict(numbers, return_dtype=pl.Int64).to_numpy()
        np.add.at(found, (rows, (once["day_on"] - first).dt.total_days().to_numpy()), 1.0)
        return found


def surges(ordered: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per product and market that stands out on the day ``as_of``: see ``SURGES``.

    ordered: one row per order line: company_id, region (the customer's), product_id, customer_id, document, day_on,
    quantity. members: whom campaigns addressed: customer_id, starts_on, ends_on. since_on: when it likeliest began;
    alarmed_on: the first day of the alarm that stands; orders, usual_orders, quantity, usual_quantity: since then,
    beside what was to be expected; customers: how many ordered; largest_share: what part of the quantity the largest
    order has.
    """
    begins = as_of - timedelta(days=HISTORY_DAYS - 1)
    known = ordered.filter(pl.col("day_on").is_between(begins, as_of) & (pl.col("quantity") > 0))
    typed = known.with_columns(pl.col("quantity").cast(pl.Float64)).drop_nulls(["product_id", "customer_id"])
    placed = typed.drop_nulls("region")
    apart = [_of_market(part, members, as_of) for part in placed.partition_by(MARKET, maintain_order=True)]
    wholes = [_of_company(part, members, as_of) for part in typed.partition_by("company_id", maintain_order=True)]
    by_region = pl.concat([pl.DataFrame(schema=SURGES), *apart])
    whole = pl.concat([by_region.clear(), *wholes]).join(by_region, on=("company_id", "product_id"), how="anti")
    return pl.concat([by_region, whole]).sort("kind", "company_id", "region", "product_id", nulls_last=True)


def _of_company(lines: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What stands out of all regions together; where there is but one it was asked already."""
    if lines["region"].n_unique() == 1 and lines["region"].null_count() == 0:
        return pl.DataFrame(schema=SURGES)
    return _of_market(lines.with_columns(region=pl.lit(None, dtype=pl.String)), members, as_of)


def _of_market(lines: pl.DataFrame, members: pl.DataFrame, as_of: date) -> pl.DataFrame:
    watched = _watched(lines, as_of)
    found = [_told(watched, product, alarmed, members) for product, alarmed in _alarmed(watched).items()]
    keys = lines.select(MARKET).row(0, named=True)
    raised = pl.DataFrame([row | keys for row in found], schema=SURGES)
    return pl.concat([raised, _large_orders(watched, {str(row["product_id"]) for row in found})])


def _watched(lines: pl.DataFrame, as_of: date) -> _Watched:
    first = lines["day_on"].min()
    days = (as_of - first).days + 1 if isinstance(first, date) else 1
    products = lines["product_id"].unique().sort().to_list()
    empty = _Watched(as_of, lines, products, Market(np.zeros((len(products), days)), np.zeros(len(products))))
    orders = empty.counts(lines)
    return _Watched(as_of, lines, products, Market(orders, np.argmax(orders > 0, axis=1).astype(np.float64)))


def _alarmed(watched: _Watched) -> dict[int, int]:
    """By product whose alarm stands, the first day of it. It stands for fourteen days after it was raised last."""
    begins = max(watched.last - LOOKED_BACK, 0)
    unrests = tuple(signs.unrest(watched.market, watched.last, days) for days in signs.WINDOWS)
    first, latest = dict[int, int](), dict[int, int]()
    for day in range(begins, watched.market.days):
        chances, _ = signs.chances(watched.market, day, unrests)
        for product in np.flatnonzero(signs.alarms(chances)).tolist():
            if day - latest.get(product, -STANDS_FOR - 1) > STANDS_FOR:
                first[product] = day
            latest[product] = day
    return {product: day for product, day in first.items() if watched.last - latest[product] <= STANDS_FOR}


def _told(watched: _Watched, product: int, alarmed: int, members: pl.DataFrame) -> dict[str, object]:
    """What is said of one alarm, but for whose it is."""
    since = _since(watched, product)
    name, since_on = watched.products[product], watched.day_on(since)
    own = watched.lines.filter(pl.col("product_id") == name)
    after = own.filter(pl.col("day_on") >= since_on)
    told = signs.window(watched.market, watched.last, watched.last - since + 1, 0.0)
    orders, usual = float(told.orders[product]), float(told.expected[product])
    before = own.filter(pl.col("day_on").is_between(since_on - timedelta(days=signs.BASE_DAYS), since_on, "left"))
    whole = watched.market.orders[product, max(0, since - signs.BASE_DAYS) : since].sum()
    size = float(before["quantity"].sum()) / max(float(whole), 1.0)
    sizes = after.group_by("document").agg(pl.col("quantity").sum())["quantity"]
    return {
        "product_id": name,
        "kind": _kind(watched, product, since, members),
        "since_on": since_on,
        "alarmed_on": watched.day_on(alarmed),
        "orders": orders,
        "usual_orders": usual,
        "quantity": float(after["quantity"].sum()),
        "usual_quantity": usual * size,
        "customers": after["customer_id"].n_unique(),
        "largest_share": float(sizes.max() or 0.0) / max(float(sizes.sum()), signs.NOTHING),  # type: ignore[arg-type]
    }


def _since(watched: _Watched, product: int) -> int:
    """The day on which the change likeliest began, of the last eight weeks."""
    first = max(watched.last - LOOKED_BACK + 1, 0)
    told = signs.window(watched.market, watched.last, watched.last - first + 1, 0.0)
    whole = watched.market.orders[:, first:].sum(axis=0) - watched.market.orders[product, first:]
    busy = whole / max(float(whole.sum()), signs.NOTHING)
    orders = watched.market.orders[product, first:]
    return first + signs.begins_at(orders, busy * float(min(told.expected[product], 1 / signs.NOTHING)))


def _kind(watched: _Watched, product: int, since: int, members: pl.DataFrame) -> str:
    since_on = watched.day_on(since)
    own = watched.lines.filter(pl.col("product_id") == watched.products[product])
    after = own.filter(pl.col("day_on") >= since_on).unique(("customer_id", "day_on"))
    most = after.group_by("customer_id").len().sort(-pl.col("len").cast(pl.Int64), "customer_id")["customer_id"].head(1)
    if not _is_unusual(watched, product, since, own.filter(~pl.col("customer_id").is_in(most.implode()))):
        return "one_customer"
    running = (pl.col("starts_on") <= watched.as_of) & (
        pl.col("ends_on") + pl.duration(days=AFTER_CAMPAIGN) >= pl.lit(since_on)
    )
    addressed = members.filter(running).select("customer_id").unique()
    if addressed.height and not _is_unusual(watched, product, since, own.join(addressed, on="customer_id", how="anti")):
        return "promotion"
    return "rebound" if _came_back(watched, product, since) else "surge"


def _is_unusual(watched: _Watched, product: int, since: int, lines: pl.DataFrame) -> bool:
    """Whether these orders of the product alone, since then, are more than they usually are."""
    orders = watched.market.orders.copy()
    orders[product] = watched.counts(lines)[product]
    told = signs.window(Market(orders, watched.market.begins), watched.last, watched.last - since + 1, 0.0)
    return bool(told.chance[product] < UNUSUAL and told.orders[product] >= signs.LEAST_TIMES * told.expected[product])


def _came_back(watched: _Watched, product: int, since: int) -> bool:
    """Whether there were hardly any orders in the weeks before, and all since their beginning is no more than usual."""
    for days in QUIET_DAYS:
        before = signs.window(watched.market, since - 1, days, 0.0)
        both = signs.window(watched.market, watched.last, watched.last - since + 1 + days, 0.0)
        was_quiet = before.orders[product] <= QUIET * before.expected[product]
        if was_quiet and both.chance[product] >= UNUSUAL:
            return True
    return False


def _large_orders(watched: _Watched, besides: set[str]) -> pl.DataFrame:
    """Single orders of the last four weeks that are far larger than such orders are, of products without an alarm."""
    lines = watched.lines.with_columns(site_id=pl.lit(None, dtype=pl.String), number="document")
    recent = watched.as_of - timedelta(days=RECENT_DAYS)
    found = one_offs(lines).filter((pl.col("day_on") > recent) & ~pl.col("product_id").is_in(list(besides)))
    months = signs.BASE_DAYS / RECENT_DAYS
    half_year = watched.lines.filter(pl.col("day_on") > watched.as_of - timedelta(days=signs.BASE_DAYS))
    usual = half_year.group_by("product_id").agg(whole=pl.col("quantity").sum())
    beside = found.join(usual, on="product_id", how="inner", validate="m:1")
    monthly = (pl.col("whole") - pl.col("quantity")) / months
    clear = beside.with_columns(monthly=monthly).filter(pl.col("quantity") > pl.col("monthly"))
    largest = clear.sort(-pl.col("quantity"), "number").unique("product_id", keep="first", maintain_order=True)
    told = largest.with_columns(
        kind=pl.lit("one_order"),
        since_on="day_on",
        alarmed_on="day_on",
        orders=pl.lit(1.0),
        usual_orders=pl.lit(1.0),
        usual_quantity="monthly",
        customers=pl.lit(1),
        largest_share=pl.lit(1.0),
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in SURGES.items())
