"""Inventory against demand: what is on hand, what comes, what goes, what runs out. Pure: frames in, frames out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from analytics.demand import Types, known_sum
from analytics.demand_weeks import RECENT, RECENT_WEEKS
from analytics.money import Rates
from analytics.projection import NEVER, Paths, project, relief_day, runs_out_day, short_quantity, spread
from analytics.tables.columns import DECIMAL
from analytics.valuation import valued

PAIR = ("product_id", "site_id")
ITEM = ("product_id",)
GROUPED = ("product_id", "group")
FACTS = ("stock", "demand", "supply", "open_demand", "reorder_points")
REVIEW_DAYS = 14
UNKNOWN_LEAD_DAYS = 28
OVERSTOCK_DAYS = 180
STOCKED = "storable"
STATES = ("negative", "out", "runs_out", "low", "healthy", "overstock", "no_demand")
SHORT = ("negative", "out", "runs_out")
OUTLOOK: Types = {
    "rank": pl.Int64,
    "product_id": pl.String,
    "sku": pl.String,
    "name": pl.String,
    "name_zh": pl.String,
    "category_id": pl.String,
    "category": pl.String,
    "supplier_id": pl.String,
    "supplier": pl.String,
    "unit": pl.String,
    "on_hand": pl.Float64,
    "reserved": pl.Float64,
    "available": pl.Float64,
    "in_transit": pl.Float64,
    "on_order": pl.Float64,
    "open_demand": pl.Float64,
    "next_receipt_on": pl.Date,
    "overdue_receipts": pl.Float64,
    "minimum_quantity": pl.Float64,
    "daily_demand": pl.Float64,
    "days_of_cover": pl.Float64,
    "lead_time_days": pl.Float64,
    "runs_out_on": pl.Date,
    "short_quantity": pl.Float64,
    "at_stake": pl.Float64,
    "at_stake_is": pl.String,
    "stock_value": pl.Float64,
    "is_unvalued": pl.Boolean,
    "currency": pl.String,
    "state": pl.String,
    "sites_short": pl.Int64,
    "at_stake_at_sites": pl.Float64,
    "recent_demand": pl.List(pl.Float64),
}
PROJECTION: Types = {
    "day_on": pl.Date,
    "receipts": pl.Float64,
    "reservations": pl.Float64,
    "expected_demand": pl.Float64,
    "projected": pl.Float64,
    "certain": pl.Boolean,
}


def net_moves(moves: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """What came in minus what went out: one row per product, site and day (UTC) on which that is not zero.

    A done move dated after ``as_of`` has already changed today's level, so it counts on ``as_of``. A move without a
    date stands on no day and is left out: what it moved shows as unexplained.
    """
    dated = moves.filter(pl.col("moved_at").is_not_null())
    day_on = pl.col("moved_at").dt.date().clip(upper_bound=as_of)
    outgoing = dated.select("product_id", site_id="from_site_id", day_on=day_on, net=-pl.col("quantity"))
    incoming = dated.select("product_id", site_id="to_site_id", day_on=day_on, net=pl.col("quantity"))
    both = pl.concat([outgoing.cast({"net": DECIMAL}), incoming.cast({"net": DECIMAL})])
    nets = both.drop_nulls("site_id").group_by(*PAIR, "day_on").agg(pl.col("net").sum().cast(DECIMAL))
    return nets.filter(pl.col("net") != 0).sort(*PAIR, "day_on")


def rewound(today: pl.DataFrame, moves: pl.DataFrame, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Daily levels, found by running done moves backwards from today's level; and what the moves do not explain.

    ``today``: product_id, site_id, on_hand (several rows of a pair add up). ``moves``, done ones only: product_id,
    from_site_id, to_site_id (null where the place is not ours), quantity, moved_at.
    Levels (product_id, site_id, as_of_on, on_hand): one row per pair and day at whose end the level differs from the
    day before, one for ``as_of`` for every pair of either frame, and one for the day before the first change where the
    opening balance is not zero. A pair that only moves know has zero today.
    Differences (product_id, site_id, unexplained): the opening balance of each pair where it is not zero.
    """
    nets = net_moves(moves, as_of)
    now = _levels_now(today, nets)
    since = pl.col("net").cum_sum(reverse=True).over(PAIR)
    changes = nets.with_columns(since=since).join(now, on=PAIR, how="left", validate="m:1").sort(*PAIR, "day_on")
    first = changes.unique(PAIR, keep="first", maintain_order=True)
    before = pl.col("on_hand") - pl.col("since")
    levels = pl.concat(
        [
            _level(first.filter(before != 0), pl.col("day_on") - timedelta(days=1), before),
            _level(changes, pl.col("day_on"), before + pl.col("net")),
            _level(now, pl.lit(as_of), pl.col("on_hand")),
        ]
    )
    kept = levels.unique((*PAIR, "as_of_on"), keep="last", maintain_order=True).sort(*PAIR, "as_of_on")
    return kept, _unexplained(now, nets)


def _levels_now(today: pl.DataFrame, nets: pl.DataFrame) -> pl.DataFrame:
    """One row per pair that either frame knows, with its level today."""
    held = today.select(*PAIR, pl.col("on_hand").cast(DECIMAL))
    moved = nets.select(*PAIR, on_hand=pl.lit(0, dtype=DECIMAL))
    return pl.concat([held, moved]).group_by(PAIR).agg(pl.col("on_hand").sum().cast(DECIMAL))


def _level(rows: pl.DataFrame, day_on: pl.Expr, on_hand: pl.Expr) -> pl.DataFrame:
    return rows.select(*PAIR, as_of_on=day_on.cast(pl.Date), on_hand=on_hand.cast(DECIMAL))


def _unexplained(now: pl.DataFrame, nets: pl.DataFrame) -> pl.DataFrame:
    """One row per pair whose level today is not the sum of its moves."""
    moved = nets.group_by(PAIR).agg(moved=pl.col("net").sum())
    gaps = now.join(moved, on=PAIR, how="left", validate="1:1")
    unexplained = (pl.col("on_hand") - pl.col("moved").fill_null(0)).cast(DECIMAL)
    return gaps.select(*PAIR, unexplained=unexplained).filter(pl.col("unexplained") != 0).sort(PAIR)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known on one day of the items in question: frames that rights and scope have cut already.

    items: see ``sourced``. stock, demand, supply, open_demand, reorder_points: the aggregates stock_by_item,
    open_supply and those of these names; demand: see ``analytics.demand_weeks.of_late``, asked for the history.
    ``first_demand_on`` is the first day of any demand.
    ``everywhere``: neither scope nor rights leave out a site, so items without a trace at any site belong to it too.
    """

    as_of: date
    history_days: int
    horizon_days: int
    items: pl.DataFrame
    stock: pl.DataFrame
    demand: pl.DataFrame
    supply: pl.DataFrame
    open_demand: pl.DataFrame
    reorder_points: pl.DataFrame
    costs: pl.DataFrame
    rates: Rates
    first_demand_on: date | None
    everywhere: bool = True
    sees_costs: bool = True
    sees_margins: bool = True

    def grouped(self, column: str) -> "Situation":
        """The same with a ``group`` on each fact; facts that no site is known for belong to no group and fall out."""
        facts = {name: getattr(self, name) for name in FACTS}
        placed = {name: rows.drop_nulls("site_id").with_columns(group=pl.col(column)) for name, rows in facts.items()}
        return replace(self, **placed, everywhere=False)


def daily_demand(quantity: pl.Expr, days: int) -> pl.Expr:
    """Mean demand a day over so many days, idle days included. Null where nothing was asked for, net of returns."""
    return pl.when(quantity > 0).then(quantity / days)


def observed_days(first_demand_on: date | None, as_of: date, history_days: int) -> int:
    """Over how many days demand was observed: the history asked for, or the time since the first demand if shorter."""
    since = (as_of - first_demand_on).days + 1 if first_demand_on else history_days
    return min(history_days, max(since, 1))


def days_of_cover(available: pl.Expr, daily: pl.Expr) -> pl.Expr:
    """Days that the stock lasts at the usual demand; below zero counts as nothing. Null without demand: no answer."""
    return available.clip(lower_bound=0) / daily


def is_wanted() -> pl.Expr:
    """Whether somebody asked for the item within the history, has an open order on it, or has some of it reserved."""
    return pl.col("daily_demand").is_not_null() | (pl.col("open_demand") > 0) | (pl.col("reserved").fill_null(0) > 0)


def state() -> pl.Expr:
    """The first of these that holds.

    negative: recorded below zero. no_demand: nobody wants it. out: somebody does, and nothing is there. runs_out:
    nothing will be left before the next receipt that helps, be it one that is ordered today. low: has to be ordered
    within two weeks, or what is free and what is on order are below the reorder point. overstock: covers more than 180
    days. Where no lead time is known, 28 days are taken.
    """
    lead = pl.col("lead_time_days").fill_null(UNKNOWN_LEAD_DAYS)
    free = pl.col("on_hand") - pl.col("reserved").fill_null(0)
    below = (free + pl.col("on_order") < pl.col("minimum_quantity")).fill_null(False)
    return (
        pl.when(pl.col("on_hand") < 0)
        .then(pl.lit("negative"))
        .when(~is_wanted())
        .then(pl.lit("no_demand"))
        .when(pl.col("on_hand") == 0)
        .then(pl.lit("out"))
        .when((pl.col("runs_out_in") < pl.col("relief_in")).fill_null(False))
        .then(pl.lit("runs_out"))
        .when((pl.col("runs_out_in") < lead + REVIEW_DAYS).fill_null(False) | below)
        .then(pl.lit("low"))
        .when(pl.col("days_of_cover") > OVERSTOCK_DAYS)
        .then(pl.lit("overstock"))
        .otherwise(pl.lit("healthy"))
    )


def balances(situation: Situation, by: Sequence[str] = ITEM) -> pl.DataFrame:
    """What stands on both sides: one row per item, or per item and group, that is or should be in stock.

    That is: storable and active, or with stock, here; where scope or rights leave out sites, only items with a trace at
    those that are left.
    """
    sides = (_standing, _asked, _coming, _wanted, _reordered)
    known = _known(situation, by)
    for side in sides:
        known = known.join(side(situation, by), on=by, how="left", validate="1:1", nulls_equal=True)
    counted = ("on_hand", "in_transit", "on_order", "open_demand", "overdue_receipts")
    reserved = pl.when(pl.col("on_hand").is_null()).then(0.0).otherwise("reserved")
    filled = known.with_columns(reserved=reserved).with_columns(pl.col(counted).fill_null(0.0))
    is_held = (pl.col("on_hand") != 0) | ((pl.col("kind") == STOCKED) & pl.col("is_active"))
    return filled.filter(is_held).with_columns(pl.col("recent_demand").fill_null([0.0] * RECENT_WEEKS))


def _known(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    """One row per item in question, or per item and group where it left a trace, with what is known of the item."""
    if situation.everywhere:
        return situation.items
    traces = pl.concat([getattr(situation, name).select(by) for name in FACTS]).unique()
    return traces.join(situation.items, on="product_id", how="inner", validate="m:1")


def sourced(items: pl.DataFrame, sourcing: pl.DataFrame) -> pl.DataFrame:
    """The items with their main supplier, and lead_time_days: that supplier's, else the item's, else that to make it.

    Null where nobody states one.
    """
    described = items.join(_ways(sourcing), on="product_id", how="left", validate="1:1")
    lead = pl.coalesce("buy_lead_days", "lead_time_days", "make_lead_days").cast(pl.Float64)
    return described.with_columns(lead_time_days=lead)


def _ways(sourcing: pl.DataFrame) -> pl.DataFrame:
    """One row per item: its main supplier, and the days that buying and making take."""
    ways = sourcing.sort("rank", "company_id")
    bought = pl.col("kind") == "buy"
    return ways.group_by("product_id", maintain_order=True).agg(
        pl.col("supplier_id", "supplier").filter(bought).first(),
        buy_lead_days=pl.col("lead_time_days").filter(bought).first(),
        make_lead_days=pl.col("lead_time_days").filter(~bought).first(),
    )


def _standing(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    quantities = pl.col("on_hand", "in_transit").sum().cast(pl.Float64)
    only_on_way = pl.col("site_id").is_null().all()
    reserved = pl.when(only_on_way).then(0.0).otherwise(known_sum(pl.col("reserved").cast(pl.Float64)))
    return situation.stock.group_by(by).agg(quantities, reserved=reserved)


def _asked(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    """Demand of the past: its daily mean over the history, and its last thirteen weeks, the oldest first."""
    days = observed_days(situation.first_demand_on, situation.as_of, situation.history_days)
    sums = situation.demand.group_by(by).agg(pl.col("asked", *RECENT).sum())
    oldest_first = pl.concat_list(reversed(RECENT))
    return sums.select(*by, recent_demand=oldest_first, daily_demand=daily_demand(pl.col("asked"), days))


def _coming(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    """What is on order, when the next of it is due, and what should have come already."""
    quantity = pl.col("quantity").cast(pl.Float64)
    overdue = pl.col("due_on") < situation.as_of
    return situation.supply.group_by(by).agg(
        on_order=quantity.sum(),
        overdue_receipts=quantity.filter(overdue).sum(),
        next_receipt_on=pl.col("due_on").filter(~overdue).min(),
    )


def _wanted(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    return situation.open_demand.group_by(by).agg(open_demand=pl.col("quantity").sum().cast(pl.Float64))


def _reordered(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    return situation.reorder_points.group_by(by).agg(pl.col("minimum_quantity").sum().cast(pl.Float64))


def paths(situation: Situation, stood: pl.DataFrame, by: Sequence[str] = ITEM) -> Paths:
    """The projection of each row of ``balances``, from the day of counting to the horizon.

    Overdue receipts are not taken to come tomorrow: nobody said so. Overdue orders wait to be served today.
    """
    days = situation.horizon_days + 1
    rows = stood.select(by).with_row_index("item")
    receipts = _by_day(situation, situation.supply.drop_nulls("due_on"), rows, by)
    orders = _by_day(situation, situation.open_demand, rows, by)
    reservations = orders.with_columns(day=pl.col("day").fill_null(0).clip(lower_bound=0))
    return project(
        stood["on_hand"].to_numpy(),
        stood["daily_demand"].fill_null(0.0).to_numpy(),
        spread(receipts, rows.height, days),
        spread(reservations, rows.height, days),
    )


def _by_day(situation: Situation, facts: pl.DataFrame, rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    joined = facts.join(rows, on=by, how="inner", validate="m:1", nulls_equal=True)
    day = (pl.col("due_on") - pl.lit(situation.as_of)).dt.total_days()
    return joined.select("item", day=day, quantity=pl.col("quantity").cast(pl.Float64))


def outlook(situation: Situation, by: Sequence[str] = ITEM) -> pl.DataFrame:
    """Every item with its state, when it runs out and what is at stake; the gravest first: see ``OUTLOOK``.

    With ``by`` of item and group: one row per item and group, each projected by itself.
    """
    judged = _foreseen(situation, by)
    worth = valued(
        judged.join(_short_sites(situation, judged, by), on=by, how="left", validate="1:1", nulls_equal=True),
        situation.stock,
        situation.costs,
        situation.rates,
        by=by,
        sees_costs=situation.sees_costs,
        sees_margins=situation.sees_margins,
    )
    return _ranked(worth.with_columns(pl.col("sites_short").fill_null(0)), by)


def _foreseen(situation: Situation, by: Sequence[str]) -> pl.DataFrame:
    """The balances with when each runs out, when help comes, how much is short until then, and the state."""
    stood = balances(situation, by)
    ahead = paths(situation, stood, by)
    wanted = stood.select(is_wanted()).to_series().to_numpy()
    on_hand, lead = stood["on_hand"].to_numpy(), stood["lead_time_days"].fill_null(UNKNOWN_LEAD_DAYS).to_numpy()
    runs_out = runs_out_day(ahead, wanted)
    relief = relief_day(ahead, runs_out, lead)
    foreseen = stood.with_columns(
        runs_out_in=pl.Series(runs_out),
        relief_in=pl.Series(relief),
        short_quantity=pl.Series(short_quantity(ahead, on_hand, relief)),
    ).with_columns(pl.col("runs_out_in").replace(NEVER, None))
    return _judged(foreseen, situation.as_of)


def _short_sites(situation: Situation, judged: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What a sum over sites hides: at how many sites the item is short, each judged by itself, and by how much in all.

    For an item and group: whether and by how much it is short there. No row for an item that is short nowhere.
    """
    by_itself = judged if "group" in by else _foreseen(situation.grouped("site_id"), GROUPED)
    short = by_itself.filter(pl.col("state").is_in(SHORT))
    return short.group_by(by).agg(sites_short=pl.len().cast(pl.Int64), short_at_sites=pl.col("short_quantity").sum())


def _judged(foreseen: pl.DataFrame, as_of: date) -> pl.DataFrame:
    available = pl.col("on_hand") - pl.col("reserved")
    cover = days_of_cover(available.fill_null(pl.col("on_hand")), pl.col("daily_demand"))
    runs_out_on = pl.lit(as_of) + pl.duration(days=pl.col("runs_out_in"))
    measured = foreseen.with_columns(available=available, days_of_cover=cover, runs_out_on=runs_out_on.cast(pl.Date))
    return measured.with_columns(state=state())


def _ranked(worth: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """By consequence: first what cannot be served, the most money first, then what is short at single sites only, again
    by money, then by state, then by when it runs out.

    What is short and has no price comes after what has one, before all that is not short; there the state decides,
    priced or not.
    """
    gravity = pl.col("state").replace_strict({name: place for place, name in enumerate(STATES)}, return_dtype=pl.Int64)
    is_short = pl.col("short_quantity") > 0
    is_short_at_sites = (pl.col("sites_short") > 0) & ~is_short
    order: list[pl.Expr | str] = [
        is_short.not_(),
        pl.when(is_short).then(-pl.col("at_stake")),
        is_short_at_sites.not_(),
        pl.when(is_short_at_sites).then(-pl.col("at_stake_at_sites")),
        gravity,
        "runs_out_on",
        "days_of_cover",
        "sku",
        *by,
    ]
    sorted_rows = worth.sort(*order, nulls_last=True)
    ranked = sorted_rows.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    extra = [name for name in by if name not in OUTLOOK]
    return ranked.select(*extra, *(pl.col(name).cast(dtype) for name, dtype in OUTLOOK.items()))


def groups(rows: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """One row per group and currency, the most at stake first: how many products, in which state, worth what.

    ``rows``: an outlook. out counts negative and out, running_out runs_out. on_hand_value and at_stake are sums; null
    where no row of the group knows it; unvalued counts products whose stock has no known value and is not in the sum.
    """
    states = {"out": ("negative", "out"), "running_out": ("runs_out",), "low": ("low",)}
    counts = {count: pl.col("state").is_in(names).sum().cast(pl.Int64) for count, names in states.items()}
    summed = rows.group_by(group_key=pl.col(key), group=pl.col(name), currency=pl.col("currency")).agg(
        products=pl.col("product_id").n_unique().cast(pl.Int64),
        **counts,
        on_hand_value=known_sum(pl.col("stock_value")),
        at_stake=known_sum(pl.col("at_stake")),
        unvalued=pl.col("is_unvalued").sum().cast(pl.Int64),
    )
    columns = ("group_key", "group", "products", *states, "on_hand_value", "at_stake", "unvalued", "currency")
    order = (-pl.col("at_stake"), -pl.col("products"), "group", "group_key", "currency")
    return summed.select(columns).sort(*order, nulls_last=True)


def projection(situation: Situation) -> pl.DataFrame:
    """The days to come of the one item of the situation: one row per day from ``as_of`` to the horizon.

    day_on, receipts (known and due that day; overdue ones do not count), reservations (open orders due that day;
    overdue ones today), expected_demand (usual demand that they do not cover; none today), projected (on hand at the
    day's end), certain: true up to the last known receipt, and as long as nothing ordered today could arrive.
    Empty when the item is neither in stock nor should be.
    """
    stood = balances(situation)
    if stood.is_empty():
        return pl.DataFrame(schema=PROJECTION)
    ahead = paths(situation, stood)
    days = situation.horizon_days + 1
    rows = pl.DataFrame(
        {
            "day": pl.int_range(0, days, eager=True),
            "receipts": ahead.receipts[0],
            "reservations": ahead.reservations[0],
            "expected_demand": ahead.expected[0],
            "projected": ahead.projected[0],
        }
    )
    lead = pl.lit(stood["lead_time_days"].item(), dtype=pl.Float64).fill_null(0.0)
    last_receipt = pl.col("day").filter(pl.col("receipts") > 0).max().fill_null(0)
    day_on = pl.lit(situation.as_of) + pl.duration(days=pl.col("day"))
    certain = pl.col("day") <= pl.max_horizontal(lead, last_receipt)
    dated = rows.with_columns(day_on=day_on, certain=certain)
    return dated.select(pl.col(name).cast(dtype) for name, dtype in PROJECTION.items())


def history(changes: pl.DataFrame, demand: pl.DataFrame, as_of: date, days: int) -> pl.DataFrame:
    """The past of one item: one row per day, ``days`` of them, the last one ``as_of``: day_on, on_hand, demand.

    ``changes`` (day_on, change) since the beginning: a level stands until it changes; null before the first one is
    known. ``demand`` (day_on, quantity): idle days are zero.
    """
    first = as_of - timedelta(days=days - 1)
    calendar = pl.DataFrame({"day_on": pl.date_range(first, as_of, eager=True)})
    daily = changes.group_by("day_on").agg(pl.col("change").sum()).sort("day_on")
    levels = daily.select("day_on", on_hand=pl.col("change").cum_sum().cast(pl.Float64))
    asked = demand.group_by("day_on").agg(demand=pl.col("quantity").sum().cast(pl.Float64))
    stood = calendar.join_asof(levels, on="day_on", strategy="backward")
    return stood.join(asked, on="day_on", how="left", validate="1:1").with_columns(pl.col("demand").fill_null(0.0))
