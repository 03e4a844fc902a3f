"""Materials that run out: the chances of ``analytics.stock_outs`` with what production is planned to take, in the place
of what it took by habit, and the products that then cannot be made.

Open work orders take their parts on their days; what is planned beyond them is told by ``analytics.material_needs``, at
the site where each product is made. What customers ask of a material themselves comes on top, as usual. Plans of a
company follow from all of its customers, so that only who sees all regions is told: region is null in every row.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from analytics import first_passage
from analytics.demand import Tables, Types, living, order_lines
from analytics.lateness import day_after
from analytics.levels import stock_changes
from analytics.material_needs import MAKE, STOPPED, Plan, Position, plan
from analytics.projection import NEVER, NOTHING, Numbers, first_day
from analytics.stock_outs import HORIZON_DAYS, THRESHOLD, Outlook, outlook
from analytics.usual_demand import AT, usual_demand

WITHIN = (7, 14, 28, 84)
RISKS: Types = {
    **dict.fromkeys((*AT, "region", "site_region"), pl.String),
    "as_of_on": pl.Date,
    **dict.fromkeys(("on_hand", "on_order", "ordered", "planned_28", "planned_84", "usual_28", "usual_84"), pl.Float64),
    **{f"p_{days}": pl.Float64 for days in WITHIN},
    "p_28_usual": pl.Float64,
    "may_run_out_on": pl.Date,
    "likely_out_on": pl.Date,
    "short_84": pl.Float64,
}
SHARED_KEYS = ("*",)


def risks(
    tables: Tables, ways: pl.DataFrame, parts: pl.DataFrame, supply: pl.DataFrame, points: pl.DataFrame
) -> Mapping[str, pl.DataFrame]:
    """``materials``: one row per part that production takes at a site, see ``RISKS``; ``stopped``: the products that it
    goes into and how much of it they take in 84 days, see ``analytics.material_needs.STOPPED``.

    ways, parts, supply, points: the aggregates making_ways, making_parts, open_supply and reorder_points. ordered: what
    open work orders and customers' orders still take; planned_28, planned_84: what production will take beyond open
    work orders; usual_28, usual_84: what it and customers usually take. p_7 to p_84: the chance to run out within so
    many days by the plan; p_28_usual: by habit alone. short_84: how much is expected to be lacking. What runs
    out first comes first.
    """
    known, nothing = (
        outlook(tables),
        {"materials": pl.DataFrame(schema=RISKS), "stopped": pl.DataFrame(schema=_stopped())},
    )
    if known is None or known.items.is_empty():
        return nothing
    made = ways.filter(pl.col("kind") == MAKE).drop_nulls("site_id").sort("bom_id")
    chosen = made.unique(("product_id", "site_id", "company_id"), keep="first", maintain_order=True)
    customers = usual_demand(_customers(tables), known.as_of) if chosen.height else pl.DataFrame()
    lots, held = _lots(tables), _held(tables)
    told, stopped = [], []
    for (company, site), own in chosen.partition_by("company_id", "site_id", as_dict=True, maintain_order=True).items():
        lines = parts.filter(pl.col("company_id").is_in([company, *SHARED_KEYS])).drop("company_id")
        valid = lines.filter(_holds(known.as_of))
        planned = plan(
            own,
            valid,
            _position(known, held, supply, points, customers, str(company), lots),
            HORIZON_DAYS,
        )
        told.append(_at(known, planned, customers, str(company), str(site)))
        stopped.append(_stopped_at(planned, str(company), str(site)))
    if not told:
        return nothing
    named = pl.concat(told).sort("likely_out_on", "may_run_out_on", -pl.col("p_84"), *AT, nulls_last=True)
    sites = tables["sites"].select("site_id", site_region="region")
    placed = named.join(sites, on="site_id", how="left", validate="m:1")
    shaped = placed.with_columns(as_of_on=pl.lit(known.as_of), region=pl.lit(None, dtype=pl.String))
    return {
        "materials": shaped.select(pl.col(name).cast(dtype) for name, dtype in RISKS.items()),
        "stopped": pl.concat(stopped).select(pl.col(name).cast(dtype) for name, dtype in _stopped().items()),
    }


def _stopped() -> Types:
    return {**STOPPED, "region": pl.String}


def _holds(on: date) -> pl.Expr:
    begun, ended = pl.col("valid_from_on") <= on, pl.col("valid_to_on") >= on
    return begun.fill_null(value=True) & ended.fill_null(value=True)


def _customers(tables: Tables) -> pl.DataFrame:
    """What customers asked of each company, wherever it was served."""
    asked = order_lines(tables).filter(pl.col("quantity") > 0)
    created = tables["products"].select("product_id", known_on="created_on")
    dated = asked.join(created, on="product_id", how="left", validate="m:1")
    return dated.select(
        "product_id", "company_id", "day_on", "known_on", pl.col("quantity").cast(pl.Float64), site_id=pl.lit("")
    ).drop_nulls("company_id")


def _position(
    known: Outlook,
    held: pl.DataFrame,
    supply: pl.DataFrame,
    points: pl.DataFrame,
    customers: pl.DataFrame,
    company: str,
    lots: Mapping[str, float],
) -> Position:
    """What is known of a company's products; of one that no customer asks, its reorder points still are."""
    own = customers.filter(pl.col("company_id") == company)
    rates = dict(own.select("product_id", pl.col("rate") * pl.col("mean_size")).iter_rows())
    stock = held.filter(pl.col("company_id") == company).select("product_id", "on_hand")
    coming = supply.filter(pl.col("company_id") == company)
    coming_sums = coming.group_by("product_id").agg(coming=pl.col("quantity").sum().cast(pl.Float64))
    taken = known.orders.filter(pl.col("company_id") == company)
    taken_sums = taken.group_by("product_id").agg(taken=pl.col("quantity").sum().cast(pl.Float64))
    both = stock.join(coming_sums, on="product_id", how="full", coalesce=True, validate="1:1")
    every = both.join(taken_sums, on="product_id", how="full", coalesce=True, validate="1:1").fill_null(0.0)
    left = every.select("product_id", pl.col("on_hand") + pl.col("coming") - pl.col("taken"))
    stated = points.filter(pl.col("company_id") == company).group_by("product_id")
    kept = stated.agg(pl.col("minimum_quantity").sum().cast(pl.Float64))
    return Position(rates, dict(left.iter_rows()), dict(kept.iter_rows()), lots)


def _held(tables: Tables) -> pl.DataFrame:
    """What is there of each product of a company, wherever it lies and whether or not somebody asks for it there."""
    sums = stock_changes(tables).group_by("product_id", "company_id")
    return sums.agg(on_hand=pl.col("change").sum().cast(pl.Float64))


def _lots(tables: Tables) -> dict[str, float]:
    """How much of each product is usually made at once: the middle of its work orders."""
    real = living(tables["work_orders"]).filter((pl.col("quantity") > 0) & (pl.col("status") != "cancelled"))
    return dict(real.group_by("product_id").agg(pl.col("quantity").cast(pl.Float64).median()).iter_rows())


def _at(known: Outlook, planned: Plan, customers: pl.DataFrame, company: str, site: str) -> pl.DataFrame:
    """The parts that are kept at one site."""
    here = known.items.filter((pl.col("company_id") == company) & (pl.col("site_id") == site))
    items = here.filter(pl.col("product_id").is_in(list(planned.needs)))
    if items.is_empty():
        return pl.DataFrame(
            schema={name: RISKS[name] for name in RISKS if name not in ("region", "site_region", "as_of_on")}
        )
    rows = items["item"].to_numpy()
    needs = np.array([planned.needs[key] for key in items["product_id"]])
    habit = _only(known.course, rows)
    sold = customers.filter(pl.col("company_id") == company).select(
        "product_id", sold=pl.col("rate") * pl.col("mean_size")
    )
    own = items.join(sold, on="product_id", how="left", validate="m:1", maintain_order="left")["sold"].fill_null(0.0)
    size = np.maximum(items["mean_size"].to_numpy(), NOTHING)
    free = np.where(np.arange(needs.shape[1]) > 0, own.to_numpy()[:, None], 0.0)
    rates = np.where(items["mean_size"].to_numpy()[:, None] > 0, (needs + free) / size[:, None], 0.0)
    course = replace(habit, rates=rates)
    found, usual = first_passage.outcome(course), first_passage.outcome(habit)
    may, likely = (pl.Series(first_day(found.out >= share)).replace(NEVER, None) for share in (THRESHOLD, 0.5))
    per_day = items["rate"].to_numpy() * items["mean_size"].to_numpy()
    coming = course.quantities.sum(axis=1)
    return items.select(*AT, "on_hand").with_columns(
        on_order=pl.Series(coming),
        ordered=pl.Series(course.certain[:, -1]),
        planned_28=pl.Series(needs[:, :29].sum(axis=1)),
        planned_84=pl.Series(needs.sum(axis=1)),
        usual_28=pl.Series(28 * per_day),
        usual_84=pl.Series(84 * per_day),
        **{f"p_{days}": pl.Series(found.out[:, days]) for days in WITHIN},
        p_28_usual=pl.Series(usual.out[:, 28]),
        may_run_out_on=day_after(may, known.as_of),
        likely_out_on=day_after(likely, known.as_of),
        short_84=pl.Series(found.lost[:, HORIZON_DAYS]),
    )


def _only(course: first_passage.Course, rows: Numbers) -> first_passage.Course:
    """The course of some items alone."""
    at = {int(row): number for number, row in enumerate(rows.tolist())}
    kept = np.isin(course.sized, rows)
    return first_passage.Course(
        stock=course.stock[rows],
        certain=course.certain[rows],
        rates=course.rates[rows],
        levels=course.levels[rows],
        weights=course.weights,
        quantities=course.quantities[rows],
        arrived=course.arrived[rows],
        sized=np.array([at[int(row)] for row in course.sized[kept].tolist()], dtype=np.int64),
        sizes=course.sizes[kept],
        shares=course.shares[kept],
    )


def _stopped_at(planned: Plan, company: str, site: str) -> pl.DataFrame:
    rows = [(part, product, site, company, quantity, None) for (part, product), quantity in planned.stopped.items()]
    return pl.DataFrame(rows, schema=_stopped(), orient="row").sort("component_id", "product_id")
