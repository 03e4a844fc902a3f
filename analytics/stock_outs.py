"""Stock-outs: what runs out where, when and how likely, what that costs, and by when one must order.

Stock runs out when more is asked for than there is: what was on hand and has come by then, less what is due for open
orders, falls below zero. Open orders use up the usual demand, so that nothing counts twice; what is asked for beyond
them comes as in ``analytics.usual_demand``, receipts come as in ``analytics.lateness``, and the chances of both are
brought together in ``analytics.first_passage``. Today is the day on which stock was counted; nothing new is asked for
on it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import polars as pl

from analytics import first_passage
from analytics.demand import Tables, Types, living, open_demand, order_lines
from analytics.first_passage import Course, Outcome
from analytics.inventory import STOCKED, UNKNOWN_LEAD_DAYS
from analytics.lateness import (
    PURCHASE,
    WORK_ORDER,
    Lateness,
    day_after,
    deliveries,
    lateness,
    open_receipts,
    ordered_today,
)
from analytics.levels import stock_changes
from analytics.money import Rates
from analytics.projection import NEVER, NOTHING, Days, Numbers, expected_demand, first_day, spread
from analytics.sites import main_sites
from analytics.usual_demand import AT, draws, drift, sizes, usual_demand
from analytics.valuation import valued

HORIZON_DAYS = 84
WITHIN = (7, 14, 28, 84)
REVIEW_DAYS = 7
TRANSFER_DAYS = 7
THRESHOLD = 0.1
CONFIDENCE = 0.9
WORTH_TELLING = 0.01
APART = 4
WAYS = ("buy", "make", "transfer")
WHEN = ("not_needed", "later", "now", "too_late", "unknown")
NODES, _MASSES = np.polynomial.hermite_e.hermegauss(3)
WEIGHTS = _MASSES / _MASSES.sum()
RISKS: Types = {
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "as_of_on": pl.Date,
    "on_hand": pl.Float64,
    "on_order": pl.Float64,
    "open_demand": pl.Float64,
    "daily_demand": pl.Float64,
    "way": pl.String,
    "supplier_id": pl.String,
    "supplier": pl.String,
    "lead_time_days": pl.Float64,
    "next_receipt_on": pl.Date,
    "new_receipt_on": pl.Date,
    "p_7": pl.Float64,
    "p_14": pl.Float64,
    "p_28": pl.Float64,
    "p_84": pl.Float64,
    "p_before_receipt": pl.Float64,
    "p_before_new": pl.Float64,
    "may_run_out_on": pl.Date,
    "likely_out_on": pl.Date,
    "order_by_on": pl.Date,
    "when_to_order": pl.String,
    "units_lost": pl.Float64,
    "units_lost_84": pl.Float64,
    "orders_at_risk": pl.Int64,
    "p_by_day": pl.List(pl.Float64),
}
ORDERS_AT_RISK: Types = {
    "kind": pl.String,
    "number": pl.String,
    "party": pl.String,
    "party_id": pl.String,
    "party_region": pl.String,
    "party_is_person": pl.Boolean,
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "due_on": pl.Date,
    "quantity": pl.Float64,
    "is_overdue": pl.Boolean,
    "p_late": pl.Float64,
    "units_short": pl.Float64,
}


@dataclass(frozen=True)
class Outlook:
    """What is known on one day of the items that somebody asks for, each at a main site.

    items: one row per product, site and company, numbered by item from 0, with on_hand and the usual demand. asked:
    every demand of the past. orders: the open ones, with the item's number. coming: every open receipt. late: how late
    receipts come.
    """

    as_of: date
    items: pl.DataFrame
    asked: pl.DataFrame
    orders: pl.DataFrame
    coming: pl.DataFrame
    late: Lateness

    @cached_property
    def receipts(self) -> pl.DataFrame:
        """What is to come of the items, with the item's number."""
        return self.coming.join(self.items.select(*AT, "item"), on=AT, how="inner", validate="m:1")

    @cached_property
    def course(self) -> Course:
        """What lies ahead of each item for ``HORIZON_DAYS`` after today."""
        return ahead_of(self, HORIZON_DAYS)

    @cached_property
    def late_lines(self) -> pl.DataFrame:
        """The open orders with is_overdue, p_late and units_short; what is due first is served first."""
        return _late_lines(self)


def stock_out_risks(known: Outlook | None, tables: Tables, ways: pl.DataFrame) -> pl.DataFrame:
    """One row per product, main site and company that something is asked of, by product and site: see ``RISKS``.

    ``known``: the outlook of ``tables``; ``ways``: how products can be got, as the aggregate ``sourcing``. Quantities
    are in the product's base unit.

    p_7 to p_84: the chance to run out within so many days; p_by_day the same for each day from today on.
    p_before_receipt: the chance to run out before anything on order has come, within 84 days. new_receipt_on: when
    goods could come that are ordered at the next weekly review; p_before_new and units_lost: the chance to run out
    before that day, and how much is expected to be asked for until then and not served; units_lost_84: the same for 84
    days. may_run_out_on, likely_out_on: the first day with a chance of 10 and of 50 %; null where it does not come to
    that. order_by_on: the last day on which an order still comes, with a confidence of 90 %, by may_run_out_on.
    way: how goods came last to the site: buy, make or transfer, which is taken to last seven days; where none came, the
    first that the product has. lead_time_days is null where nobody states one: then 28 are taken for new_receipt_on,
    and order_by_on is not known. orders_at_risk: open order lines that come late with a chance of 10 % or more.
    """
    if known is None or known.items.is_empty():
        return pl.DataFrame(schema=RISKS)
    sourced = _sourced(known.items, tables, ways)
    arrives_in = _arrives_in(sourced, known.late, known.as_of)
    foreseen = _foreseen(first_passage.outcome(known.course), sourced, arrives_in, known.as_of)
    got = sourced.select("way", "supplier_id", "supplier", "lead_time_days")
    stood = _standing(known).with_columns(as_of_on=pl.lit(known.as_of))
    risks = pl.concat([stood, got, foreseen], how="horizontal")
    return risks.select(pl.col(name).cast(dtype) for name, dtype in RISKS.items())


def orders_at_risk(known: Outlook | None) -> pl.DataFrame:
    """One row per open order line, and component of a work order, that may come late: see ``ORDERS_AT_RISK``.

    Stock and receipts serve what is due first; p_late is the chance that they do not suffice for the line on its day,
    units_short how much of it is then missing on average. The likeliest first. Lines below a chance of 1 % are left
    out, and so are those that no site is known for.
    """
    if known is None:
        return pl.DataFrame(schema=ORDERS_AT_RISK)
    risky = known.late_lines.filter(pl.col("p_late") >= WORTH_TELLING)
    sorted_rows = risky.sort(-pl.col("p_late"), "due_on", "product_id", "number", "site_id", nulls_last=True)
    return sorted_rows.select(pl.col(name).cast(dtype) for name, dtype in ORDERS_AT_RISK.items())


def ranked(
    risks: pl.DataFrame,
    items: pl.DataFrame,
    costs: pl.DataFrame,
    rates: Rates,
    *,
    sees_margins: bool,
) -> pl.DataFrame:
    """The risks with what is at stake, the most expected loss first.

    ``items``: one row per product with list_price, cost and currency, further columns are kept. at_stake: units_lost
    times the margin of a unit, else its price, as in ``analytics.valuation``; expected, not the worst case. What has no
    price comes after what has, by the units lost.
    """
    priced = risks.join(items.drop("company_id", strict=False), on="product_id", how="inner", validate="m:1")
    lost = {name: pl.col("units_lost") for name in ("short_quantity", "short_at_sites")}
    held = priced.with_columns(owner_id=pl.col("company_id"), **lost)
    worth = valued(
        held, held, costs, rates, by=("product_id", "site_id", "owner_id"), sees_costs=False, sees_margins=sees_margins
    )
    order = (-pl.col("at_stake"), -pl.col("units_lost"), -pl.col("p_84"), *AT)
    kept = [*risks.columns, *(name for name in items.columns if name not in (*risks.columns, "cost"))]
    names = [*dict.fromkeys([*kept, "currency", "at_stake", "at_stake_is"])]
    return worth.sort(*order, nulls_last=True).select(names)


def chance_by_day(risks: pl.DataFrame) -> pl.DataFrame:
    """The course of each risk: one row per product, site, company and day from today on: day_on, probability."""
    days = pl.int_ranges(0, pl.col("p_by_day").list.len())
    told = risks.select(*AT, "as_of_on", day=days, probability=pl.col("p_by_day")).explode("day", "probability")
    return told.select(*AT, "probability", day_on=pl.col("as_of_on") + pl.duration(days=pl.col("day")))


@dataclass(frozen=True)
class Demands:
    """What customers' order lines ask for, and every demand of the past that a site had to serve."""

    ordered: pl.DataFrame
    drawn: pl.DataFrame


def demands(tables: Tables) -> Demands:
    """All that was and is asked of the firm's sites."""
    ordered = order_lines(tables)
    return Demands(ordered, draws(tables, ordered))


def outlook(tables: Tables, region: str | None = None, known: Demands | None = None) -> Outlook | None:
    """The situation that the tables tell of, on the latest day of counted stock; null where none was counted.

    Items are what is kept in stock and was asked for in the last 364 days or is asked for by an open order. ``region``:
    only those at its sites, and nothing learned from what was asked of other sites. ``known``: the demands of the
    tables, where they are known already.
    """
    as_of = living(tables["inventory_levels"])["as_of_on"].max()
    if not isinstance(as_of, date):
        return None
    places, every = _places(tables, region), known or demands(tables)
    asked = every.drawn.join(places, on="site_id", how="semi")
    orders = open_demand(tables, every.ordered)
    items = _items(tables, places, usual_demand(asked, as_of), orders)
    numbered = items.select(*AT, "item")
    return Outlook(
        as_of,
        items,
        asked,
        orders.join(numbered, on=AT, how="inner", validate="m:1"),
        open_receipts(tables),
        lateness(deliveries(tables), as_of),
    )


def _places(tables: Tables, region: str | None) -> pl.DataFrame:
    """The main sites that stock can lie in, of the region if one is named: site_id, region."""
    mains = main_sites(tables["sites"]).filter(~pl.col("is_transit"))
    return (mains if region is None else mains.filter(pl.col("region") == region)).select("site_id", "region")


def _items(tables: Tables, places: pl.DataFrame, usual: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.concat([usual.select(AT), orders.select(AT).drop_nulls()]).unique()
    kept = tables["products"].filter(pl.col("kind") == STOCKED).select("product_id")
    located = wanted.join(kept, on="product_id", how="semi").join(places, on="site_id", how="inner", validate="m:1")
    on_hand = stock_changes(tables).group_by(AT).agg(on_hand=pl.col("change").sum().cast(pl.Float64))
    stood = located.join(on_hand, on=AT, how="left", validate="1:1").join(usual, on=AT, how="left", validate="1:1")
    filled = stood.sort(AT).with_columns(pl.col("on_hand", "rate", "mean_size", "unsure").fill_null(0.0))
    return filled.with_columns(item=pl.int_range(pl.len()))


def ahead_of(known: Outlook, days: int) -> Course:
    """What lies ahead of each item, as arrays, for so many days after today."""
    items, reserved = known.items, _reservations(known, days)
    rate, size = items["rate"].to_numpy(), items["mean_size"].to_numpy()
    beyond = expected_demand(rate * size, reserved)
    quantities, arrived = _supply(known, days)
    numbered = items.select(*AT, "item")
    sized = sizes(known.asked, known.as_of).join(numbered, on=AT, how="inner", validate="m:1")
    return Course(
        stock=items["on_hand"].to_numpy(),
        certain=np.cumsum(reserved, axis=1),
        rates=np.divide(beyond, size[:, None], out=np.zeros_like(beyond), where=size[:, None] > 0),
        levels=levels(items["unsure"].to_numpy() + drift(known.asked, known.as_of)),
        weights=WEIGHTS,
        quantities=quantities,
        arrived=arrived,
        sized=sized["item"].to_numpy(),
        sizes=sized["quantity"].to_numpy(),
        shares=sized["share"].to_numpy(),
    )


def levels(variance: Numbers) -> Numbers:
    """What the usual rate of each item may be multiplied with, at three levels of the weights ``WEIGHTS``: lognormal,
    the mean 1, the relative variance as given."""
    multiples = np.exp(np.sqrt(np.log1p(variance))[:, None] * NODES)
    return np.asarray(multiples / (multiples @ WEIGHTS)[:, None])


def _reservations(known: Outlook, days: int) -> Numbers:
    """What open orders ask for, by item and day; what is overdue, or due on no stated day, today."""
    rows = known.orders.select("item", day=_due_in(known), quantity=pl.col("quantity").cast(pl.Float64))
    return spread(rows, known.items.height, days + 1)


def _due_in(known: Outlook) -> pl.Expr:
    return (pl.col("due_on") - pl.lit(known.as_of)).dt.total_days().fill_null(0).clip(lower_bound=0)


def _supply(known: Outlook, days: int) -> tuple[Numbers, Numbers]:
    """The receipts of each item within so many days: what each brings, and the chance that it has come by each day.

    What one order brings on one stated day comes all at once. The four largest of an item come each by itself; what is
    to come beyond them counts as one that has come when all of it has.
    """
    chances = known.late.arrived_by(known.receipts, known.as_of, days)
    rows = known.receipts.select("item", quantity=pl.col("quantity").cast(pl.Float64)).with_row_index("row")
    coming = rows.filter(pl.Series(chances[:, -1] > 0.0, dtype=pl.Boolean)).sort("item", -pl.col("quantity"), "row")
    placed = coming.with_columns(place=pl.int_range(pl.len()).over("item").clip(upper_bound=APART))
    at = (placed["item"].to_numpy(), placed["place"].to_numpy())
    quantities = np.zeros((known.items.height, int(at[1].max(initial=-1)) + 1))
    arrived = np.ones((*quantities.shape, days + 1))
    np.add.at(quantities, at, placed["quantity"].to_numpy())
    np.multiply.at(arrived, at, chances[placed["row"].to_numpy()])
    return quantities, np.where(quantities[:, :, None] > 0, arrived, 0.0)


def _standing(known: Outlook) -> pl.DataFrame:
    """One row per item, in their order: what there is, what is to come, what is asked for."""
    is_ahead = pl.col("due_on") >= known.as_of
    coming = known.receipts.group_by("item").agg(
        on_order=pl.col("quantity").sum().cast(pl.Float64), next_receipt_on=pl.col("due_on").filter(is_ahead).min()
    )
    wanted = known.orders.group_by("item").agg(open_demand=pl.col("quantity").sum().cast(pl.Float64))
    risky = known.late_lines.filter(pl.col("p_late") >= THRESHOLD)
    late = risky.group_by("item").agg(orders_at_risk=pl.len().cast(pl.Int64))
    stood = known.items.with_columns(daily_demand=pl.col("rate") * pl.col("mean_size"))
    for facts in (coming, wanted, late):
        stood = stood.join(facts, on="item", how="left", validate="1:1", maintain_order="left")
    return stood.with_columns(pl.col("on_order", "open_demand", "orders_at_risk").fill_null(0))


def _late_lines(known: Outlook) -> pl.DataFrame:
    quantities, arrived = _supply(known, HORIZON_DAYS)
    lines = known.orders.with_columns(pl.col("quantity").cast(pl.Float64), day=_due_in(known))
    lines = lines.filter(pl.col("day") <= HORIZON_DAYS).sort("item", "day", "due_on", "number", "quantity")
    needed = lines.select(pl.col("quantity").cum_sum().over("item")).to_series().to_numpy()
    item, day, quantity = (lines[name].to_numpy() for name in ("item", "day", "quantity"))
    stock = known.items["on_hand"].to_numpy()
    there = np.maximum(stock[:, None] + first_passage.brought(quantities), 0.0)[item]
    missing = (needed[:, None] - there).clip(0.0, quantity[:, None])
    chances = _sets(arrived[item, :, day])
    return lines.with_columns(
        is_overdue=(pl.col("due_on") < known.as_of).fill_null(False),
        p_late=pl.Series(((missing > NOTHING) * chances).sum(axis=1).clip(0.0, 1.0), dtype=pl.Float64),
        units_short=pl.Series((missing * chances).sum(axis=1), dtype=pl.Float64),
    )


def _sets(arrived: Numbers) -> Numbers:
    """By line and set of receipts, the chance that just that set has come."""
    chances = np.ones((len(arrived), 1))
    for receipt in range(arrived.shape[1]):
        come = arrived[:, [receipt]]
        chances = np.concatenate([chances * (1.0 - come), chances * come], axis=1)
    return chances


def _sourced(items: pl.DataFrame, tables: Tables, ways: pl.DataFrame) -> pl.DataFrame:
    """The items, in their order, with way, supplier_id, supplier and lead_time_days of goods that are ordered today.

    A source of the item's own company comes before those of others.
    """
    first = ways.filter(pl.col("rank") == 1)
    usual = first.sort("kind").unique("product_id", keep="first", maintain_order=True)
    stated = tables["products"].select("product_id", stated_days="lead_time_days")
    came = items.join(_last_way(tables), on=AT, how="left", validate="1:1")
    named = came.join(usual.select("product_id", usual_way="kind"), on="product_id", how="left", validate="m:1")
    known = named.join(stated, on="product_id", how="left", validate="m:1").with_columns(
        way=pl.coalesce("way", "usual_way")
    )
    offers = first.select(
        "product_id", "supplier_id", "supplier", "lead_time_days", way="kind", offered_to="company_id"
    )
    offered = known.join(offers, on=("product_id", "way"), how="left")
    own = offered.sort("item", pl.col("offered_to") != pl.col("company_id"), "offered_to", nulls_last=True)
    lead = pl.coalesce("lead_time_days", "stated_days").cast(pl.Float64)
    is_sent = pl.col("way") == "transfer"
    return own.unique("item", keep="first", maintain_order=True).with_columns(
        lead_time_days=pl.when(is_sent).then(float(TRANSFER_DAYS)).otherwise(lead)
    )


def _last_way(tables: Tables) -> pl.DataFrame:
    """One row per product, main site and company into which something came: the way of the latest."""
    ways = {"receipt": "buy", "production": "make", "transfer": "transfer"}
    moves = living(tables["stock_moves"]).filter((pl.col("status") == "done") & pl.col("moved_at").is_not_null())
    way = pl.col("kind").cast(pl.String).replace_strict(ways, default=None)
    places = main_sites(tables["sites"])
    left = places.select(from_site_id="site_id", left_site_id="main_site_id")
    reached = places.select(to_site_id="site_id", site_id="main_site_id")
    came = moves.with_columns(way=way).drop_nulls("way")
    routed = came.join(reached, on="to_site_id", how="inner", validate="m:1").join(
        left, on="from_site_id", how="left", validate="m:1"
    )
    entered = routed.filter(pl.col("left_site_id").ne_missing(pl.col("site_id")))
    return entered.sort("moved_at", "stock_move_id").unique(AT, keep="last", maintain_order=True).select(*AT, "way")


def _arrives_in(sourced: pl.DataFrame, late: Lateness, as_of: date) -> pl.Series:
    """After how many days goods that are ordered today will have come, with the confidence; null where that is not
    known."""
    lead = pl.col("lead_time_days").ceil().cast(pl.Int64)
    ordered = sourced.select(
        "supplier_id",
        kind=pl.when(pl.col("way") == "make").then(pl.lit(WORK_ORDER)).otherwise(pl.lit(PURCHASE)),
        due_on=ordered_today(pl.col("lead_time_days"), as_of),
    )
    found = sourced.with_columns(lead=lead, days=late.arrives_in(ordered, as_of, CONFIDENCE))
    return found.select(pl.when(pl.col("way") == "transfer").then("lead").otherwise("days")).to_series()


def _foreseen(found: Outcome, sourced: pl.DataFrame, arrives_in: pl.Series, as_of: date) -> pl.DataFrame:
    """One row per item, in their order: chances, losses and days."""
    items = np.arange(sourced.height)
    lead = sourced["lead_time_days"].fill_null(UNKNOWN_LEAD_DAYS).to_numpy()
    new = REVIEW_DAYS + np.ceil(lead).astype(np.int64)
    until_new = (new - 1).clip(max=HORIZON_DAYS)
    likely, may = (_days(first_day(found.out >= share)) for share in (0.5, THRESHOLD))
    order_by = may - arrives_in
    return pl.DataFrame(
        {
            **{f"p_{days}": found.out[:, days] for days in WITHIN},
            "p_before_receipt": found.out_first,
            "p_before_new": found.out[items, until_new],
            "units_lost": found.lost[items, until_new],
            "units_lost_84": found.lost[:, HORIZON_DAYS],
            "new_receipt_on": day_after(pl.Series(new), as_of),
            "may_run_out_on": day_after(may, as_of),
            "likely_out_on": day_after(likely, as_of),
            "order_by_on": day_after(order_by, as_of),
            "when_to_order": _when(may, order_by),
            "p_by_day": pl.Series(found.out.tolist(), dtype=pl.List(pl.Float64)),
        }
    )


def _days(first: Days) -> pl.Series:
    """The number of days, null where it never happens."""
    return pl.Series(first).replace(NEVER, None)


def _when(may_run_out_in: pl.Series, order_by_in: pl.Series) -> pl.Series:
    """One of ``WHEN``: now, when the order has to be placed before the next weekly review."""
    chosen = (
        pl.when(may_run_out_in.is_null())
        .then(pl.lit("not_needed"))
        .when(order_by_in.is_null())
        .then(pl.lit("unknown"))
        .when(order_by_in < 0)
        .then(pl.lit("too_late"))
        .when(order_by_in < REVIEW_DAYS)
        .then(pl.lit("now"))
        .otherwise(pl.lit("later"))
    )
    return pl.select(chosen).to_series()
