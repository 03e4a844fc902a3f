"""How late suppliers are: what is on order comes so many days after the stated day as its supplier's past tells.

Lateness is measured against the first confirmed day, so that a new date repairs nothing. What has not come yet counts
too: it is at least as late as it is overdue. Days of arrival are those of UTC.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.demand import ORDERED, Tables, Types, living, open_quantity
from analytics.projection import Days, Numbers
from analytics.sites import placed
from analytics.tables.columns import DECIMAL

PURCHASE, WORK_ORDER = "purchase", "work_order"
HALF_LIFE_DAYS = 91
PRIOR_ORDERS = 4.0
EARLIEST, LATEST = -30, 180
SHARES = {"days_late_50": 0.5, "days_late_80": 0.8, "days_late_90": 0.9, "days_late_95": 0.95}
ARRIVALS = {"arrives_50_on": 0.5, "arrives_80_on": 0.8, "arrives_90_on": 0.9, "arrives_95_on": 0.95}
TAIL_ORDERS = 2.0
ASSUMED_LATE_DAYS = 30.0
ALMOST_CERTAIN = 1.0 - 1e-15
ROUNDING = 1e-9
DELIVERIES: Types = {
    "kind": pl.String,
    "supplier_id": pl.String,
    "order_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "due_on": pl.Date,
    "arrived_on": pl.Date,
    "weight": pl.Float64,
}
RECEIPTS: Types = {
    "kind": pl.String,
    "number": pl.String,
    "supplier_id": pl.String,
    "party": pl.String,
    "product_id": pl.String,
    "site_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "due_on": pl.Date,
    "quantity": DECIMAL,
}


def deliveries(tables: Tables) -> pl.DataFrame:
    """One row per order line, or part of one, that came or is to come: see ``DELIVERIES``.

    due_on is the first confirmed day; lines without any are left out. arrived_on is null for what has not come. The
    weights of an order add up to 1, those of a line in two parts to the line's. Work orders have no supplier. region is
    that of the site.
    """
    parts = placed(pl.concat([_purchased(tables), _made(tables)]).drop_nulls("due_on"), tables["sites"])
    lines = pl.col("line_id").n_unique().over("kind", "order_id")
    share = pl.col("quantity") / pl.col("quantity").sum().over("kind", "line_id")
    weighed = parts.filter(pl.col("quantity") > 0).with_columns(weight=share / lines)
    return weighed.select(pl.col(name).cast(dtype) for name, dtype in DELIVERIES.items())


def _purchased(tables: Tables) -> pl.DataFrame:
    lines = _ordered_lines(tables)
    came = lines.join(_arrived(tables), on="purchase_order_line_id", how="inner", validate="1:m")
    unseen = lines.join(came, on="purchase_order_line_id", how="anti").filter(pl.col("received_on").is_not_null())
    noted = unseen.with_columns(arrived_on="received_on", arrived=pl.col("received_quantity"))
    coming = lines.filter((pl.col("status") == "confirmed") & (pl.col("open") > 0))
    missing = coming.with_columns(arrived_on=pl.lit(None, dtype=pl.Date), arrived=pl.col("open"))
    every = pl.concat([rows.select(missing.columns) for rows in (came, noted, missing)])
    return every.select(
        "supplier_id",
        "company_id",
        "site_id",
        "arrived_on",
        kind=pl.lit(PURCHASE),
        order_id="purchase_order_id",
        line_id="purchase_order_line_id",
        due_on=pl.coalesce("first_due_on", "due_on"),
        quantity=pl.col("arrived").cast(pl.Float64),
    )


def _ordered_lines(tables: Tables) -> pl.DataFrame:
    """One row per line of a confirmed or done purchase order that comes to us and not straight to a customer."""
    orders = living(tables["purchase_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    heads = orders.select("purchase_order_id", "supplier_id", "status", "number", "site_id", order_due_on="due_on")
    moves = living(tables["stock_moves"])
    straight = moves.filter((pl.col("kind") == "dropship") & (pl.col("status") != "cancelled"))
    own = living(tables["purchase_order_lines"]).join(straight, on="purchase_order_line_id", how="anti")
    joined = own.join(heads, on="purchase_order_id", how="inner", validate="m:1")
    return joined.with_columns(
        due_on=pl.coalesce("due_on", "order_due_on"),
        open=open_quantity(pl.col("quantity"), pl.col("received_quantity")),
    )


def _arrived(tables: Tables) -> pl.DataFrame:
    """One row per purchase line and day on which some of it came: purchase_order_line_id, arrived_on, arrived."""
    heads = living(tables["receipts"]).filter(pl.col("status") == "done").drop_nulls("received_at")
    came = heads.select("receipt_id", arrived_on=pl.col("received_at").dt.date())
    lines = living(tables["receipt_lines"]).drop_nulls("purchase_order_line_id")
    dated = lines.join(came, on="receipt_id", how="inner", validate="m:1")
    parts = dated.group_by("purchase_order_line_id", "arrived_on").agg(arrived=pl.col("received_quantity").sum())
    return parts.filter(pl.col("arrived") > 0).sort("purchase_order_line_id", "arrived_on")


def _made(tables: Tables) -> pl.DataFrame:
    orders = living(tables["work_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    finished_on = pl.when(pl.col("status") == "done").then(pl.col("finished_at").dt.date())
    known = orders.with_columns(arrived_on=finished_on).filter(
        (pl.col("status") == "confirmed") | pl.col("arrived_on").is_not_null()
    )
    return known.select(
        pl.lit(None, dtype=pl.String).alias("supplier_id"),
        "company_id",
        "site_id",
        "arrived_on",
        kind=pl.lit(WORK_ORDER),
        order_id="work_order_id",
        line_id="work_order_id",
        due_on="due_on",
        quantity=pl.lit(1.0),
    )


def open_receipts(tables: Tables) -> pl.DataFrame:
    """What is to come: one row per delivery, that is per order, product, site and stated day: see ``RECEIPTS``.

    Confirmed purchase orders and work orders; site_id is the main site. due_on is the day stated now, null where none
    is.
    """
    suppliers = tables["suppliers"].select("supplier_id", party="name")
    bought = _ordered_lines(tables).filter(pl.col("status") == "confirmed").drop_nulls("product_id")
    named = bought.join(suppliers, on="supplier_id", how="left", validate="m:1")
    orders = living(tables["work_orders"]).filter(pl.col("status") == "confirmed")
    nobody = {name: pl.lit(None, dtype=pl.String) for name in ("supplier_id", "party")}
    made = orders.with_columns(
        kind=pl.lit(WORK_ORDER), open=open_quantity(pl.col("quantity"), pl.col("produced_quantity")), **nobody
    )
    wanted = ("kind", "number", "supplier_id", "party", "product_id", "site_id", "company_id", "due_on", "open")
    both = pl.concat([named.with_columns(kind=pl.lit(PURCHASE)).select(wanted), made.select(wanted)])
    located = placed(both.filter(pl.col("open") > 0), tables["sites"])
    keys = [name for name in RECEIPTS if name != "quantity"]
    summed = located.group_by(keys).agg(quantity=pl.col("open").sum())
    typed = summed.select(pl.col(name).cast(dtype) for name, dtype in RECEIPTS.items())
    return typed.sort("due_on", "product_id", "number", "site_id", "company_id", nulls_last=True)


@dataclass(frozen=True)
class Lateness:
    """How many days late each supplier's deliveries come.

    ``suppliers``: one row per kind and supplier_id (null: all of the kind together), with orders, how many recent
    orders stand behind it. ``hazards``: for each of these rows and each number of days late from ``EARLIEST`` to
    ``LATEST``, the chance to come then of what has not come before.
    """

    suppliers: pl.DataFrame
    hazards: Numbers

    def arrived_by(self, rows: pl.DataFrame, as_of: date, days: int) -> Numbers:
        """The chance that each of the rows (kind, supplier_id, due_on) has come by the end of each day: days 0, that of
        ``as_of``, to ``days``; given that it had not come on day 0. Without a stated day it never comes."""
        due, waited = _due_in(rows, as_of)[:, None], self._waited(rows)
        since = np.take_along_axis(waited, _column(-due), axis=1)
        until = np.take_along_axis(waited, _column(np.arange(days + 1)[None, :] - due), axis=1)
        return np.where(_is_dated(rows)[:, None], -np.expm1(since - until), 0.0)

    def arrives_in(self, rows: pl.DataFrame, as_of: date, confidence: float) -> pl.Series:
        """After how many days each of the rows will have come with that confidence, given that it has not come yet;
        null where none can be stated: without a stated day, or when that is later than ``LATEST`` days late."""
        due, waited = _due_in(rows, as_of), self._waited(rows)
        since = np.take_along_axis(waited, _column(-due[:, None]), axis=1)
        reached = _first_reached(waited[:, 1:] - since, confidence)
        return (reached + pl.Series(due)).set(pl.Series(~_is_dated(rows)), None)

    def quantiles(self) -> pl.DataFrame:
        """One row per kind and supplier, the pooled ones without supplier: orders, and the days late that 50, 80, 90
        and 95 of 100 deliveries keep; null where that is later than ``LATEST``."""
        waited = _cumulated(self.hazards)
        return self.suppliers.with_columns(_first_reached(waited, share).alias(name) for name, share in SHARES.items())

    def _waited(self, rows: pl.DataFrame) -> Numbers:
        """By row and days late, from the day before ``EARLIEST``: the cumulated hazard of the row's supplier; of all
        suppliers together where nothing is known of it."""
        numbered = self.suppliers.select("kind", "supplier_id", found=pl.int_range(pl.len()))
        pooled = numbered.filter(pl.col("supplier_id").is_null()).select("kind", pooled="found")
        known = numbered.drop_nulls("supplier_id")
        own = rows.join(known, on=("kind", "supplier_id"), how="left", validate="m:1", maintain_order="left")
        both = own.join(pooled, on="kind", how="left", validate="m:1", maintain_order="left")
        row = both.select(pl.coalesce("found", "pooled")).to_series().to_numpy()
        return np.pad(_cumulated(self.hazards), ((0, 0), (1, 0)))[row]


def _cumulated(hazards: Numbers) -> Numbers:
    """Minus the logarithm of the chance to come later than each day."""
    return np.cumsum(-np.log1p(-np.minimum(hazards, ALMOST_CERTAIN)), axis=1)


def _first_reached(waited: Numbers, share: float) -> pl.Series:
    """The first number of days late by which that share has come; null where none is."""
    is_enough = waited >= -np.log1p(-share) - ROUNDING
    return pl.Series(is_enough.argmax(axis=1) + EARLIEST).set(pl.Series(~is_enough.any(axis=1)), None)


def _column(days_late: Days) -> Days:
    """Where a number of days late stands when the day before the earliest is the first column."""
    return (days_late - EARLIEST + 1).clip(0, LATEST - EARLIEST + 1)


def _due_in(rows: pl.DataFrame, as_of: date) -> Days:
    return rows.select((pl.col("due_on") - pl.lit(as_of)).dt.total_days().fill_null(0)).to_series().to_numpy()


def _is_dated(rows: pl.DataFrame) -> NDArray[np.bool_]:
    return rows["due_on"].is_not_null().to_numpy()


def lateness(past: pl.DataFrame, as_of: date) -> Lateness:
    """How late deliveries are, from ``past`` (see ``DELIVERIES``), by kind and supplier.

    A delivery due 91 days ago weighs half of one due today. What is overdue and has not come is later than it is
    overdue (the product-limit estimate). Each supplier's own orders stand beside four that are like those of all
    suppliers, so that one late order does not make a late supplier; and beside two that, once they are late, come on
    any day with the same chance, so that what is later than anything seen still comes some day: the chance at which all
    late deliveries came, and one more that took 30 days. Where nothing ever came, one order on its stated day stands
    for all.
    """
    weighed = _recent(past.filter(pl.col("arrived_on").is_null() | (pl.col("arrived_on") <= as_of)), as_of)
    kinds = [_of_kind(kind, weighed.filter(pl.col("kind") == kind)) for kind in (PURCHASE, WORK_ORDER)]
    return Lateness(pl.concat([known.suppliers for known in kinds]), np.concatenate([known.hazards for known in kinds]))


def _recent(past: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """With days_late, of what came, and days_waited, of what did not; weights by how long ago it was due."""
    age = (pl.lit(as_of) - pl.col("due_on")).dt.total_days()
    late = (pl.col("arrived_on") - pl.col("due_on")).dt.total_days()
    waited = pl.when(late.is_null()).then(age).when(late > LATEST).then(pl.lit(LATEST)).clip(upper_bound=LATEST)
    return past.with_columns(
        days_late=pl.when(late <= LATEST).then(late.clip(lower_bound=EARLIEST)),
        days_waited=waited,
        weight=pl.col("weight") * (0.5 ** (age.clip(lower_bound=0) / HALF_LIFE_DAYS)),
    )


def _of_kind(kind: str, rows: pl.DataFrame) -> Lateness:
    """All of the kind together in the first row, then each supplier."""
    suppliers = rows.drop_nulls("supplier_id").group_by("kind", "supplier_id").agg(orders=pl.col("weight").sum())
    numbered = suppliers.sort("supplier_id").with_row_index("group")
    pool = pl.DataFrame(
        {"kind": [kind], "supplier_id": [None], "orders": [rows["weight"].sum()]}, schema=suppliers.schema
    )
    own = rows.join(numbered, on=("kind", "supplier_id"), how="inner", validate="m:1")
    came, waiting = _by_days(own, numbered.height)
    all_came, all_waiting = _by_days(rows.with_columns(group=pl.lit(0)), 1)
    if not all_came.any():
        all_came = _on_time()
    lasting = _lasting(all_came, all_waiting)
    together = _with_tail(all_came, _at_risk(all_came, all_waiting), lasting)
    prior, left = PRIOR_ORDERS * _chances(together), PRIOR_ORDERS * _left(together)
    each = _with_tail(came + prior, _at_risk(came, waiting) + left, lasting)
    return Lateness(pl.concat([pool, numbered.drop("group")]), np.concatenate([together, each]))


def _by_days(rows: pl.DataFrame, groups: int) -> tuple[Numbers, Numbers]:
    """By group and days late: the weight of what came then, and of what has waited so long and not come."""
    return _table(rows, "days_late", groups), _table(rows, "days_waited", groups)


def _table(rows: pl.DataFrame, days: str, groups: int) -> Numbers:
    table = np.zeros((groups, LATEST - EARLIEST + 1))
    told = rows.filter(pl.col(days) >= EARLIEST)
    np.add.at(table, (told["group"].to_numpy(), told[days].to_numpy() - EARLIEST), told["weight"].to_numpy())
    return table


def _at_risk(came: Numbers, waiting: Numbers) -> Numbers:
    """What has not come before each day."""
    return np.cumsum((came + waiting)[:, ::-1], axis=1)[:, ::-1]


def _hazards(came: Numbers, at_risk: Numbers) -> Numbers:
    return np.divide(came, at_risk, out=np.zeros_like(came), where=at_risk > ROUNDING)


def _on_time() -> Numbers:
    return np.eye(1, LATEST - EARLIEST + 1, -EARLIEST)


def _lasting(came: Numbers, waiting: Numbers) -> float:
    """The chance that what is late comes on any one day: so many came of so many that were waited for, and one more
    that took ``ASSUMED_LATE_DAYS``."""
    late = slice(1 - EARLIEST, None)
    return float((came[0, late].sum() + 1.0) / (_at_risk(came, waiting)[0, late].sum() + ASSUMED_LATE_DAYS))


def _with_tail(came: Numbers, at_risk: Numbers, lasting: float) -> Numbers:
    """The hazards beside two orders that, once late, come on any day with the same chance."""
    tail = np.where(np.arange(EARLIEST, LATEST + 1) > 0, TAIL_ORDERS, 0.0)
    return _hazards(came + tail * lasting, at_risk + tail)


def _left(hazards: Numbers) -> Numbers:
    """The chance not to have come before each day."""
    return np.pad(np.cumprod(1.0 - hazards, axis=1), ((0, 0), (1, 0)), constant_values=1.0)[:, :-1]


def _chances(hazards: Numbers) -> Numbers:
    return hazards * _left(hazards)


def new_orders(ways: pl.DataFrame, products: pl.DataFrame, late: Lateness, as_of: date) -> pl.DataFrame:
    """When goods ordered today come: one row per product, company and way: product_id, company_id, kind, party,
    lead_time_days, and the days by which they come with a confidence of 50, 80, 90 and 95 %.

    ``ways``: how products can be got, as the aggregate ``sourcing``: only the first of each kind counts. The days are
    null where nobody states a lead time, neither for the way nor for the product.
    """
    return dated(ordered_now(ways, products, as_of), late, as_of).drop("supplier_id", "due_on")


def ordered_now(ways: pl.DataFrame, products: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """As ``new_orders``, with supplier_id and the day on which it is due, without the days by which it comes."""
    stated = products.select("product_id", stated_days="lead_time_days")
    first = ways.filter(pl.col("rank") == 1).join(stated, on="product_id", how="left", validate="m:1")
    lead = pl.coalesce("lead_time_days", "stated_days").cast(pl.Float64)
    ordered = first.with_columns(
        kind=pl.when(pl.col("kind") == "make").then(pl.lit(WORK_ORDER)).otherwise(pl.lit(PURCHASE)),
        party="supplier",
        lead_time_days=lead,
        due_on=ordered_today(lead, as_of),
    )
    named = ordered.select("product_id", "company_id", "kind", "supplier_id", "party", "lead_time_days", "due_on")
    return named.sort("product_id", "company_id", "kind")


def ordered_today(lead_time_days: pl.Expr, as_of: date) -> pl.Expr:
    """The day on which goods ordered today are due; part of a day counts as a whole one."""
    return (pl.lit(as_of) + pl.duration(days=lead_time_days.ceil().cast(pl.Int64))).cast(pl.Date)


def dated_receipts(tables: Tables, as_of: date) -> pl.DataFrame:
    """``open_receipts`` with the days by which they come: see ``dated``."""
    return dated(open_receipts(tables), lateness(deliveries(tables), as_of), as_of)


def dated(rows: pl.DataFrame, late: Lateness, as_of: date) -> pl.DataFrame:
    """The rows (kind, supplier_id, due_on) with the days by which they come with a confidence of 50, 80, 90 and 95 %;
    null where none can be stated."""
    return rows.with_columns(
        day_after(late.arrives_in(rows, as_of, confidence), as_of).alias(name) for name, confidence in ARRIVALS.items()
    )


def day_after(days: pl.Series, as_of: date) -> pl.Series:
    """The day so many days after ``as_of``; null where their number is."""
    return pl.Series([None if after is None else as_of + timedelta(days=after) for after in days], dtype=pl.Date)


def late_days(late: Lateness, level: int) -> int:
    """So many days after its planned end what we make is there with that confidence, by all our work orders."""
    of_all = late.quantiles().filter((pl.col("kind") == WORK_ORDER) & pl.col("supplier_id").is_null())
    days = of_all[f"days_late_{level}"].to_list()
    return max(0, LATEST if days[0] is None else int(days[0])) if days else 0
