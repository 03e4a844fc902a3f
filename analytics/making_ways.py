"""Who can make what, and when: bills of materials, steps, and the time of work centers that open work orders leave.

Where a product is made is where its steps' work centers stand, and every other site that has made it by work order:
there the same steps are done at the work centers that were used for them last.
"""

from datetime import date
from typing import Any

import polars as pl

from analytics.apart import Made
from analytics.demand import ORDERED, Tables, Types, kit_contents, living, open_quantity
from analytics.left_over import HORIZON_DAYS
from analytics.making import DAY, KIT, MORNING, Spans, finished, without
from analytics.sites import at_main_site, main_sites, placed
from analytics.tables import SHARED
from analytics.workdays import calendar_minutes

USUAL_BEGIN = 480
OPEN_STEPS = ("planned", "ready", "started")
NAMES: tuple[str, ...] = ("making_ways", "making_parts", "making_steps", "work_center_shifts", "work_center_loads")
NEEDS = (
    *("products", "boms", "bom_lines", "routings", "operations", "work_centers", "sites", "companies"),
    *("work_orders", "work_order_operations", "inventory_levels"),
    *("calendars", "calendar_periods", "calendar_exceptions"),
)
WAYS: Types = {
    "product_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "site_id": pl.String,
    "bom_id": pl.String,
    "kind": pl.String,
    "lead_time_days": pl.Float64,
}
PARTS: Types = {
    "bom_id": pl.String,
    "company_id": pl.String,
    "component_id": pl.String,
    "quantity_per": pl.Float64,
    "valid_from_on": pl.Date,
    "valid_to_on": pl.Date,
}
STEPS: Types = {
    "product_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "site_id": pl.String,
    "sequence": pl.Int64,
    "work_center_id": pl.String,
    "work_center": pl.String,
    "setup_minutes": pl.Float64,
    "minutes_per_unit": pl.Float64,
    "capacity": pl.Float64,
    "cost_per_hour": pl.Float64,
    "currency": pl.String,
}
TIMES: Types = {
    "work_center_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "since_on": pl.Date,
    "starts_at": pl.Int64,
    "ends_at": pl.Int64,
}
Row = dict[str, Any]


def making(tables: Tables) -> Made:
    """What promises of goods that have to be made are reckoned from, by name.

    making_ways: one row per product, main site and company that can make it; kits, without a site. making_parts: one
    row per line of their bills. making_steps: one row per step of a way. work_center_shifts, work_center_loads: one row
    per span, in minutes since the midnight before ``since_on``, the day that the data stands for, in which a work
    center works, and in which open work orders take its time: those due first come first, each as soon as it may start.
    """
    as_of = living(tables["inventory_levels"])["as_of_on"].max()
    today = as_of if isinstance(as_of, date) else date.min
    centers = _centers(tables)
    steps = _steps(tables, centers)
    shifts = _shifts(tables, centers, today) if today != date.min else pl.DataFrame(schema=TIMES)
    bills = _bills(tables, today)
    ways = pl.concat([_ways(tables, bills, steps), _kits(tables)])
    frames = (
        ways.sort("product_id", "site_id", "company_id", "region", nulls_last=True),
        _parts(tables, bills),
        steps.sort("product_id", "site_id", "sequence", "work_center_id", nulls_last=True),
        shifts.sort("work_center_id", "starts_at"),
        _loads(tables, shifts, steps, today),
    )
    return dict(zip(NAMES, frames, strict=True))


def _typed(rows: pl.DataFrame, schema: Types) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _centers(tables: Tables) -> pl.DataFrame:
    """One row per active work center: its main site and what it does there. Without a stated speed it works at the
    standard one, without a stated capacity on one unit at once."""
    active = living(tables["work_centers"]).filter("is_active")
    speed, capacity = pl.col("efficiency").cast(pl.Float64), pl.col("capacity").cast(pl.Float64)
    return placed(active, tables["sites"]).select(
        "work_center_id",
        "company_id",
        "site_id",
        "region",
        "calendar_id",
        "cost_per_hour",
        "currency",
        work_center="name",
        efficiency=pl.when(speed > 0).then(speed).otherwise(1.0),
        capacity=pl.when(capacity > 0).then(capacity).otherwise(1.0),
    )


def _bills(tables: Tables, today: date) -> pl.DataFrame:
    """One row per product and company: the first bill by key of those that hold on the day, with its own lead time,
    else the product's. A bill of a group holds for each of its products."""
    begun = (pl.col("valid_from_on") <= today).fill_null(value=True)
    holds = begun & (pl.col("valid_to_on") >= today).fill_null(value=True)
    bills = living(tables["boms"]).filter("is_active", pl.col("kind") != KIT, holds)
    goods = tables["products"].select("product_id", "product_group_id", stated="lead_time_days")
    own = bills.drop_nulls("product_id").drop("product_group_id").join(goods, on="product_id", how="inner")
    group = bills.filter(pl.col("product_id").is_null()).drop("product_id", "company_id")
    owners = bills.select("bom_id", "company_id")
    of_group = group.drop_nulls("product_group_id").join(goods, on="product_group_id", how="inner")
    both = pl.concat(
        [
            own.drop("product_group_id"),
            of_group.join(owners, on="bom_id").drop("product_group_id").select(own.drop("product_group_id").columns),
        ]
    )
    days = pl.coalesce("lead_time_days", "stated").cast(pl.Float64)
    named = both.select("product_id", "company_id", "bom_id", pl.col("kind").cast(pl.String), lead_time_days=days)
    return named.sort("bom_id").unique(("product_id", "company_id"), keep="first", maintain_order=True)


def _steps(tables: Tables, centers: pl.DataFrame) -> pl.DataFrame:
    """One row per step, product and main site where it is done: ``STEPS``. Of several routings the first by key."""
    routings = living(tables["routings"]).filter("is_active").sort("routing_id")
    bills = tables["boms"].select("bom_id", of_bill="product_id")
    named = routings.join(bills, on="bom_id", how="left", validate="m:1").select(
        "routing_id", product_id=pl.coalesce("product_id", "of_bill")
    )
    first = named.drop_nulls().unique("product_id", keep="first", maintain_order=True)
    operations = living(tables["operations"]).filter("is_active").drop("company_id")
    whole = operations.join(first, on="routing_id", how="inner", validate="m:1")
    done_at = pl.concat([whole.select("operation_id", "work_center_id"), _used(tables)]).unique()
    known = done_at.join(centers, on="work_center_id", how="inner", validate="m:1").drop_nulls("site_id")
    latest = known.sort("work_center_id").unique(("operation_id", "site_id"), keep="first", maintain_order=True)
    every = whole.drop("work_center_id").join(latest, on="operation_id", how="inner", validate="1:m")
    complete = pl.col("operation_id").n_unique().over("product_id", "site_id") == pl.col("steps")
    counted = every.join(whole.group_by("product_id").agg(steps=pl.len()), on="product_id", how="left", validate="m:1")
    minutes = {name: pl.col(name).fill_null(0).cast(pl.Float64) / pl.col("efficiency") for name in _MINUTES}
    return _typed(counted.filter(complete).with_columns(**minutes), STEPS)


_MINUTES = ("setup_minutes", "minutes_per_unit")


def _used(tables: Tables) -> pl.DataFrame:
    """At which work center each operation was done last at each site."""
    done = living(tables["work_order_operations"]).drop_nulls(("operation_id", "work_center_id"))
    placed_at = tables["work_centers"].select("work_center_id", "site_id")
    located = done.join(placed_at, on="work_center_id", how="inner", validate="m:1")
    newest = located.sort("planned_start_at", "work_order_operation_id", nulls_last=False)
    return newest.unique(("operation_id", "site_id"), keep="last", maintain_order=True).select(
        "operation_id", "work_center_id"
    )


def _ways(tables: Tables, bills: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Where each product with a bill is made: where its steps are done, else where it was made, else at every plant."""
    stepped = steps.select("product_id", "site_id", "region", owner="company_id").unique()
    bare = bills.join(stepped, on="product_id", how="anti").select("product_id").unique()
    orders = living(tables["work_orders"]).filter(pl.col("status").cast(pl.String).is_in(ORDERED))
    made = placed(orders, tables["sites"]).drop_nulls("site_id").join(bare, on="product_id", how="semi")
    known = made.select("product_id", "site_id", "region", owner="company_id").unique()
    rest = bare.join(known, on="product_id", how="anti").join(_plants(tables), how="cross")
    everywhere = pl.concat([stepped, known, rest.select(known.columns)])
    met = bills.join(everywhere, on="product_id", how="inner").filter(
        (pl.col("company_id") == pl.col("owner")) | (pl.col("company_id") == SHARED) | (pl.col("owner") == SHARED)
    )
    is_shared = pl.col("company_id") == SHARED
    return _typed(met.with_columns(company_id=pl.when(is_shared).then("owner").otherwise("company_id")), WAYS)


def _plants(tables: Tables) -> pl.DataFrame:
    """The plants of each company, all its main sites where it has none."""
    mains = tables["sites"].filter(
        "is_active",
        pl.col("kind").cast(pl.String).is_in(["plant", "warehouse", "shop"]),
        pl.coalesce("main_site_id", "site_id") == pl.col("site_id"),
    )
    has_plant = (pl.col("kind") == "plant").any().over("company_id")
    return mains.filter(~has_plant | (pl.col("kind") == "plant")).select("site_id", "region", owner="company_id")


def _kits(tables: Tables) -> pl.DataFrame:
    """Kits are put together anywhere: one row per kit and region of its company's sites."""
    contents = kit_contents(tables).select("product_id").unique()
    owned = contents.join(tables["products"].select("product_id", "company_id"), on="product_id", how="left")
    regions = main_sites(tables["sites"]).select("site_id", "region")
    places = tables["sites"].select("site_id", owner="company_id").join(regions, on="site_id", validate="1:1")
    met = owned.join(places.select("owner", "region").unique(), how="cross").filter(
        (pl.col("company_id") == pl.col("owner")) | (pl.col("company_id") == SHARED) | (pl.col("owner") == SHARED)
    )
    own = pl.when(pl.col("company_id") == SHARED).then("owner").otherwise("company_id")
    anywhere = pl.lit(None, dtype=pl.String)
    named = met.with_columns(company_id=own, site_id=anywhere, bom_id=pl.col("product_id"), kind=pl.lit(KIT))
    return _typed(named.with_columns(lead_time_days=pl.lit(0.0)).unique(), WAYS)


def _parts(tables: Tables, bills: pl.DataFrame) -> pl.DataFrame:
    """The lines of the bills, and what is in kits, whose bill is called by the kit's own key."""
    lines = living(tables["bom_lines"]).join(bills.select("bom_id").unique(), on="bom_id", how="semi")
    owners = tables["products"].select("product_id", "company_id")
    kits = kit_contents(tables).join(owners, on="product_id", how="left", validate="m:1")
    both = [_typed(lines, PARTS), _typed(kits.rename({"product_id": "bom_id"}), PARTS)]
    return pl.concat(both).sort("bom_id", "component_id", "valid_from_on", nulls_last=True)


def _shifts(tables: Tables, centers: pl.DataFrame, today: date) -> pl.DataFrame:
    """When each work center works, by its calendar, else by the mean of its company's; from eight o'clock on, and from
    midnight where that is too late."""
    days = pl.select(day_on=pl.lit(today) + pl.duration(days=pl.int_range(1, HORIZON_DAYS + 1))).cast(pl.Date)
    minutes = calendar_minutes(tables, days).cast({"minutes": pl.Float64})
    by_calendar = minutes.group_by("calendar_id", "day_on").agg(own=pl.col("minutes").mean())
    by_company = minutes.group_by("company_id", "day_on").agg(usual=pl.col("minutes").mean())
    every = (
        centers.join(days, how="cross")
        .join(by_calendar, on=("calendar_id", "day_on"), how="left", validate="m:1")
        .join(by_company, on=("company_id", "day_on"), how="left", validate="m:1")
    )
    length = pl.coalesce("own", "usual").fill_null(0).floor().cast(pl.Int64)
    midnight = (pl.col("day_on") - today).dt.total_days() * DAY
    begin = midnight + pl.min_horizontal(pl.lit(USUAL_BEGIN, dtype=pl.Int64), DAY - length)
    return _typed(every.filter(length > 0).with_columns(since_on=today, starts_at=begin, ends_at=begin + length), TIMES)


def _loads(tables: Tables, shifts: pl.DataFrame, steps: pl.DataFrame, today: date) -> pl.DataFrame:
    """When open work orders take the time of work centers."""
    free: dict[str, Spans] = {
        center: (tuple(rows["starts_at"]), tuple(rows["ends_at"]))
        for (center,), rows in shifts.group_by("work_center_id", maintain_order=True)
    }
    owners = {row["work_center_id"]: row for row in shifts.unique("work_center_id").iter_rows(named=True)}
    taken: list[Row] = []
    for rows in _open_work(tables, steps, today).partition_by("work_order_id", maintain_order=True):
        at = MORNING
        for row in rows.iter_rows(named=True):
            center, at = row["work_center_id"], max(at, row["starts"])
            ends = finished(free.get(center, ((), ())), at, row["minutes"])
            if ends is None or ends == at:
                continue
            free[center] = without(free[center], at, ends)
            taken.append(owners[center] | {"starts_at": at, "ends_at": ends})
            at = ends
    return pl.DataFrame(taken, schema=TIMES).sort("work_center_id", "starts_at")


def _open_work(tables: Tables, steps: pl.DataFrame, today: date) -> pl.DataFrame:
    """What is still to be done of confirmed work orders, step by step, those due first first: work_order_id,
    work_center_id, minutes, starts (not before that minute). An order without steps of its own takes those of its
    product at its site."""
    orders = living(tables["work_orders"]).filter(pl.col("status") == "confirmed")
    rest = open_quantity(pl.col("quantity"), pl.col("produced_quantity")).cast(pl.Float64)
    planned = (pl.col("planned_start_at").dt.date() - today).dt.total_days().fill_null(1).clip(1, HORIZON_DAYS) * DAY
    heads = at_main_site(orders, tables["sites"]).select(
        "work_order_id", "product_id", "site_id", "due_on", rest=rest, starts=planned
    )
    own = living(tables["work_order_operations"]).join(orders, on="work_order_id", how="semi")
    left = (pl.col("planned_minutes").fill_null(0) - pl.col("actual_minutes").fill_null(0)).clip(lower_bound=0)
    stated = own.filter(pl.col("status").cast(pl.String).is_in(OPEN_STEPS)).select(
        "work_order_id", "work_center_id", "sequence", minutes=left.cast(pl.Float64)
    )
    runs = (pl.col("rest") / pl.col("capacity")).ceil()
    guessed = heads.join(own, on="work_order_id", how="anti").join(steps, on=("product_id", "site_id"), how="inner")
    derived = guessed.select(
        "work_order_id",
        "work_center_id",
        "sequence",
        minutes=pl.col("setup_minutes") + runs * pl.col("minutes_per_unit"),
    )
    both = pl.concat([stated, derived]).join(heads, on="work_order_id", how="inner", validate="m:1")
    ordered = both.filter(pl.col("rest") > 0).sort("due_on", "work_order_id", "sequence", nulls_last=True)
    return ordered.select("work_order_id", "work_center_id", "minutes", "starts")
