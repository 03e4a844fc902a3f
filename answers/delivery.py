"""Delivery: the earliest day on which what a customer asks for can leave, why that day, and how sure it is.

Every answer takes the viewer first and needs sales.read and inventory.read: stock, receipts and earlier promises are
cut by the viewer's rights and the scope before anything is promised from them, and so is the past by which suppliers
are judged. Nothing is stored or reserved. How a day is found is said in ``analytics.promising``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from analytics.access import Viewer, require
from analytics.delivery import FREE, free_today
from analytics.promise_rules import APPLIED, LEVELS, Rules
from analytics.promising import Answer, earliest
from analytics.scope import Scope
from answers import Snapshot, inventory, snapshot, transport
from answers.delivery_ground import LINES, Ground, Hold, Holds, How, Wishes, held_wishes
from answers.delivery_told import applied, broken, others, parts, problems, waits, wanted, whole
from answers.inventory import Question

RIGHT = "sales.read"
MOST_LINES = 30
NO_RULES = Rules()


@dataclass(frozen=True, kw_only=True)
class Promised:
    """An answer. ``lines``: one row per line that was asked for, see ``LINES``; ``parts``: one row per part of a line
    that leaves on one day from one site, see ``PARTS``; ``others``: other ways to deliver the same, the earliest first,
    see ``WAYS``; way: whole, parts, substitute (a product that the firm says may stand in), expedite (a product comes a
    week earlier) or overtime (a work center works two hours more a day), cost and currency null where nobody states it;
    ``broken``: whose promises an earlier day would break, see ``analytics.delivery.BROKEN``, with names; ``waits``:
    what each line waits for, link by link, the longest binding, see ``analytics.promising.WAITS``;
    ``problems``: why a line has no day, see ``PROBLEMS``.

    status of a line: promised, no_supply, no_quantity, not_a_number, too_many, not_stocked (a service or a kit),
    unknown_product. last_on and confidence are null while a line has no day. confidence: at least the chance that all
    of it can leave by then. arrives_on: by when all of it is at the customer, each line as sure as was asked for; null
    without a customer, or where nobody knows how long goods take there. ``applied``: the firm's rules that the answer
    goes by, see ``APPLIED``. ``lanes``: how long they took, by site and
    carrier, see ``answers.transport.LANES``. opens_on: the first day on which anything can leave. company_ids: whose
    goods they are. left_out: how many lines were too many to be answered at once.
    """

    as_of: date
    level: int
    in_parts: bool
    lines: pl.DataFrame
    parts: pl.DataFrame
    others: pl.DataFrame
    broken: pl.DataFrame
    waits: pl.DataFrame
    problems: pl.DataFrame
    lanes: pl.DataFrame
    first_on: date | None
    last_on: date | None
    confidence: float | None
    arrives_on: date | None = None
    applied: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=APPLIED))
    opens_on: date | None = None
    company_ids: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def arrives_sure(self) -> float:
        """The chance that all lines are at the customer by the day, each by itself as sure as was asked for."""
        return float((self.level / 100) ** self.lines.height)


def products(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What can be asked for: one row per product that is kept in stock, by its number and name.

    product_id, code (its number where no other product has the same, else its key), sku, barcode, names, unit,
    is_active.
    """
    return Ground(_asked(viewer, scope, version)).products


def customers(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Who can ask: one row per active customer: key, name, by name. Names of persons need personal_data."""
    question = _asked(viewer, scope, version)
    rows = question.version.table("customers", viewer).filter("is_active")
    if scope.regions:
        rows = rows.filter(pl.col("region").is_in(list(scope.regions)))
    named = rows.select(key="customer_id", name=pl.coalesce("name", "number", "customer_id"))
    return named.sort("name", "key").collect()


def sites(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Where it can leave from: one row per main site of the scope: site_id, site."""
    return Ground(_asked(viewer, scope, version)).sites.select("site_id", "site")


def carriers(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Who can carry it: see ``answers.transport.carriers``."""
    return transport.carriers(_asked(viewer, scope, version))


def free(
    viewer: Viewer, scope: Scope, wishes: Wishes, *, version: Snapshot | None = None, held: Holds = ()
) -> pl.DataFrame:
    """What can be promised for today, of the products asked for, or of all without wishes: one row per product and
    site, see ``analytics.delivery.FREE``; with site and the product's names, by number and site."""
    ground = Ground(_asked(viewer, scope, version), held)
    asked = ground.lines(wishes)["product_id"].drop_nulls().unique().to_list() if wishes else None
    rows = free_today(ground.supply(asked, LEVELS[0]))
    named = ground.named(rows.select(*FREE)).join(ground.sites, on="site_id", how="left", validate="m:1")
    known = named.join(ground.products.select("product_id"), on="product_id", how="semi")
    return known.sort("sku", "name", "product_id", "site", "site_id", nulls_last=True)


def promised(
    viewer: Viewer,
    scope: Scope,
    wishes: Wishes,
    how: How,
    *,
    version: Snapshot | None = None,
    held: Holds = (),
) -> Promised:
    """When the ``wishes`` (a product's code and a quantity as written) can leave: see ``Promised``.

    The first wish is served first; what is ``held`` for others is gone.
    """
    ground = Ground(_asked(viewer, scope, version), held, how)
    lines = ground.lines(wishes[:MOST_LINES])
    leaves_from = how.leaves_from if how.leaves_from in ground.sites["site_id"] else None
    in_parts, level = how.in_parts, how.level
    asked = lines.filter(pl.col("status") == "asked")
    to = transport.country(ground.question, how.customer_id)
    supplies = ground.supplies(asked["product_id"].unique().to_list(), level, to)
    supply, answer = earliest(supplies, wanted(asked, leaves_from), in_parts=in_parts)
    told = _told(lines, answer)
    first_on, last_on, confidence = whole(told)
    return Promised(
        as_of=ground.as_of,
        level=level,
        in_parts=in_parts,
        lines=told,
        parts=parts(ground, answer, told, level),
        others=others(ground, supply, asked, answer, leaves_from, in_parts),
        waits=waits(ground, answer),
        problems=problems(ground, answer),
        broken=broken(ground, supply, told, leaves_from),
        lanes=transport.lanes_to(ground.question, to, ground.sites),
        first_on=first_on,
        last_on=last_on,
        confidence=confidence,
        arrives_on=_arrives(told),
        applied=applied(ground, answer),
        opens_on=ground.opens_on,
        company_ids=ground.companies(answer),
        left_out=max(0, len(wishes) - MOST_LINES),
    )


def held_days(
    viewer: Viewer, scope: Scope, held: Holds, *, rules: Rules = NO_RULES, version: Snapshot | None = None
) -> Mapping[int, date | None]:
    """By its number, the day on which each hold can leave as things stand and by the firm's ``rules``, the first one
    first; null for none. Of what leaves from where the scope does not reach, nothing is said."""
    question = _asked(viewer, scope, version)
    here = Ground(question, held).held_here
    wishes = held_wishes(here)
    if wishes.is_empty():
        return {}
    supplies = Ground(question, how=How(rules=rules)).supplies(wishes["product_id"].unique().to_list(), LEVELS[0])
    numbers = pl.Series("number", [hold.number for hold in here for _ in hold.wishes], dtype=pl.Int64)
    lines = earliest(supplies, wishes)[1].lines.with_columns(numbers)
    days = lines.group_by("number").agg(pl.col("promised_on").max(), undated=pl.col("promised_on").null_count())
    return {number: None if undated else on for number, on, undated in days.iter_rows()}


def _asked(viewer: Viewer, scope: Scope, version: Snapshot | None) -> Question:
    return inventory.asked(require(viewer, RIGHT), scope, version or snapshot())


def _told(lines: pl.DataFrame, answer: Answer) -> pl.DataFrame:
    """The lines with their days; what was wrong with a line stays said."""
    found = answer.lines.select("line", "first_on", "promised_on", "confidence", "arrives_on", answered="status")
    joined = lines.join(found, on="line", how="left", validate="1:1", maintain_order="left")
    told = joined.with_columns(status=pl.coalesce("answered", "status"))
    return told.select(pl.col(name).cast(dtype) for name, dtype in LINES.items())


def _arrives(lines: pl.DataFrame) -> date | None:
    """When the last line is at the customer; null while that is not known of one."""
    last = lines["arrives_on"].max()
    return last if isinstance(last, date) and not lines["arrives_on"].null_count() else None


__all__ = [
    "APPLIED",
    "LEVELS",
    "LINES",
    "MOST_LINES",
    "RIGHT",
    "Hold",
    "Holds",
    "How",
    "Promised",
    "Wishes",
    "carriers",
    "customers",
    "free",
    "held_days",
    "products",
    "promised",
    "sites",
]
