"""Firms that change for one known cause: orders by chance in two periods, the second of them with a driver planted."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.drivers import money_drivers
from analytics.effects import BOTH_PERIODS, LINE

DIMENSIONS = ("product", "category", "supplier", "customer", "segment", "region", "currency")
MATERIAL, LARGE, TRIES = 2.0, 6.0, 8
DRIFT = 0.005
CATEGORIES, SUPPLIERS, REGIONS, SEGMENTS = 8, 12, 7, 4
CURRENCIES = ("EUR", "USD", "GBP", "CNY")

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True)
class Firm:
    """What is sold to whom: the products with prices and costs, the customers with their places and sizes."""

    category: Integers
    supplier: Integers
    price: Floats
    cost: Floats
    quantity: Floats
    popularity: Floats
    region: Integers
    segment: Integers
    discount: Floats
    size: Floats
    rate: Floats
    orders: int

    @property
    def currency(self) -> Integers:
        """The currency of each region: three of them pay in the firm's own."""
        return np.array([0, 1, 0, 2, 0, 3, 1])


@dataclass(frozen=True)
class Lines:
    """Order lines of one period."""

    order: Integers
    product: Integers
    customer: Integers
    quantity: Floats
    price: Floats
    cost: Floats
    rate: Floats

    def kept(self, chosen: npt.NDArray[np.bool_]) -> "Lines":
        """Those that are chosen."""
        return Lines(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def converted(self) -> Floats:
        """Revenue in the reporting currency."""
        return self.quantity * self.price * self.rate

    @property
    def spent(self) -> Floats:
        """What the goods cost, in the reporting currency."""
        return self.quantity * self.cost


@dataclass(frozen=True)
class Cause:
    """A driver that can be planted in the lines of the second period, at a factor between ``low`` and ``high``.

    kind, dimension and member: the row that has to come first. At ``neutral`` nothing changes; the effect grows evenly
    with the distance from it, and is known exactly at ``probe``.
    """

    kind: str
    dimension: str | None
    member: str | None
    plant: Callable[[Lines, float], Lines]
    low: float
    high: float
    probe: float = 0.0
    neutral: float = 1.0


@dataclass(frozen=True)
class Change:
    """Two periods of a firm, the cause planted, and its effect as a multiple of the noise of the total."""

    name: str
    metric: str
    cause: Cause
    cells: pl.DataFrame
    effect_to_noise: float


def firm(random: np.random.Generator) -> Firm:
    """A firm of 60 to 120 products and 80 to 160 customers, a few of them large."""
    products, customers = int(random.integers(60, 120)), int(random.integers(80, 160))
    price = np.exp(random.normal(3, 0.8, products))
    return Firm(
        category=random.integers(0, CATEGORIES, products),
        supplier=random.integers(0, SUPPLIERS, products),
        price=price,
        cost=price * random.uniform(0.5, 0.8, products),
        quantity=np.exp(random.normal(2, 0.5, products)),
        popularity=np.exp(random.normal(0, 1, products)),
        region=random.integers(0, REGIONS, customers),
        segment=random.integers(0, SEGMENTS, customers),
        discount=random.normal(1, 0.03, customers),
        size=np.exp(random.normal(0, 1, customers)),
        rate=np.array([1, 0.9, 1.2, 0.13]),
        orders=int(random.integers(1500, 3000)),
    )


def ordered(of: Firm, random: np.random.Generator) -> Lines:
    """One period: a Poisson number of orders, each of one line and a Poisson number more, quantities lognormal.

    Every price, unit cost and rate differs a little from one period to the next, and every line's price from the list.
    """
    buyers = random.choice(len(of.size), random.poisson(of.orders), p=of.size / of.size.sum())
    order = np.repeat(np.arange(len(buyers)), 1 + random.poisson(1.5, len(buyers)))
    product = random.choice(len(of.price), len(order), p=of.popularity / of.popularity.sum())
    customer = buyers[order]
    price = of.price * random.normal(1, DRIFT, len(of.price))
    cost = of.cost * random.normal(1, DRIFT, len(of.cost))
    rates = np.where(of.rate == 1, 1, of.rate * random.normal(1, DRIFT, len(of.rate)))
    rate = rates[of.currency[of.region[customer]]]
    agreed = price[product] * of.discount[customer] * random.normal(1, 0.02, len(order))
    return Lines(
        order=order,
        product=product,
        customer=customer,
        quantity=np.ceil(of.quantity[product] * np.exp(random.normal(0, 0.7, len(order)))),
        price=agreed / of.rate[of.currency[of.region[customer]]],
        cost=cost[product],
        rate=rate,
    )


OfLine = Callable[[Lines], Integers]


def _demand(dimension: str, member: int, of_line: OfLine, seed: int, *, low: float = 0.2) -> Cause:
    """What one member buys or sells: a part of its orders does not come, or some come twice over."""

    def plant(lines: Lines, factor: float) -> Lines:
        own = of_line(lines) == member
        luck = np.random.default_rng(seed).random(lines.order.max() + 1)[lines.order]
        repeats = np.where(own, np.floor(factor + luck), 1).astype(int)
        return lines.kept(np.repeat(np.arange(len(own)), repeats))

    return Cause(dimension, dimension, f"{dimension}{member}", plant, low, 2.5)


def _priced(dimension: str, member: int, of_line: OfLine) -> Cause:
    def plant(lines: Lines, factor: float) -> Lines:
        return replace(lines, price=np.where(of_line(lines) == member, lines.price * factor, lines.price))

    return Cause("price", dimension, f"{dimension}{member}", plant, 0.75, 1.35)


def _seed(random: Random) -> int:
    return int(random.integers(2**32))


def _strong(of: Firm, random: Random) -> int:
    """One of the fifteen products that bring most."""
    return int(random.choice(np.argsort(of.popularity * of.price * of.quantity)[-15:]))


def region(of: Firm, random: Random, _metric: str) -> Cause:
    """One region buys less or more."""
    return _demand("region", int(random.integers(REGIONS)), lambda lines: of.region[lines.customer], _seed(random))


def segment(of: Firm, random: Random, _metric: str) -> Cause:
    """One segment buys less or more."""
    return _demand("segment", int(random.integers(SEGMENTS)), lambda lines: of.segment[lines.customer], _seed(random))


def category(of: Firm, random: Random, _metric: str) -> Cause:
    """One category sells less or more."""
    return _demand(
        "category", int(random.integers(CATEGORIES)), lambda lines: of.category[lines.product], _seed(random)
    )


def supplier(of: Firm, random: Random, _metric: str) -> Cause:
    """What one supplier delivers sells less or more."""
    return _demand("supplier", int(random.integers(SUPPLIERS)), lambda lines: of.supplier[lines.product], _seed(random))


def customer(of: Firm, random: Random, _metric: str) -> Cause:
    """One of the large customers leaves, or buys far less or more."""
    large = int(random.choice(np.argsort(of.size)[-20:]))
    return _demand("customer", large, lambda lines: lines.customer, _seed(random), low=0.0)


def product(of: Firm, random: Random, _metric: str) -> Cause:
    """One of the products that sell well sells far less or more."""
    return _demand("product", _strong(of, random), lambda lines: lines.product, _seed(random))


def lost_product(of: Firm, random: Random, _metric: str) -> Cause:
    """One of the products that sell well is sold no more."""
    demand = _demand("product", _strong(of, random), lambda lines: lines.product, _seed(random))
    return replace(demand, kind="lost_products", low=0.0, high=0.0)


def everywhere(of: Firm, random: Random, _metric: str) -> Cause:
    """All sell less or more alike."""
    alike = _demand("volume", 0, lambda lines: np.zeros_like(lines.product), _seed(random))
    return replace(alike, dimension=None, member=None)


def price_of_product(of: Firm, random: Random, _metric: str) -> Cause:
    """The price of one strong product rises or falls."""
    return _priced("product", _strong(of, random), lambda lines: lines.product)


def price_of_category(of: Firm, random: Random, _metric: str) -> Cause:
    """The prices of one category rise or fall."""
    return _priced("category", int(random.integers(CATEGORIES)), lambda lines: of.category[lines.product])


def cost_of_supplier(of: Firm, random: Random, _metric: str) -> Cause:
    """All that one supplier delivers costs more or less."""
    chosen = int(random.integers(SUPPLIERS))

    def plant(lines: Lines, factor: float) -> Lines:
        own = of.supplier[lines.product] == chosen
        return replace(lines, cost=np.where(own, lines.cost * factor, lines.cost))

    return Cause("cost", "supplier", f"supplier{chosen}", plant, 0.7, 1.4)


def currency(of: Firm, random: Random, _metric: str) -> Cause:
    """One foreign currency is worth more or less."""
    chosen = int(random.integers(1, len(CURRENCIES)))

    def plant(lines: Lines, factor: float) -> Lines:
        own = of.currency[of.region[lines.customer]] == chosen
        return replace(lines, rate=np.where(own, lines.rate * factor, lines.rate))

    return Cause("currency", "currency", CURRENCIES[chosen], plant, 0.7, 1.3)


def mix(of: Firm, random: Random, metric: str) -> Cause:
    """Customers turn from the half of the products of which a piece brings most to the other half, or back.

    They buy as many pieces as before.
    """
    brings = {"revenue": of.price, "gross_margin": of.price - of.cost, "gross_margin_rate": 1 - of.cost / of.price}
    dear = brings[metric] > np.median(brings[metric])
    source, target = (dear, ~dear) if random.random() < 0.5 else (~dear, dear)
    seed = _seed(random)

    def plant(lines: Lines, share: float) -> Lines:
        luck = np.random.default_rng(seed)
        turned = source[lines.product] & (luck.random(len(lines.product)) < share)
        chances = np.where(target, of.popularity, 0)
        others = luck.choice(len(target), len(lines.product), p=chances / chances.sum())
        instead = np.where(turned, others, lines.product)
        price = lines.price / of.price[lines.product] * of.price[instead]
        return replace(lines, product=instead, price=price, cost=of.cost[instead])

    return Cause("mix", None, None, plant, 0.0, 0.5, probe=0.5, neutral=0.0)


CAUSES: dict[str, Callable[[Firm, Random, str], Cause]] = {
    cause.__name__: cause
    for cause in (
        region,
        segment,
        category,
        supplier,
        customer,
        product,
        lost_product,
        everywhere,
        price_of_product,
        price_of_category,
        cost_of_supplier,
        currency,
        mix,
    )
}
OF_RATES = ("price_of_product", "price_of_category", "cost_of_supplier", "mix")
OF_SALES = tuple(name for name in CAUSES if name != "cost_of_supplier")
METRICS = {"revenue": OF_SALES, "gross_margin": tuple(CAUSES), "gross_margin_rate": OF_RATES}


def _worth(lines: Lines, metric: str) -> Floats:
    return lines.converted if metric == "revenue" else lines.converted - lines.spent


def _value(lines: Lines, metric: str) -> float:
    total = float(_worth(lines, metric).sum())
    return total / float(lines.converted.sum()) if metric == "gross_margin_rate" else total


def _noise(lines: Lines, metric: str) -> float:
    """The variance of the total of one period: of orders that come by chance, of prices, costs and rates that drift.

    Of orders: the squares of what each of them brings.
    """
    sold, spent = lines.converted, lines.spent * (metric != "revenue")
    if metric == "gross_margin_rate":
        total, rate = sold.sum(), _value(lines, metric)
        sold, spent = sold * (1 - rate) / total, spent / total
    foreign = [sold[lines.rate == rate].sum() for rate in np.unique(lines.rate) if rate != 1]
    drifting = (np.bincount(lines.product, sold), np.bincount(lines.product, spent), np.array(foreign))
    by_chance = float((np.bincount(lines.order, sold - spent) ** 2).sum())
    return by_chance + DRIFT**2 * sum(float((part**2).sum()) for part in drifting)


def _summed(of: Firm, lines: Lines, period: str) -> pl.DataFrame:
    """One row per product, customer and currency: how many lines, and what they add up to."""
    frame = pl.DataFrame(
        {
            "product_number": lines.product,
            "customer_number": lines.customer,
            f"quantity_{period}": lines.quantity,
            f"amount_{period}": lines.quantity * lines.price,
            f"converted_{period}": lines.converted,
            f"cost_{period}": lines.spent,
        }
    )
    measures = [name for name in BOTH_PERIODS if name.endswith(period)]
    return frame.group_by("product_number", "customer_number").agg(
        pl.col(measures).sum(), pl.len().cast(pl.Float64).alias(f"lines_{period}")
    )


def cells(of: Firm, before: Lines, after: Lines) -> pl.DataFrame:
    """One row per product and customer of either period, with all that is known of both."""
    pair = ["product_number", "customer_number"]
    joined = _summed(of, before, "before").join(
        _summed(of, after, "after"), on=pair, how="full", coalesce=True, validate="1:1"
    )
    item, buyer = joined["product_number"].to_numpy(), joined["customer_number"].to_numpy()
    names = {
        "product": item,
        "category": of.category[item],
        "supplier": of.supplier[item],
        "customer": buyer,
        "segment": of.segment[buyer],
        "region": of.region[buyer],
    }
    named = [pl.lit(name) + pl.Series(name, values).cast(pl.String) for name, values in names.items()]
    paid = pl.Series("currency", np.array(CURRENCIES)[of.currency[of.region[buyer]]])
    told = joined.with_columns(*(text.alias(name) for text, name in zip(named, names, strict=True)), paid)
    keys = {"product_id": pl.col("product"), "company_id": pl.lit("us"), "unit": pl.lit("piece")}
    numbers = (*BOTH_PERIODS, "lines_before", "lines_after")
    return told.with_columns(**keys).select(*{*DIMENSIONS, *LINE}, pl.col(numbers).fill_null(0.0))


def change(seed: int) -> Change:
    """A firm that changes for one cause of a random kind and size, whose effect is at least twice the noise.

    The size is drawn first, then a member of which it can be believed; firms in which there is none are drawn again.
    """
    random = np.random.default_rng(seed)
    metric = str(random.choice(list(METRICS), p=[0.4, 0.4, 0.2]))
    name = str(random.choice(METRICS[metric]))
    while True:
        of = firm(random)
        before, chance = ordered(of, random), ordered(of, random)
        noise = float(np.sqrt(_noise(before, metric) + _noise(chance, metric)))
        for cause in (CAUSES[name](of, random, metric) for _ in range(TRIES)):
            after = _planted(cause, chance, metric, noise * random.uniform(MATERIAL, LARGE) * random.choice([-1, 1]))
            effect = (_value(after, metric) - _value(chance, metric)) / noise
            if abs(effect) >= MATERIAL:
                both = cells(of, before, after)
                return Change(name, metric, cause, _of_revenue(both) if metric == "revenue" else both, effect)


def _planted(cause: Cause, lines: Lines, metric: str, effect: float) -> Lines:
    """The lines with the cause at the factor that brings the effect, or the nearest that can be believed."""
    probed = _value(cause.plant(lines, cause.probe), metric) - _value(lines, metric)
    factor = cause.neutral + effect / probed * (cause.probe - cause.neutral) if probed else cause.neutral
    return cause.plant(lines, float(np.clip(factor, cause.low, cause.high)))


def found(of: Change) -> pl.DataFrame:
    """What is said to have moved the firm."""
    return money_drivers(of.cells, DIMENSIONS, is_rate=of.metric == "gross_margin_rate", most=1)


def is_found(of: Change) -> bool:
    """Whether what was planted comes first."""
    planted = (of.cause.kind, of.cause.dimension, of.cause.member)
    return found(of).select("kind", "dimension", "member").rows() == [planted]


def calm(seed: int) -> pl.DataFrame:
    """What is said to have moved the revenue of a firm in which there was nothing but chance."""
    random = np.random.default_rng(seed)
    of = firm(random)
    return money_drivers(_of_revenue(cells(of, ordered(of, random), ordered(of, random))), DIMENSIONS)


def _of_revenue(of: pl.DataFrame) -> pl.DataFrame:
    return of.with_columns(cost_before=pl.lit(None, dtype=pl.Float64), cost_after=pl.lit(None, dtype=pl.Float64))
