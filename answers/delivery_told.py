"""How an answer about deliveries is told: its parts, other ways, what it waits for, why there is no day, and whose
promise an earlier day would break; with the names that people know."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from analytics.delivery import BROKEN, broken_today
from analytics.demand import Types
from analytics.promise_rules import APPLIED, SITE
from analytics.promising import WISHES, Answer, Supply, promise
from analytics.sooner import Sooner, cost, sooner
from answers.delivery_ground import LINES, NAMES, Ground
from answers.making import hourly_costs, work_centers

PARTS: Types = {
    **{name: LINES[name] for name in ("line", "product_id", *NAMES)},
    "quantity": pl.Float64,
    "leaves_on": pl.Date,
    "confidence": pl.Float64,
    "source": pl.String,
    "site_id": pl.String,
    "site": pl.String,
    "transfer_days": pl.Int64,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
    "days_late": pl.Int64,
    "lead_time_days": pl.Float64,
}
WAYS: Types = {
    "way": pl.String,
    "site_id": pl.String,
    "site": pl.String,
    "product_id": pl.String,
    **{name: LINES[name] for name in NAMES},
    "instead_of": pl.String,
    "work_center": pl.String,
    "first_on": pl.Date,
    "last_on": pl.Date,
    "confidence": pl.Float64,
    "undated": pl.Int64,
    "cost": pl.Float64,
    "currency": pl.String,
}
WAITS: Types = {
    "line": pl.Int64,
    "step": pl.Int64,
    "kind": pl.String,
    "product_id": pl.String,
    **{name: LINES[name] for name in NAMES},
    "site": pl.String,
    "work_center": pl.String,
    "number": pl.String,
    "party": pl.String,
    "due_on": pl.Date,
    "from_on": pl.Date,
    "to_on": pl.Date,
    "is_binding": pl.Boolean,
}
PROBLEMS: Types = {"line": pl.Int64, "kind": pl.String, "products": pl.List(pl.String)}


def wanted(asked: pl.DataFrame, site_id: str | None) -> pl.DataFrame:
    """The lines as what is wished for, leaving from a site: see ``analytics.promising.WISHES``."""
    placed = asked.with_columns(site_id=pl.lit(site_id, dtype=pl.String))
    return placed.select(pl.col(name).cast(dtype) for name, dtype in WISHES.items())


def whole(lines: pl.DataFrame) -> tuple[date | None, date | None, float | None]:
    """The first and the last day of all lines together, and how sure the last is; null while a line has none."""
    first, last = lines["first_on"].min(), lines["promised_on"].max()
    first_on = first if isinstance(first, date) else None
    if not isinstance(last, date) or lines["promised_on"].null_count():
        return first_on, None, None
    return first_on, last, float(lines["confidence"].product())


def parts(ground: Ground, answer: Answer, lines: pl.DataFrame, level: int) -> pl.DataFrame:
    """The deliveries with names, and what is known of the past of whom they wait for."""
    sure = lines.select("line", "confidence")
    rows = ground.named(answer.deliveries).join(sure, on="line", how="left", validate="m:1", maintain_order="left")
    placed = rows.join(
        ground.sites.select("site_id", "site", from_site_id="site_id"), on="from_site_id", how="left", validate="m:1"
    )
    receipts = _receipts(ground, level)
    keys = ("product_id", "from_site_id", "number", "due_on")
    known = placed.join(receipts, on=keys, how="left", validate="m:1", nulls_equal=True)
    of_new = ("product_id", "source", "party")
    ordered = known.join(
        _new(ground, level, rows["product_id"]), on=of_new, how="left", validate="m:1", nulls_equal=True
    )
    return ordered.select(pl.col(name).cast(dtype) for name, dtype in PARTS.items()).sort(
        "line", "leaves_on", "source", "site", nulls_last=True
    )


def _receipts(ground: Ground, level: int) -> pl.DataFrame:
    """How many days late what is on order comes with that confidence, by its supplier's past."""
    share = f"days_late_{level}"
    quantiles = ground.late.quantiles().select("kind", "supplier_id", days_late=share)
    pooled = quantiles.filter(pl.col("supplier_id").is_null()).select("kind", of_all="days_late")
    _, receipts, _, _ = ground.facts
    own = receipts.join(
        quantiles.drop_nulls("supplier_id"), on=("kind", "supplier_id"), how="left", validate="m:1"
    ).join(pooled, on="kind", how="left", validate="m:1")
    late = own.select(
        "product_id", "number", "due_on", from_site_id="site_id", days_late=pl.coalesce("days_late", "of_all")
    )
    return late.unique(("product_id", "from_site_id", "number", "due_on"), keep="first", maintain_order=True)


def _new(ground: Ground, level: int, products: pl.Series) -> pl.DataFrame:
    """The lead time of the way by which a new order of each product comes first."""
    new = ground.known(tuple(products.unique().sort())).new.drop_nulls(f"arrives_{level}_on")
    first = new.sort(f"arrives_{level}_on", "party", nulls_last=True).unique(
        ("product_id", "party"), keep="first", maintain_order=True
    )
    return first.select("product_id", "party", "lead_time_days", source=pl.lit("new_order"))


def others(
    ground: Ground,
    supply: Supply,
    asked: pl.DataFrame,
    answer: Answer,
    leaves_from: str | None,
    in_parts: bool,
) -> pl.DataFrame:
    """The other ways to deliver the same, and what would make it sooner."""
    if asked.is_empty():
        return pl.DataFrame(schema=WAYS)
    several = ground.sites.height > 1
    choices = [None, *(ground.sites["site_id"].to_list() if several else [])]
    ways = [(False, site) for site in choices] + [(True, None), (True, leaves_from)]
    rows = [
        _way(promise(supply, wanted(asked, site), in_parts=parts), "parts" if parts else "whole") | {"site_id": site}
        for parts, site in dict.fromkeys(ways)
        if (parts, site) != (in_parts, leaves_from)
    ]
    rows += _instead(ground, supply, asked, leaves_from, in_parts)
    changed = sooner(supply, wanted(asked, leaves_from), answer, in_parts=in_parts)
    hourly = hourly_costs(ground.question)
    rows += [_changed(ground, each, hourly) for each in changed]
    named = ground.named(pl.DataFrame(rows, schema={name: WAYS[name] for name in WAYS if name not in (*NAMES, "site")}))
    placed = named.join(
        ground.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1", maintain_order="left"
    )
    return placed.select(*WAYS).sort("undated", "last_on", "first_on", "way", "site", "sku", nulls_last=True)


def _instead(
    ground: Ground, supply: Supply, asked: pl.DataFrame, leaves_from: str | None, in_parts: bool
) -> list[dict[str, Any]]:
    """The same with a product that may stand in for one of those asked for."""
    named = dict(ground.every_product.select("product_id", pl.coalesce("sku", "name")).iter_rows())
    told = []
    for product in asked["product_id"].unique(maintain_order=True).to_list():
        for other in ground.substitutes(product):
            swapped = asked.with_columns(pl.col("product_id").replace(product, other))
            answer = promise(supply, wanted(swapped, leaves_from), in_parts=in_parts)
            told.append(_way(answer, "substitute") | {"product_id": other, "instead_of": named.get(product)})
    return told


def _changed(ground: Ground, each: Sooner, hourly: Mapping[str, tuple[float | None, str | None]]) -> dict[str, Any]:
    amount, currency = cost(each, hourly)
    what = {"product_id": each.change.product_id, "cost": amount, "currency": currency}
    center = work_centers(ground.question).get(each.change.work_center_id or "")
    return _way(each.answer, each.change.kind) | what | {"work_center": center}


def waits(ground: Ground, answer: Answer) -> pl.DataFrame:
    """What the lines wait for, with names."""
    centers = work_centers(ground.question)
    names = pl.DataFrame(
        {"work_center_id": list(centers), "work_center": list(centers.values())},
        schema={"work_center_id": pl.String, "work_center": pl.String},
    )
    rows = ground.named(answer.waits).join(names, on="work_center_id", how="left", validate="m:1")
    placed = rows.join(ground.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1")
    return placed.select(*WAITS).sort("line", "step")


def applied(ground: Ground, answer: Answer) -> pl.DataFrame:
    """The firm's rules that this answer goes by: see ``analytics.promise_rules.APPLIED``; count: the orders that step
    back. A site's rules only where something leaves from it."""
    how, rules = ground.how, ground.how.rules
    places = dict(ground.sites.select("site_id", pl.coalesce("site", "site_id")).iter_rows())
    leaving = set(answer.deliveries["from_site_id"].drop_nulls()) | set(answer.lines["site_id"].drop_nulls())
    here = [site for site in places if site in leaving]
    rows: list[dict[str, Any]] = []
    if any(rule.kind == "level" for rule in rules.standing) and how.level == rules.level:
        rows.append({"kind": "level", "value": str(rules.level)})
    if how.closes:
        about, key = how.closes
        names = ground.names_of(about)
        rows.append({"kind": "cut_off", "about": about, "name": names.get(key), "value": rules.cut_off(about, key)})
    late = [site for site in here if (SITE, site) in how.passed]
    rows += [
        {"kind": "cut_off", "about": SITE, "name": places[site], "value": rules.cut_off(SITE, site)} for site in late
    ]
    kept = [site for site in here if site in rules.holidays]
    rows += [{"kind": "holidays", "about": SITE, "name": places[site], "value": rules.holidays[site]} for site in kept]
    if ground.stepping_back.height:
        rows.append({"kind": "serving", "value": ground.asking_class, "count": ground.stepping_back.height})
    return pl.DataFrame(rows, schema=APPLIED)


def problems(ground: Ground, answer: Answer) -> pl.DataFrame:
    """Why lines have no day: the products that lack something, by number and name."""
    called = pl.concat_str(["sku", "name"], separator=" · ", ignore_nulls=True)
    names = dict(ground.every_product.select("product_id", called).iter_rows())
    rows = [
        {
            "line": row["line"],
            "kind": row["kind"],
            "products": [names.get(key) or key for key in row["product_ids"]],
        }
        for row in answer.problems.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=PROBLEMS)


def broken(ground: Ground, supply: Supply, lines: pl.DataFrame, leaves_from: str | None) -> pl.DataFrame:
    """Whose promises an earlier day would break, of each product that has to wait."""
    later = lines.filter(pl.col("status").is_in(["promised", "no_supply"])).group_by("product_id")
    asked = later.agg(pl.col("quantity").sum(), pl.col("promised_on").max(), undated=pl.col("promised_on").null_count())
    waiting = asked.filter((pl.col("undated") > 0) | (pl.col("promised_on") > ground.opens_on)).sort("product_id")
    orders = ground.facts[3]
    found = [
        broken_today(supply, orders, product, quantity, leaves_from)
        for product, quantity in waiting.select("product_id", "quantity").iter_rows()
    ]
    rows = ground.named(pl.concat([pl.DataFrame(schema=BROKEN), *found]))
    return rows.join(
        ground.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1", maintain_order="left"
    )


def _way(answer: Answer, way: str) -> dict[str, Any]:
    first_on, last_on, confidence = whole(answer.lines)
    return {
        "way": way,
        "first_on": first_on,
        "last_on": last_on,
        "confidence": confidence,
        "undated": answer.lines["promised_on"].null_count(),
    }
