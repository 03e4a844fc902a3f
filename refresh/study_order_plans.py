"""The study of order plans: what is planned for each open order line, from the newest snapshot's stock and supply."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from analytics import making, promising
from analytics.access import Viewer
from analytics.certainty import likely
from analytics.lateness import Lateness, dated, late_days, lateness, ordered_now
from analytics.making import DAY, Workshop
from analytics.order_plans import open_lines, plans
from analytics.promise_holidays import open_days_of
from analytics.promise_rules import Rule, Rules, standing
from analytics.promising import TRANSFERS, Supply
from analytics.stock_outs import TRANSFER_DAYS
from analytics.workdays import open_days
from data_access.journal import Journal
from data_access.studies import Study

if TYPE_CHECKING:
    from refresh.studies import StudyInput

NO_RULES = Rules()
EVERYBODY = Viewer(user="tandem", role="owner")


def order_plans(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.order_plans.plans``, of the whole firm, by the rules of promising that stand; new is what was
    not planned when the latest snapshot before was."""
    rules = _rules(known)
    orders = known.aggregate("order_stages").collect()
    segments = known.table("customers").select("customer_id", "segment").collect()
    lines = open_lines(known.aggregate("order_line_stages").collect(), orders, segments)
    others = (study for study in known.earlier if study.snapshot_id != known.snapshot.id)
    earlier = next((study for study in others if study.has("plans")), None)
    before = None if earlier is None else frozenset(_orders_of(earlier))
    return {"plans": plans(_supply(known, rules), lines, rules, before, known.as_of_on)}


def _orders_of(study: Study) -> pl.Series:
    return study.frame("plans", EVERYBODY).select("sales_order_id").unique().collect()["sales_order_id"]


def _rules(known: "StudyInput") -> Rules:
    """The rules that stand; none where nobody said any."""
    if known.home is None:
        return NO_RULES
    entries = Journal(known.home, "promise_rules").entries()
    gone = {entry.what["of"] for entry in entries if entry.what["kind"] == "withdraw"}
    said = [entry for entry in entries if entry.what["kind"] == "rule" and entry.number not in gone]
    return standing(Rule(*entry.what["rule"]) for entry in said)


def _supply(known: "StudyInput", rules: Rules) -> Supply:
    """All that there is and will be, but for what orders will take: they are planned one after the other."""
    today, late = known.as_of_on, lateness(known.aggregate("deliveries").collect(), known.as_of_on)
    receipts = dated(known.aggregate("open_receipts").collect(), late, today)
    lead = known.table("products").select("product_id", "lead_time_days").collect()
    ways = known.aggregate("sourcing").filter(pl.col("kind") == "buy").collect()
    new = dated(ordered_now(ways, lead, today), late, today)
    taken = known.aggregate("open_demand").filter(pl.col("kind") == "work_order").collect()
    plain = promising.supply(
        today=today,
        level=rules.level,
        products=lead["product_id"].to_list(),
        stock=known.aggregate("stock_by_item").collect(),
        receipts=receipts,
        orders=taken,
        new=new,
    )
    places = known.aggregate("places").select("site_id", "company_id").collect()
    return replace(
        plain,
        confidence=rules.level / 100,
        transfers=_transfers(places, rules),
        workshop=_workshop(known, late, rules.level),
        likely=likely(receipts, new, late, today),
        owners=dict(places.iter_rows()),
        opens=_opens(known, places, rules),
    )


def _transfers(places: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Between any two sites of one company."""
    pairs = places.rename({"site_id": "from_site_id"}).join(
        places.rename({"site_id": "to_site_id"}), on="company_id", how="inner"
    )
    apart = pairs.filter(pl.col("from_site_id") != pl.col("to_site_id")).select("from_site_id", "to_site_id")
    days = [rules.transfer_days.get(pair, TRANSFER_DAYS) for pair in apart.iter_rows()]
    return apart.with_columns(days=pl.Series(days, dtype=pl.Int64)).select(*TRANSFERS)


def _opens(known: "StudyInput", places: pl.DataFrame, rules: Rules) -> dict[str, tuple[int, ...]]:
    """On which days people work at each site."""
    ahead = known.aggregate("working_days").filter(pl.col("day_on") >= known.as_of_on).collect()
    by_company = {key: open_days(rows, known.as_of_on) for (key,), rows in ahead.group_by("company_id")}
    own = {site: by_company[company] for site, company in places.iter_rows() if company in by_company}
    return own | {site: open_days_of(country, known.as_of_on) for site, country in rules.holidays.items()}


def _workshop(known: "StudyInput", late: Lateness, level: int) -> Workshop:
    """Who can make what, and when."""
    since = (pl.col("since_on") - known.as_of_on).dt.total_days() * DAY
    shifts, loads = (
        known.aggregate(name).with_columns(pl.col("starts_at", "ends_at") + since).select(*making.SHIFTS).collect()
        for name in ("work_center_shifts", "work_center_loads")
    )
    ways = known.aggregate("making_ways").unique(("product_id", "site_id", "bom_id"))
    return Workshop(
        ways=ways.select(*making.WAYS).collect(),
        parts=known.aggregate("making_parts").select(*making.PARTS).collect(),
        steps=known.aggregate("making_steps").select(*making.STEPS).collect(),
        shifts=shifts,
        loads=loads,
        late_days=late_days(late, level),
    )
