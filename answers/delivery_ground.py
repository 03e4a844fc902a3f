"""What deliveries are promised from: stock, receipts, earlier promises, ways to buy and to make, cut by the viewer's
rights and the scope; with what the firm rules of its promises and what is held for somebody."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import polars as pl

from analytics import promising
from analytics.access import Viewer
from analytics.certainty import likely
from analytics.delivery import quantity_of
from analytics.demand import OPEN_DEMAND, Types
from analytics.lateness import Lateness, dated, lateness, ordered_now
from analytics.projection import NOTHING
from analytics.promise_holidays import open_days_of
from analytics.promise_rules import CARRIER, CUSTOMER, LEVELS, SITE, Rules, stepping_back
from analytics.promising import PROMISED, TRANSFERS, WISHES, Answer, Supply
from analytics.stock_outs import TRANSFER_DAYS
from analytics.tables import SHARED
from answers import Snapshot, inventory, remembered, transport
from answers.inventory import Question, without_strangers
from answers.making import needed, workshop

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
KEPT = 4
PROMISED_FIRST = pl.coalesce("first_promised_on", "promised_on")
ANSWERED = ("first_on", "promised_on", "confidence", "arrives_on")


@dataclass(frozen=True)
class How:
    """How it shall be delivered. ``leaves_from``: the site that all of it has to leave from, where goods of other sites
    of the company come in seven days; null, or one that the viewer does not know, for any: each site sends its own
    part. ``in_parts``: each part as early as it can, instead of all of a line at once. ``level``: how sure each line
    has to be, in percent. ``customer_id``: to whom it goes; without one nobody knows how long it takes there.
    ``carrier_id``: who carries it; null for whoever usually does. ``rules``: those of the firm; ``passed``: what has a
    cut-off that is over for today, see ``analytics.promise_rules.Rules.passed``."""

    leaves_from: str | None = None
    in_parts: bool = False
    level: int = LEVELS[0]
    customer_id: str | None = None
    carrier_id: str | None = None
    rules: Rules = field(default_factory=Rules)
    passed: tuple[tuple[str, str], ...] = ()

    @property
    def closes(self) -> tuple[str, str] | None:
        """The customer or the carrier whose cut-off is over for today, wherever it leaves from."""
        asked = ((CUSTOMER, self.customer_id), (CARRIER, self.carrier_id))
        return next(((about, key) for about, key in asked if key and (about, key) in self.passed), None)


@dataclass(frozen=True)
class Hold:
    """What is held for somebody: product and quantity of each line, the site it leaves from, and the parts that known
    supply gives: product, site, day (as text), quantity."""

    number: int
    wishes: tuple[tuple[str, float], ...]
    leaves_from: str | None
    parts: tuple[tuple[str, str, str, float], ...]


Holds = tuple[Hold, ...]


def held_wishes(held: Holds) -> pl.DataFrame:
    """What is held, a row per line: see ``analytics.promising.WISHES``."""
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


@dataclass(frozen=True)
class Ground:
    """What promises are made from."""

    question: Question
    held: Holds = ()
    how: How = How()

    @cached_property
    def as_of(self) -> date:
        """The day of the data."""
        return inventory.day_of(self.question)

    @cached_property
    def held_here(self) -> Holds:
        """What is held of what there is and will be here: what leaves from elsewhere takes nothing from it."""
        stock, receipts, _, _ = self.facts
        known = pl.concat([rows["site_id"] for rows in (self.sites, stock, receipts)])
        places = frozenset(known.drop_nulls())
        return tuple(_held_at(hold, places) for hold in self.held)

    @cached_property
    def every_product(self) -> pl.DataFrame:
        """Every product of any kind, with its code, and whether it is kept in stock."""
        return _every_product(self.question)

    @cached_property
    def products(self) -> pl.DataFrame:
        """What is kept in stock, by number and name."""
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
        places = _by_code(self.question)
        rows = []
        for line, (code, written) in enumerate(wishes, start=1):
            place = places.get(code.strip().casefold())
            product = {} if place is None else self.every_product.row(place, named=True)
            wrong, quantity = quantity_of(written)
            status = wrong if product.get("is_stocked") else "not_stocked" if product else "unknown_product"
            named = {name: product.get(name) for name in ("product_id", *NAMES)}
            rows.append({"line": line, "quantity": quantity, "status": status} | named)
        schema = {name: dtype for name, dtype in LINES.items() if name not in ANSWERED}
        return pl.DataFrame(rows, schema=schema)

    @cached_property
    def late(self) -> Lateness:
        """How late suppliers are, by all deliveries that the viewer may see, whatever the scope."""
        return _lateness(self.question.version, self.question.viewer, self.as_of)

    @cached_property
    def facts(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Stock, what is to come, ways to get more, and the orders that have to be kept."""
        orders = without_strangers(self.question.aggregate("open_demand"), self.question.viewer)
        rows = [self.question.aggregate(name) for name in ("stock_by_item", "open_receipts", "sourcing")]
        stock, receipts, ways, promises = pl.collect_all([*rows, orders])
        back = self.stepping_back.select("company_id", number="document")
        is_order = pl.col("kind") == "order"
        ours = promises.filter(is_order).join(back, on=("company_id", "number"), how="anti")
        return stock, receipts, ways, pl.concat([ours, promises.filter(~is_order)]) if back.height else promises

    @cached_property
    def stepping_back(self) -> pl.DataFrame:
        """The orders that step back for the customer: see ``analytics.promise_rules.stepping_back``; only those whose
        number tells which they are."""
        rules, customer = self.how.rules, self.how.customer_id
        version, viewer = self.question.version, self.question.viewer
        open_orders = version.aggregate("order_stages", viewer).filter(pl.col("stage").is_in(["waiting", "ready"]))
        known = open_orders.select("company_id", "document", "customer_id", promised_on=PROMISED_FIRST)
        if not rules.by_class or customer is None:
            return known.head(0).collect()
        segments = version.table("customers", viewer).select("customer_id", "segment")
        named = known.join(segments, on="customer_id", how="left", validate="m:1").collect()
        alone = pl.col("document").is_not_null() & (pl.len().over("company_id", "document") == 1)
        return stepping_back(named.filter(alone), rules, self.asking_class)

    @cached_property
    def asking_class(self) -> str:
        """Of which class the customer is who asks."""
        customer = self.how.customer_id
        rows = self.question.version.table("customers", self.question.viewer).filter(pl.col("customer_id") == customer)
        own = rows.select("segment").collect()["segment"].to_list()
        return self.how.rules.class_of(customer, own[0] if own else None)

    def names_of(self, about: str) -> Mapping[str, str]:
        """What customers or carriers are called, by key."""
        if about == CARRIER:
            return dict(transport.carriers(self.question).iter_rows())
        rows = self.question.version.table("customers", self.question.viewer)
        named = rows.filter(pl.col("customer_id") == self.how.customer_id)
        return dict(named.select("customer_id", pl.coalesce("name", "number")).collect().iter_rows())

    @cached_property
    def opens(self) -> Mapping[str, tuple[int, ...]]:
        """By site, for each day from today on, the next on which people work there."""
        known = dict(transport.opens(self.question, self.sites, self.as_of))
        for site, country in self.how.rules.holidays.items():
            if site in self.sites["site_id"]:
                known[site] = open_days_of(country, self.as_of)
        return known | {site: _from_tomorrow(known.get(site, ())) for site in self.after_hours}

    @cached_property
    def after_hours(self) -> tuple[str, ...]:
        """The sites at which nothing that is asked for now leaves today."""
        sites = self.sites["site_id"].to_list()
        return tuple(site for site in sites if self.how.closes or (SITE, site) in self.how.passed)

    @property
    def opens_on(self) -> date:
        """Today, or the next day on which people work anywhere."""
        first = min((days[0] for days in self.opens.values() if days), default=0)
        return self.as_of + timedelta(days=first)

    def supplies(self, wanted: Sequence[str], level: int, to: str | None = None) -> list[Supply]:
        """What there is and will be of some products and of all that they are made of, counted on when half of what is
        to come has come, and when as much as is asked for; promised either way as sure as that. ``to``: the country of
        the customer."""
        held = held_wishes(self.held_here)
        others = [other for product in wanted for other in self.substitutes(product)]
        used = tuple(needed(self.question, [*wanted, *others, *held["product_id"]]))
        known = self.known(used)
        owners = dict(self.sites.select("site_id", "company_id").iter_rows())
        travels = transport.transit_to(self.question, to, self.sites, self.how.carrier_id)
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
                after_hours=self.after_hours,
                transit=travels,
            )
            for basis in dict.fromkeys((level, LEVELS[-1]))
        ]

    def substitutes(self, product_id: str) -> list[str]:
        """What may stand in for a product, of what the viewer sees."""
        said = self.how.rules.substitutes(product_id)
        seen = set(self.products.filter(pl.col("product_id").is_in(said))["product_id"]) if said else set()
        return [other for other in said if other in seen]

    def supply(self, wanted: Sequence[str] | None, level: int) -> Supply:
        """What there is and will be of some products, or of all."""
        known = self.known(None if wanted is None else tuple(wanted))
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

    def known(self, wanted: tuple[str, ...] | None) -> "Known":
        """Stock, what is to come, what was promised, and what could be bought, of some products, or of all."""
        if wanted not in self._kept:
            stock, receipts, ways, orders = (_of(rows, wanted) for rows in self.facts)
            bought = ordered_now(ways.filter(pl.col("kind") == "buy"), self.every_product, self.as_of)
            self._kept[wanted] = Known(
                stock, dated(receipts, self.late, self.as_of), orders, dated(bought, self.late, self.as_of)
            )
        return self._kept[wanted]

    @cached_property
    def _kept(self) -> dict[tuple[str, ...] | None, "Known"]:
        return {}

    def _transfers(self) -> pl.DataFrame:
        """Between any two main sites of one company."""
        from_sites = self.sites.select("company_id", from_site_id="site_id")
        pairs = from_sites.join(self.sites.select("company_id", to_site_id="site_id"), on="company_id", how="inner")
        apart = pairs.filter(pl.col("from_site_id") != pl.col("to_site_id"))
        said = self.how.rules.transfer_days
        days = [said.get(pair, TRANSFER_DAYS) for pair in apart.select("from_site_id", "to_site_id").iter_rows()]
        dated = apart.with_columns(days=pl.Series(days, dtype=pl.Int64))
        return dated.select(pl.col(name).cast(dtype) for name, dtype in TRANSFERS.items())


@dataclass(frozen=True)
class Known:
    """What is known of some products: stock, what is to come and what could be bought with their days, and what was
    promised."""

    stock: pl.DataFrame
    receipts: pl.DataFrame
    orders: pl.DataFrame
    new: pl.DataFrame


def _from_tomorrow(opens: Sequence[int]) -> tuple[int, ...]:
    """The days on which people work, without today."""
    return (opens[1] if len(opens) > 1 else 1, *opens[1:])


def _of(rows: pl.DataFrame, products: Sequence[str] | None) -> pl.DataFrame:
    return rows if products is None else rows.filter(pl.col("product_id").is_in(list(products)))


@remembered(KEPT)
def _lateness(version: Snapshot, viewer: Viewer, as_of: date) -> Lateness:
    """The past of suppliers, learned once for all questions of who sees the same."""
    return lateness(version.aggregate("deliveries", viewer).collect(), as_of)


@remembered(KEPT)
def _every_product(question: Question) -> pl.DataFrame:
    """Every product of any kind; read once for all questions about the same part of the firm."""
    rows = question.version.table("products", question.viewer)
    if question.scope.companies:
        rows = rows.filter(pl.col("company_id").is_in([*question.scope.companies, SHARED]))
    is_own = pl.col("sku").is_not_null() & (pl.len().over("sku") == 1)
    is_stocked = pl.col("kind").cast(pl.String).is_in(["storable", "consumable"])
    coded = rows.with_columns(code=pl.when(is_own).then("sku").otherwise("product_id"), is_stocked=is_stocked)
    return coded.select(*PRODUCTS, "is_stocked", "lead_time_days").sort("code").collect()


@remembered(KEPT)
def _by_code(question: Question) -> Mapping[str, int]:
    """From what people write to the product's place among all: its code before its key before a barcode that only it
    has. Places and no rows, which take four times the memory."""
    is_single = pl.col("barcode").is_not_null() & (pl.len().over("barcode") == 1)
    written = _every_product(question).select(pl.when(is_single).then("barcode"), "product_id", "code")
    places: dict[str, int] = {}
    for words in written.iter_columns():
        places |= {word.casefold(): place for place, word in enumerate(words) if word is not None}
    return places
