"""Delivery: the earliest day on which what a customer asks for can leave, why that day, and how sure it is.

Every answer takes the viewer first and needs sales.read and inventory.read: stock, receipts and earlier promises are
cut by the viewer's rights and the scope before anything is promised from them, and so is the past by which suppliers
are judged. Nothing is stored or reserved. How a day is found is said in ``analytics.promising``.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from analytics import promising
from analytics.access import Viewer, require
from analytics.certainty import likely
from analytics.delivery import BROKEN, FREE, broken_today, free_today, quantity_of
from analytics.demand import OPEN_DEMAND, Types
from analytics.lateness import Lateness, dated, lateness, ordered_now
from analytics.projection import NOTHING
from analytics.promising import PROMISED, TRANSFERS, WISHES, Answer, Supply, earliest, promise
from analytics.scope import Scope
from analytics.sooner import Sooner, cost, sooner
from analytics.stock_outs import TRANSFER_DAYS
from analytics.tables import SHARED
from answers import Snapshot, inventory, snapshot, transport
from answers.inventory import Question, without_strangers
from answers.making import hourly_costs, needed, work_centers, workshop

RIGHT = "sales.read"
LEVELS = (90, 80, 95, 50)
MOST_LINES = 30
Wishes = Sequence[tuple[str, str]]
NAMES = ("sku", "name", "name_zh", "unit")
PRODUCTS = ("product_id", "code", "sku", "barcode", "name", "name_zh", "unit", "is_active")
LINES: Types = {
    "line": pl.Int64,
    "product_id": pl.String,
    "sku": pl.String,
    "name": pl.String,
    "name_zh": pl.String,
    "unit": pl.String,
    "quantity": pl.Float64,
    "status": pl.String,
    "first_on": pl.Date,
    "promised_on": pl.Date,
    "confidence": pl.Float64,
    "arrives_on": pl.Date,
}
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
ANSWERED = ("first_on", "promised_on", "confidence", "arrives_on")
PROBLEMS: Types = {"line": pl.Int64, "kind": pl.String, "products": pl.List(pl.String)}


@dataclass(frozen=True)
class How:
    """How it shall be delivered. ``leaves_from``: the site that all of it has to leave from, where goods of other sites
    of the company come in seven days; null, or one that the viewer does not know, for any: each site sends its own
    part. ``in_parts``: each part as early as it can, instead of all of a line at once. ``level``: how sure each line
    has to be, in percent. ``customer_id``: to whom it goes; without one nobody knows how long it takes there."""

    leaves_from: str | None = None
    in_parts: bool = False
    level: int = LEVELS[0]
    customer_id: str | None = None


@dataclass(frozen=True)
class Hold:
    """What is held for somebody: product and quantity of each line, the site it leaves from, and the parts that known
    supply gives: product, site, day (as text), quantity."""

    number: int
    wishes: tuple[tuple[str, float], ...]
    leaves_from: str | None
    parts: tuple[tuple[str, str, str, float], ...]


Holds = tuple[Hold, ...]


@dataclass(frozen=True, kw_only=True)
class Promised:
    """An answer. ``lines``: one row per line that was asked for, see ``LINES``; ``parts``: one row per part of a line
    that leaves on one day from one site, see ``PARTS``; ``others``: other ways to deliver the same, the earliest first,
    see ``WAYS``; way: whole, parts, expedite (a product comes a week earlier) or overtime (a work center works two
    hours more a day), cost and currency null where nobody states it; ``broken``: whose promises an earlier day would
    break, see ``analytics.delivery.BROKEN``, with names; ``waits``: what each line waits for, link by link, the longest
    binding, see ``WAITS`` and ``analytics.making.Link``; ``problems``: why a line has no day, see ``PROBLEMS``.

    status of a line: promised, no_supply, no_quantity, not_a_number, too_many, not_stocked (a service or a kit),
    unknown_product. last_on and confidence are null while a line has no day. confidence: at least the chance that all
    of it can leave by then. arrives_on: by when all of it is at the customer, each line as sure as was asked for; null
    without a customer, or where nobody knows how long goods take there. ``lanes``: how long they took, by site and
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
    return _Ground(_asked(viewer, scope, version)).products


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
    return _Ground(_asked(viewer, scope, version)).sites.select("site_id", "site")


def free(
    viewer: Viewer, scope: Scope, wishes: Wishes, *, version: Snapshot | None = None, held: Holds = ()
) -> pl.DataFrame:
    """What can be promised for today, of the products asked for, or of all without wishes: one row per product and
    site, see ``analytics.delivery.FREE``; with site and the product's names, by number and site."""
    ground = _Ground(_asked(viewer, scope, version), held)
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
    ground = _Ground(_asked(viewer, scope, version), held)
    lines = ground.lines(wishes[:MOST_LINES])
    leaves_from = how.leaves_from if how.leaves_from in ground.sites["site_id"] else None
    in_parts, level = how.in_parts, how.level
    asked = lines.filter(pl.col("status") == "asked")
    to = transport.country(ground.question, how.customer_id)
    supplies = ground.supplies(asked["product_id"].unique().to_list(), level, to)
    supply, answer = earliest(supplies, _wanted(asked, leaves_from), in_parts=in_parts)
    told = _told(lines, answer)
    first_on, last_on, confidence = _whole(told)
    return Promised(
        as_of=ground.as_of,
        level=level,
        in_parts=in_parts,
        lines=told,
        parts=ground.parts(answer, told, level),
        others=ground.others(supply, asked, answer, leaves_from, in_parts),
        waits=ground.waits(answer),
        problems=ground.problems(answer),
        broken=ground.broken(supply, told, leaves_from),
        lanes=transport.lanes_to(ground.question, to, ground.sites),
        first_on=first_on,
        last_on=last_on,
        confidence=confidence,
        arrives_on=_arrives(told),
        opens_on=ground.opens_on,
        company_ids=ground.companies(answer),
        left_out=max(0, len(wishes) - MOST_LINES),
    )


def held_days(
    viewer: Viewer, scope: Scope, held: Holds, *, version: Snapshot | None = None
) -> Mapping[int, date | None]:
    """By its number, the day on which each hold can leave as things stand, the first one first; null for none. Of what
    leaves from where the scope does not reach, nothing is said."""
    question = _asked(viewer, scope, version)
    here = _Ground(question, held).held_here
    wishes = _held_wishes(here)
    if wishes.is_empty():
        return {}
    supplies = _Ground(question).supplies(wishes["product_id"].unique().to_list(), LEVELS[0])
    numbers = pl.Series("number", [hold.number for hold in here for _ in hold.wishes], dtype=pl.Int64)
    lines = earliest(supplies, wishes)[1].lines.with_columns(numbers)
    days = lines.group_by("number").agg(pl.col("promised_on").max(), undated=pl.col("promised_on").null_count())
    return {number: None if undated else on for number, on, undated in days.iter_rows()}


def _held_wishes(held: Holds) -> pl.DataFrame:
    rows = [(product, quantity, hold.leaves_from) for hold in held for product, quantity in hold.wishes]
    numbered = [(line, *row) for line, row in enumerate(rows, start=1)]
    return pl.DataFrame(numbered, schema=WISHES, orient="row")


def _held_at(hold: Hold, places: Container[str]) -> Hold:
    """What a hold takes from these places."""
    parts = tuple(part for part in hold.parts if part[1] in places)
    if hold.leaves_from is not None and hold.leaves_from not in places:
        return replace(hold, wishes=tuple((part[0], part[3]) for part in parts), leaves_from=None, parts=parts)
    elsewhere: dict[str, float] = {}
    for product, site, _, quantity in hold.parts:
        elsewhere[product] = elsewhere.get(product, 0.0) + (0.0 if site in places else quantity)
    wishes = []
    for product, quantity in hold.wishes:
        there = min(quantity, elsewhere.get(product, 0.0))
        elsewhere[product] = elsewhere.get(product, 0.0) - there
        wishes.append((product, quantity - there))
    return replace(hold, wishes=tuple(wish for wish in wishes if wish[1] > NOTHING), parts=parts)


def _asked(viewer: Viewer, scope: Scope, version: Snapshot | None) -> Question:
    return inventory.asked(require(viewer, RIGHT), scope, version or snapshot())


def _wanted(asked: pl.DataFrame, site_id: str | None) -> pl.DataFrame:
    wanted = asked.with_columns(site_id=pl.lit(site_id, dtype=pl.String))
    return wanted.select(pl.col(name).cast(dtype) for name, dtype in WISHES.items())


def _told(lines: pl.DataFrame, answer: Answer) -> pl.DataFrame:
    """The lines with their days; what was wrong with a line stays said."""
    found = answer.lines.select("line", "first_on", "promised_on", "confidence", "arrives_on", answered="status")
    joined = lines.join(found, on="line", how="left", validate="1:1", maintain_order="left")
    told = joined.with_columns(status=pl.coalesce("answered", "status"))
    return told.select(pl.col(name).cast(dtype) for name, dtype in LINES.items())


def _whole(lines: pl.DataFrame) -> tuple[date | None, date | None, float | None]:
    """The first and the last day of all lines together, and how sure the last is; null while a line has none."""
    first, last = lines["first_on"].min(), lines["promised_on"].max()
    first_on = first if isinstance(first, date) else None
    if not isinstance(last, date) or lines["promised_on"].null_count():
        return first_on, None, None
    return first_on, last, float(lines["confidence"].product())


def _arrives(lines: pl.DataFrame) -> date | None:
    """When the last line is at the customer; null while that is not known of one."""
    last = lines["arrives_on"].max()
    return last if isinstance(last, date) and not lines["arrives_on"].null_count() else None


@dataclass(frozen=True)
class _Ground:
    """What promises are made from."""

    question: Question
    held: Holds = ()

    @cached_property
    def as_of(self) -> date:
        return inventory.day_of(self.question)

    @cached_property
    def held_here(self) -> Holds:
        """What is held of what there is and will be here: what leaves from elsewhere takes nothing from it."""
        stock, receipts, _, _ = self._facts
        known = pl.concat([rows["site_id"] for rows in (self.sites, stock, receipts)])
        places = frozenset(known.drop_nulls())
        return tuple(_held_at(hold, places) for hold in self.held)

    @cached_property
    def every_product(self) -> pl.DataFrame:
        """Every product of any kind, with its code, and whether it is kept in stock."""
        rows = self.question.version.table("products", self.question.viewer)
        if self.question.scope.companies:
            companies = (*self.question.scope.companies, SHARED)
            rows = rows.filter(pl.col("company_id").is_in(list(companies)))
        is_own = pl.col("sku").is_not_null() & (pl.len().over("sku") == 1)
        is_stocked = pl.col("kind").cast(pl.String).is_in(["storable", "consumable"])
        coded = rows.with_columns(code=pl.when(is_own).then("sku").otherwise("product_id"), is_stocked=is_stocked)
        return coded.select(*PRODUCTS, "is_stocked", "lead_time_days").sort("code").collect()

    @cached_property
    def products(self) -> pl.DataFrame:
        return self.every_product.filter("is_stocked").select(PRODUCTS).sort("sku", "name", "code", nulls_last=True)

    @cached_property
    def sites(self) -> pl.DataFrame:
        """The main sites of the scope: site_id, site, company_id."""
        return self.question.aggregate("places").select("site_id", "site", "company_id").collect()

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With what the product is called."""
        names = self.every_product.select("product_id", *NAMES)
        return rows.join(names, on="product_id", how="left", validate="m:1", maintain_order="left")

    def lines(self, wishes: Wishes) -> pl.DataFrame:
        """One row per wish: line, the product, quantity, and status: asked, or what is wrong."""
        known = _by_code(self.every_product)
        rows = []
        for line, (code, written) in enumerate(wishes, start=1):
            product = known.get(code.strip().casefold(), {})
            wrong, quantity = quantity_of(written)
            status = wrong if product.get("is_stocked") else "not_stocked" if product else "unknown_product"
            named = {name: product.get(name) for name in ("product_id", *NAMES)}
            rows.append({"line": line, "quantity": quantity, "status": status} | named)
        schema = {name: dtype for name, dtype in LINES.items() if name not in ANSWERED}
        return pl.DataFrame(rows, schema=schema)

    @cached_property
    def late(self) -> Lateness:
        """How late suppliers are, by all deliveries that the viewer may see, whatever the scope."""
        past = self.question.version.aggregate("deliveries", self.question.viewer).collect()
        return lateness(past, self.as_of)

    @cached_property
    def _facts(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        orders = without_strangers(self.question.aggregate("open_demand"), self.question.viewer)
        rows = [self.question.aggregate(name) for name in ("stock_by_item", "open_receipts", "sourcing")]
        stock, receipts, ways, promises = pl.collect_all([*rows, orders])
        return stock, receipts, ways, promises

    @cached_property
    def opens(self) -> Mapping[str, tuple[int, ...]]:
        """By site, for each day from today on, the next on which people work there."""
        return transport.opens(self.question, self.sites, self.as_of)

    @property
    def opens_on(self) -> date:
        """Today, or the next day on which people work anywhere."""
        first = min((days[0] for days in self.opens.values() if days), default=0)
        return self.as_of + timedelta(days=first)

    def supplies(self, wanted: Sequence[str], level: int, to: str | None = None) -> list[Supply]:
        """What there is and will be of some products and of all that they are made of, counted on when half of what is
        to come has come, and when as much as is asked for; promised either way as sure as that. ``to``: the country of
        the customer."""
        held = _held_wishes(self.held_here)
        used = tuple(needed(self.question, [*wanted, *held["product_id"]]))
        known = self._known(used)
        owners = dict(self.sites.select("site_id", "company_id").iter_rows())
        travels = transport.transit_to(self.question, to, self.sites)
        likely_by = likely(known.receipts, known.new, self.late, self.as_of)
        return [
            replace(
                self.supply(used, basis),
                confidence=level / 100,
                transfers=self._transfers(),
                workshop=workshop(self.question, used, self.as_of, self.late, basis),
                likely=likely_by,
                owners=owners,
                held=held,
                promised=promising.promised(known.orders),
                opens=self.opens,
                transit=travels,
            )
            for basis in dict.fromkeys((level, LEVELS[-1]))
        ]

    def supply(self, wanted: Sequence[str] | None, level: int) -> Supply:
        """What there is and will be of some products, or of all."""
        known = self._known(None if wanted is None else tuple(wanted))
        return promising.supply(
            today=self.as_of,
            level=level,
            products=list(wanted or []),
            stock=known.stock,
            receipts=known.receipts,
            orders=pl.concat([known.orders, self._held_orders()], how="diagonal"),
            new=known.new,
        )

    def _held_orders(self) -> pl.DataFrame:
        """What is held of known supply, as if it were ordered."""
        rows = [
            {
                "product_id": product,
                "site_id": site,
                "due_on": date.fromisoformat(on),
                "quantity": Decimal(str(quantity)),
            }
            for hold in self.held_here
            for product, site, on, quantity in hold.parts
        ]
        return pl.DataFrame(rows, schema={name: OPEN_DEMAND[name] for name in PROMISED})

    def companies(self, answer: Answer) -> tuple[str, ...]:
        """The companies that the goods leave from."""
        owners = dict(self.sites.select("site_id", "company_id").iter_rows())
        known = {owners[site] for site in answer.deliveries["from_site_id"].drop_nulls() if site in owners}
        return tuple(sorted(known or owners.values()))

    def _known(self, wanted: tuple[str, ...] | None) -> "_Known":
        """Stock, what is to come, what was promised, and what could be bought, of some products, or of all."""
        if wanted not in self._kept:
            stock, receipts, ways, orders = (_of(rows, wanted) for rows in self._facts)
            bought = ordered_now(ways.filter(pl.col("kind") == "buy"), self.every_product, self.as_of)
            self._kept[wanted] = _Known(
                stock, dated(receipts, self.late, self.as_of), orders, dated(bought, self.late, self.as_of)
            )
        return self._kept[wanted]

    @cached_property
    def _kept(self) -> dict[tuple[str, ...] | None, "_Known"]:
        return {}

    def _transfers(self) -> pl.DataFrame:
        """Between any two main sites of one company."""
        from_sites = self.sites.select("company_id", from_site_id="site_id")
        pairs = from_sites.join(self.sites.select("company_id", to_site_id="site_id"), on="company_id", how="inner")
        apart = pairs.filter(pl.col("from_site_id") != pl.col("to_site_id")).with_columns(days=pl.lit(TRANSFER_DAYS))
        return apart.select(pl.col(name).cast(dtype) for name, dtype in TRANSFERS.items())

    def parts(self, answer: Answer, lines: pl.DataFrame, level: int) -> pl.DataFrame:
        """The deliveries with names, and what is known of the past of whom they wait for."""
        sure = lines.select("line", "confidence")
        rows = self.named(answer.deliveries).join(sure, on="line", how="left", validate="m:1", maintain_order="left")
        placed = rows.join(
            self.sites.select("site_id", "site", from_site_id="site_id"), on="from_site_id", how="left", validate="m:1"
        )
        receipts = self._receipts(level)
        keys = ("product_id", "from_site_id", "number", "due_on")
        known = placed.join(receipts, on=keys, how="left", validate="m:1", nulls_equal=True)
        of_new = ("product_id", "source", "party")
        ordered = known.join(
            self._new(level, rows["product_id"]), on=of_new, how="left", validate="m:1", nulls_equal=True
        )
        return ordered.select(pl.col(name).cast(dtype) for name, dtype in PARTS.items()).sort(
            "line", "leaves_on", "source", "site", nulls_last=True
        )

    def _receipts(self, level: int) -> pl.DataFrame:
        """How many days late what is on order comes with that confidence, by its supplier's past."""
        share = f"days_late_{level}"
        quantiles = self.late.quantiles().select("kind", "supplier_id", days_late=share)
        pooled = quantiles.filter(pl.col("supplier_id").is_null()).select("kind", of_all="days_late")
        _, receipts, _, _ = self._facts
        own = receipts.join(
            quantiles.drop_nulls("supplier_id"), on=("kind", "supplier_id"), how="left", validate="m:1"
        ).join(pooled, on="kind", how="left", validate="m:1")
        late = own.select(
            "product_id", "number", "due_on", from_site_id="site_id", days_late=pl.coalesce("days_late", "of_all")
        )
        return late.unique(("product_id", "from_site_id", "number", "due_on"), keep="first", maintain_order=True)

    def _new(self, level: int, products: pl.Series) -> pl.DataFrame:
        """The lead time of the way by which a new order of each product comes first."""
        new = self._known(tuple(products.unique().sort())).new.drop_nulls(f"arrives_{level}_on")
        first = new.sort(f"arrives_{level}_on", "party", nulls_last=True).unique(
            ("product_id", "party"), keep="first", maintain_order=True
        )
        return first.select("product_id", "party", "lead_time_days", source=pl.lit("new_order"))

    def others(
        self,
        supply: Supply,
        asked: pl.DataFrame,
        answer: Answer,
        leaves_from: str | None,
        in_parts: bool,
    ) -> pl.DataFrame:
        """The other ways to deliver the same, and what would make it sooner."""
        if asked.is_empty():
            return pl.DataFrame(schema=WAYS)
        several = self.sites.height > 1
        choices = [None, *(self.sites["site_id"].to_list() if several else [])]
        ways = [(False, site) for site in choices] + [(True, None), (True, leaves_from)]
        rows = [
            _way(promise(supply, _wanted(asked, site), in_parts=parts), "parts" if parts else "whole")
            | {"site_id": site}
            for parts, site in dict.fromkeys(ways)
            if (parts, site) != (in_parts, leaves_from)
        ]
        changed = sooner(supply, _wanted(asked, leaves_from), answer, in_parts=in_parts)
        hourly = hourly_costs(self.question)
        rows += [self._changed(each, hourly) for each in changed]
        named = self.named(
            pl.DataFrame(rows, schema={name: WAYS[name] for name in WAYS if name not in (*NAMES, "site")})
        )
        placed = named.join(
            self.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1", maintain_order="left"
        )
        return placed.select(*WAYS).sort("undated", "last_on", "first_on", "way", "site", "sku", nulls_last=True)

    def _changed(self, each: Sooner, hourly: Mapping[str, tuple[float | None, str | None]]) -> dict[str, Any]:
        amount, currency = cost(each, hourly)
        what = {"product_id": each.change.product_id, "cost": amount, "currency": currency}
        center = work_centers(self.question).get(each.change.work_center_id or "")
        return _way(each.answer, each.change.kind) | what | {"work_center": center}

    def waits(self, answer: Answer) -> pl.DataFrame:
        """What the lines wait for, with names."""
        centers = work_centers(self.question)
        names = pl.DataFrame(
            {"work_center_id": list(centers), "work_center": list(centers.values())},
            schema={"work_center_id": pl.String, "work_center": pl.String},
        )
        rows = self.named(answer.waits).join(names, on="work_center_id", how="left", validate="m:1")
        placed = rows.join(self.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1")
        return placed.select(*WAITS).sort("line", "step")

    def problems(self, answer: Answer) -> pl.DataFrame:
        """Why lines have no day: the products that lack something, by number and name."""
        called = pl.concat_str(["sku", "name"], separator=" · ", ignore_nulls=True)
        names = dict(self.every_product.select("product_id", called).iter_rows())
        rows = [
            {
                "line": row["line"],
                "kind": row["kind"],
                "products": [names.get(key) or key for key in row["product_ids"]],
            }
            for row in answer.problems.iter_rows(named=True)
        ]
        return pl.DataFrame(rows, schema=PROBLEMS)

    def broken(self, supply: Supply, lines: pl.DataFrame, leaves_from: str | None) -> pl.DataFrame:
        """Whose promises an earlier day would break, of each product that has to wait."""
        later = lines.filter(pl.col("status").is_in(["promised", "no_supply"])).group_by("product_id")
        asked = later.agg(
            pl.col("quantity").sum(), pl.col("promised_on").max(), undated=pl.col("promised_on").null_count()
        )
        waiting = asked.filter((pl.col("undated") > 0) | (pl.col("promised_on") > self.opens_on)).sort("product_id")
        orders = self._facts[3]
        found = [
            broken_today(supply, orders, product, quantity, leaves_from)
            for product, quantity in waiting.select("product_id", "quantity").iter_rows()
        ]
        rows = self.named(pl.concat([pl.DataFrame(schema=BROKEN), *found]))
        return rows.join(
            self.sites.select("site_id", "site"), on="site_id", how="left", validate="m:1", maintain_order="left"
        )


@dataclass(frozen=True)
class _Known:
    """What is known of some products: stock, what is to come and what could be bought with their days, and what was
    promised."""

    stock: pl.DataFrame
    receipts: pl.DataFrame
    orders: pl.DataFrame
    new: pl.DataFrame


def _of(rows: pl.DataFrame, products: Sequence[str] | None) -> pl.DataFrame:
    return rows if products is None else rows.filter(pl.col("product_id").is_in(list(products)))


def _by_code(every: pl.DataFrame) -> Mapping[str, Mapping[str, Any]]:
    """From what people write to the product: its code before its key before a barcode that only it has."""
    rows = every.rows(named=True)
    single = every.filter(pl.col("barcode").is_not_null() & (pl.len().over("barcode") == 1)).rows(named=True)
    barcodes = {row["barcode"].casefold(): row for row in single}
    return (
        barcodes | {row["product_id"].casefold(): row for row in rows} | {row["code"].casefold(): row for row in rows}
    )


def _way(answer: Answer, way: str) -> dict[str, Any]:
    first_on, last_on, confidence = _whole(answer.lines)
    return {
        "way": way,
        "first_on": first_on,
        "last_on": last_on,
        "confidence": confidence,
        "undated": answer.lines["promised_on"].null_count(),
    }
