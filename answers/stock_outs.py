"""Stock-outs: what runs out where, how likely and when, what that costs, whom it hits, and by when one must order.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it sums anything. What each
figure means is said in ``analytics.stock_outs``. How late suppliers are is learned from what each company ordered; for
who may see only some regions, from what was ordered for each of those: see ``analytics.apart``. An item at a site of a
company is one row throughout; the scope chooses rows and changes none, so that all parts add up.
"""

import polars as pl

from analytics.access import ALL, Viewer
from analytics.demand import known_sum
from analytics.inventory import STOCKED
from analytics.scope import Scope
from analytics.stock_outs import THRESHOLD, chance_by_day, ranked
from answers import Snapshot, inventory
from answers.inventory import Question, without_strangers
from answers.stock import GROUPS

KEYS = ("product_id", "site_id", "company_id")
LIKELY = 0.5
AT_ONCE = ("now", "too_late")
NAMES = ("product_id", "company_id", "sku", "name", "name_zh", "unit", "category_id", "category")
OF_PRICE = ("list_price", "cost", "currency")


def risks(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item, site and company that something is asked of, the most expected loss first.

    The columns of ``analytics.stock_outs.RISKS`` without the course by day; what the item is called, site (its name);
    at_stake, what is expected to be lost until goods ordered at the next weekly review could come, currency and
    at_stake_is (margin; revenue for who may not see margins, or where the cost is unknown). supplier is null where the
    viewer may not see it.
    """
    question = inventory.asked(viewer, scope, version)
    found = _judged(question, "stock_out_risks").drop("p_by_day").collect()
    as_of, items = inventory.day_of(question), inventory.items_of(question).select(*NAMES, *OF_PRICE)
    costs, rates = inventory.costs_of(question, pl.lit(value=True)), inventory.rates_of(question, as_of)
    rows = ranked(found, items, costs, rates, sees_margins=viewer.may("margins"))
    return _placed(question, _with_known_suppliers(question, rows, "supplier")).drop("list_price")


def _judged(question: Question, name: str) -> pl.LazyFrame:
    """An aggregate of what is judged by experience, of the part that the viewer may see."""
    return question.aggregate(name if question.viewer.regions == ALL else f"{name}_by_region")


def _placed(question: Question, rows: pl.DataFrame) -> pl.DataFrame:
    places = question.version.aggregate("places", question.viewer).select("site_id", "site").collect()
    named = rows.join(places, on="site_id", how="left", validate="m:1", maintain_order="left")
    return named.with_columns(pl.coalesce("site", "site_id"))


def _with_known_suppliers(question: Question, rows: pl.DataFrame, called: str) -> pl.DataFrame:
    """Without key and name (``called``) of suppliers that the viewer may not see."""
    known = question.version.table("suppliers", question.viewer).select("supplier_id").collect()["supplier_id"]
    is_known = pl.col("supplier_id").is_in(known.implode())
    return rows.with_columns(pl.when(is_known).then(name).alias(name) for name in (called, "supplier_id"))


def without_opinion(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per item, site and company with stock of which no chance is told, because nobody asked for it in the last
    364 days: product_id, site_id, company_id, on_hand."""
    question = inventory.asked(viewer, scope, version)
    items = inventory.items_of(question).filter(pl.col("kind") == STOCKED).select("product_id")
    judged = _judged(question, "stock_out_risks").select(KEYS).collect()
    held = question.aggregate("stock_by_item").filter(pl.col("on_hand") != 0).drop_nulls("site_id").collect()
    silent = held.join(judged, on=KEYS, how="anti").join(items, on="product_id", how="semi")
    return silent.select(*KEYS, pl.col("on_hand").cast(pl.Float64)).sort(KEYS)


def course(
    viewer: Viewer, scope: Scope, product_id: str, site_id: str, company_id: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """What lies ahead of one item at one site: one row per day from today on for 84 days: day_on, probability (to have
    run out by then), likely, low, high (stock: see ``analytics.stock_courses``). Empty if it is not in scope."""
    question = inventory.asked(viewer, scope, version)
    one = _one(product_id, site_id, company_id)
    known = inventory.items_of(question, pl.col("product_id") == product_id).select("product_id").lazy()
    names = ("stock_out_risks", "stock_courses")
    facts = [_judged(question, name).filter(one).join(known, on="product_id", how="semi") for name in names]
    judged, ahead = pl.collect_all(facts)
    days = pl.int_ranges(0, pl.col("likely").list.len())
    bands = ahead.select(*KEYS, "as_of_on", "likely", "low", "high", day=days).explode("likely", "low", "high", "day")
    dated = bands.with_columns(day_on=pl.col("as_of_on") + pl.duration(days=pl.col("day"))).drop("as_of_on", "day")
    chances = chance_by_day(judged).join(dated, on=(*KEYS, "day_on"), how="inner", validate="1:1")
    return chances.select("day_on", "probability", "likely", "low", "high").sort("day_on")


def _one(product_id: str, site_id: str, company_id: str) -> pl.Expr:
    return (pl.col("product_id") == product_id) & (pl.col("site_id") == site_id) & (pl.col("company_id") == company_id)


def grounds(
    viewer: Viewer, scope: Scope, product_id: str, site_id: str, company_id: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """On how much experience the chances of one item at one site rest: at most one row: days_watched, demand_days,
    last_asked_on; null where only open orders ask for it. Empty if it is not in scope."""
    question = inventory.asked(viewer, scope, version)
    known = inventory.items_of(question, pl.col("product_id") == product_id).select("product_id").lazy()
    rows = _judged(question, "stock_courses").filter(_one(product_id, site_id, company_id))
    told = rows.join(known, on="product_id", how="semi")
    return told.select("days_watched", "demand_days", "last_asked_on").collect()


def receipts(
    viewer: Viewer, scope: Scope, product_id: str, site_id: str, company_id: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """What is on order of one item for one site, by the day due, undated last, with is_overdue: see
    ``analytics.stock_courses.EXPECTED``."""
    question = inventory.asked(viewer, scope, version)
    known = inventory.items_of(question, pl.col("product_id") == product_id).select("product_id").lazy()
    rows = _judged(question, "expected_receipts").filter(_one(product_id, site_id, company_id))
    told = _with_known_suppliers(question, rows.join(known, on="product_id", how="semi").collect(), "party")
    overdue = (pl.col("due_on") < inventory.day_of(question)).fill_null(value=False)
    typed = told.with_columns(pl.col("quantity").cast(pl.Float64), is_overdue=overdue)
    return typed.sort("due_on", "number", "quantity", nulls_last=True)


def late_receipts(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What should have come by now: one row per overdue receipt of the items in scope, the latest first: see
    ``analytics.stock_courses.EXPECTED``; and what the item is called, and site (its name). party is null where the
    viewer may not see the supplier."""
    question = inventory.asked(viewer, scope, version)
    items = inventory.items_of(question).select(*NAMES).drop("company_id")
    overdue = _judged(question, "expected_receipts").filter(pl.col("due_on") < inventory.day_of(question)).collect()
    told = _with_known_suppliers(question, overdue, "party").with_columns(pl.col("quantity").cast(pl.Float64))
    named = told.join(items, on="product_id", how="inner", validate="m:1")
    return _placed(question, named).sort("due_on", "number", "product_id", "site_id", "quantity", nulls_last=True)


def orders(
    viewer: Viewer, scope: Scope, product_id: str, site_id: str, company_id: str, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """Whom a shortage of one item at one site hits: one row per open order line or component of a work order, what was
    promised first first: see ``analytics.stock_outs.ORDERS_AT_RISK``.

    number and party are null for orders of customers outside the viewer's regions; the name of a private person needs
    personal_data.
    """
    question = inventory.asked(viewer, scope, version)
    known = inventory.items_of(question, pl.col("product_id") == product_id).select("product_id").lazy()
    rows = _judged(question, "orders_at_risk").filter(_one(product_id, site_id, company_id))
    named = without_strangers(rows.join(known, on="product_id", how="semi"), viewer)
    told = named.drop("party_id", "party_region").collect()
    return told.sort("due_on", -pl.col("p_late"), "number", "quantity", nulls_last=True)


def hit(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How many are hit: one row: orders and customers of open orders that come late with a chance of 50 % or more, of
    the viewer's own customers where it sees no others; work_orders that then lack a component."""
    question = inventory.asked(viewer, scope, version)
    items = inventory.items_of(question).select("product_id").lazy()
    late = _judged(question, "orders_at_risk").filter(pl.col("p_late") >= LIKELY)
    is_order = pl.col("kind") == "order"
    if viewer.customers != ALL:
        late = late.filter(~is_order | pl.col("party_id").is_not_null())
    document = pl.struct("company_id", "number")
    counted = late.join(items, on="product_id", how="semi").select(
        orders=document.filter(is_order).n_unique().cast(pl.Int64),
        customers=pl.col("party").filter(is_order).drop_nulls().n_unique().cast(pl.Int64),
        work_orders=document.filter(~is_order).n_unique().cast(pl.Int64),
    )
    return counted.collect()


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """The risks that ask for attention: to run out within 28 days with a chance of 10 % or more, or to be ordered
    before the next weekly review. ``rows``: risks."""
    return rows.filter((pl.col("p_28") >= THRESHOLD) | pl.col("when_to_order").is_in(AT_ONCE))


def grouped(rows: pl.DataFrame, grouping: str) -> pl.DataFrame:
    """One row per group and currency, the most expected loss first: group_key, group, and numbers of items at sites:
    judged, likely_out (within 28 days with a chance of 50 % or more), order_now; at_stake.

    ``rows``: risks. All of it adds up to the whole.
    """
    key, name = GROUPS[grouping]
    told = rows.with_columns(group_key=key, group=name)
    sums = told.group_by("group_key", "group", "currency").agg(
        judged=pl.len().cast(pl.Int64),
        likely_out=(pl.col("p_28") >= LIKELY).sum().cast(pl.Int64),
        order_now=pl.col("when_to_order").is_in(AT_ONCE).sum().cast(pl.Int64),
        at_stake=known_sum(pl.col("at_stake")),
    )
    return sums.sort(-pl.col("at_stake"), -pl.col("likely_out"), "group", "group_key", "currency", nulls_last=True)
