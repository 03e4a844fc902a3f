"""Who the firm buys from: suppliers with their habits, and what they offer for which product."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.catalogue import Catalogue, Product
from sample_data.exact import prices, table, whole
from sample_data.names import FIRST_NAMES, FIRST_NAMES_ZH, SURNAMES, SURNAMES_ZH
from sample_data.places import COMPANIES, CURRENCY, EURO_IN_YUAN, PARENT, SHARED, SISTER
from sample_data.plan import Numbers, Plan


@dataclass(frozen=True)
class Habit:
    """How a supplier keeps dates: days late on average, how much that varies, and how often it comes early."""

    late: float
    spread: float
    early: float
    partial: float = 0.06


PUNCTUAL, USUAL, SLOW, ERRATIC = (
    Habit(0.3, 0.6, 0.25, 0.02), Habit(1.6, 2.2, 0.15), Habit(4.5, 3.5, 0.05, 0.12), Habit(5.0, 8.0, 0.12, 0.18),
)  # fmt: skip


@dataclass(frozen=True)
class Supplier:
    """One supplier; ``families`` are the product families it offers, ``buyers`` the companies it sells to."""

    index: int
    name: str
    country: str
    city: str
    families: tuple[str, ...]
    lead: int
    habit: Habit
    buyers: tuple[int, ...]

    @property
    def key(self) -> str:
        """The supplier's key and number."""
        return f"S-{101 + self.index}"

    @property
    def currency(self) -> int:
        """The number of the currency it is paid in."""
        return 1 if self.country == "CN" else 0


_WEST, _EAST, _BOTH = (PARENT,), (SISTER,), (PARENT, SISTER)
_WHO = (
    ("Gießerei Lahnquell GmbH", "DE", "Wetzlar", ("CAS",), 28, USUAL, _WEST),
    ("Moravské slévárny s.r.o.", "CZ", "Brno", ("CAS", "BDY"), 24, USUAL, _WEST),
    ("Rheinmetallkontor GmbH", "DE", "Duisburg", ("BRZ", "COP", "SHT"), 9, PUNCTUAL, _WEST),
    ("Elektroblech Ruhrtal KG", "DE", "Bochum", ("LAM", "COP"), 14, USUAL, _WEST),
    ("Wellen Krug GmbH", "DE", "Schweinfurt", ("SHF",), 12, USUAL, _WEST),
    ("Alpenlager Wälzlager GmbH", "AT", "Steyr", ("BRG",), 10, PUNCTUAL, _WEST),
    ("Dichtwerk Franken GmbH", "DE", "Bamberg", ("SEA", "RNG"), 18, SLOW, _WEST),
    ("Schrauben Pfister KG", "DE", "Künzelsau", ("SCR", "HDL"), 7, PUNCTUAL, _WEST),
    ("Leiterplatten Isartal GmbH", "DE", "Landshut", ("PCB",), 30, ERRATIC, _WEST),
    ("Kabelhaus Nord GmbH", "DE", "Hamburg", ("CBL",), 9, USUAL, _WEST),
    ("Lackwerk Donau GmbH", "AT", "Krems", ("PNT",), 8, PUNCTUAL, _WEST),
    ("Karton Neumarkt GmbH", "DE", "Neumarkt", ("CRT",), 5, PUNCTUAL, _WEST),
    ("Messtechnik Bodensee GmbH", "DE", "Lindau", ("PG", "FS"), 21, USUAL, _WEST),
    ("Rohrtechnik Ennstal GmbH", "AT", "Steyr", ("FT", "FL", "ST"), 14, USUAL, _WEST),
    ("Schlauch Hanse GmbH", "DE", "Bremen", ("HS", "TL"), 12, USUAL, _WEST),
    ("Serbatoi Euganei S.r.l.", "IT", "Padova", ("ET", "TL"), 28, SLOW, _WEST),
    ("宁波远航管件有限公司", "CN", "宁波", ("FT", "FL", "ST", "PG"), 16, SLOW, _BOTH),
    ("苏州宏源铸造有限公司", "CN", "苏州", ("CAS", "BDY"), 20, USUAL, _EAST),
    ("无锡金泰金属材料有限公司", "CN", "无锡", ("BRZ", "COP", "SHT"), 8, PUNCTUAL, _EAST),
    ("上海中汇硅钢有限公司", "CN", "上海", ("LAM",), 10, USUAL, _EAST),
    ("常州明德轴业有限公司", "CN", "常州", ("SHF", "BRG"), 10, USUAL, _EAST),
    ("宁波盛达密封件有限公司", "CN", "宁波", ("SEA", "RNG"), 14, USUAL, _EAST),
    ("温州永利五金有限公司", "CN", "温州", ("SCR", "HDL"), 7, PUNCTUAL, _EAST),
    ("深圳启明电路有限公司", "CN", "深圳", ("PCB",), 21, ERRATIC, _EAST),
    ("东莞联创线缆包装有限公司", "CN", "东莞", ("CBL", "CRT"), 6, USUAL, _EAST),
    ("南京润泽涂料有限公司", "CN", "南京", ("PNT",), 7, PUNCTUAL, _EAST),
    ("杭州正源仪表有限公司", "CN", "杭州", ("PG", "FS"), 18, USUAL, _EAST),
    ("广州万通橡塑有限公司", "CN", "广州", ("HS", "ET"), 12, SLOW, _EAST),
    ("Odlewnia Beskid Sp. z o.o.", "PL", "Bielsko-Biała", ("CAS", "BDY"), 26, USUAL, _WEST),
    ("Kugellager Main KG", "DE", "Schweinfurt", ("BRG", "SHF"), 9, USUAL, _WEST),
    ("Dichtungen Ostalb GmbH", "DE", "Aalen", ("SEA", "RNG"), 15, USUAL, _WEST),
    ("Elektronik Vltava s.r.o.", "CZ", "Plzeň", ("PCB",), 26, USUAL, _WEST),
    ("Kupfer Harz GmbH", "DE", "Osterode", ("COP", "CBL"), 11, PUNCTUAL, _WEST),
    ("Strumenti Adige S.r.l.", "IT", "Trento", ("PG", "FS"), 19, USUAL, _WEST),
    ("Raccordi Brenta S.p.A.", "IT", "Bassano", ("FT", "FL"), 17, USUAL, _WEST),
    ("Werkzeug Sauerland GmbH", "DE", "Lüdenscheid", ("TL", "ST"), 10, PUNCTUAL, _WEST),
    ("青岛海纳铸业有限公司", "CN", "青岛", ("CAS", "BDY"), 22, SLOW, _EAST),
    ("佛山恒达金属制品有限公司", "CN", "佛山", ("BRZ", "SHT", "FL", "ST"), 9, USUAL, _EAST),
    ("苏州新科电子有限公司", "CN", "苏州", ("PCB", "CBL"), 18, USUAL, _EAST),
    ("上海瑞丰轴承有限公司", "CN", "上海", ("BRG", "SEA"), 9, PUNCTUAL, _EAST),
)  # fmt: skip
SUPPLIERS = tuple(Supplier(at, *who) for at, who in enumerate(_WHO))
BY_SEA = 26
_FIRST_CHOICE = (0, 0, 1, 0, 0, 2)


@dataclass(frozen=True)
class Offer:
    """What one supplier asks of one company for one product.

    ``pack`` is the base units of one unit of purchase; ``price`` is for one unit of purchase when the story begins, in
    ten-thousandths of the supplier's currency; ``minimum`` counts units of purchase.
    """

    company: int
    supplier: int
    product: int
    pack: int
    price: int
    lead: int
    minimum: int
    rank: int

    @property
    def key(self) -> str:
        """The offer's key."""
        return f"{SUPPLIERS[self.supplier].key}/P-{1001 + self.product}/{COMPANIES[self.company]}"


@dataclass(frozen=True)
class Offers:
    """All offers; the first of a product and company is the one that is ordered from."""

    plan: Plan
    catalogue: Catalogue

    @cached_property
    def all(self) -> tuple[Offer, ...]:
        """Every offer, the preferred one of each product and company first."""
        random = self.plan.random("offers")
        wanted = [
            (company, p) for company in (PARENT, SISTER) for p in self.catalogue.products if self._buys(company, p)
        ]
        return tuple(offer for company, p in wanted for offer in _offers(company, p, random))

    def _buys(self, company: int, product: Product) -> bool:
        if product.is_made or not product.is_stocked:
            return False
        return product.index in self.catalogue.uses(company) or self.catalogue.sells(company, product.index)

    @cached_property
    def preferred(self) -> dict[tuple[int, int], Offer]:
        """By company and product."""
        return {(offer.company, offer.product): offer for offer in self.all if offer.rank == 0}


def able(company: int, product: Product) -> list[Supplier]:
    """Who could sell the product to the company, the preferred supplier first."""
    who = [s for s in SUPPLIERS if product.family.code in s.families and company in s.buyers]
    start = _FIRST_CHOICE[product.number % len(_FIRST_CHOICE)] % max(len(who), 1)
    return who[start:] + who[:start]


def _offers(company: int, product: Product, random: np.random.Generator) -> list[Offer]:
    ranked = enumerate(able(company, product))
    return [_offer(company, product, supplier, rank, random) for rank, supplier in ranked]


def _offer(company: int, product: Product, supplier: Supplier, rank: int, random: np.random.Generator) -> Offer:
    pack = product.family.box or 1
    rate = EURO_IN_YUAN * 0.9 if supplier.currency else 1.0
    price = round(product.cost * pack * rate * (1 + 0.05 * rank) * random.uniform(0.97, 1.03) / 100) * 100
    by_sea = BY_SEA if company == PARENT and supplier.country == "CN" else 0
    lead = supplier.lead + by_sea + int(random.integers(0, 4))
    minimum = int(random.choice([1, 1, 2, 5])) if pack > 1 else int(random.choice([1, 5, 10, 10, 20]))
    return Offer(company, supplier.index, product.index, pack, max(price, 100), lead, minimum, rank)


def supplier_tables(offers: Offers, today: Numbers) -> dict[str, pl.DataFrame]:
    """Suppliers, and their offers; ``today`` has the price of each offer on the last day."""
    plan, rows = offers.plan, offers.all
    return {
        "suppliers": table(
            "suppliers",
            company_id=SHARED,
            supplier_id=[s.key for s in SUPPLIERS],
            number=[s.key for s in SUPPLIERS],
            name=[s.name for s in SUPPLIERS],
            email=[f"sales@supplier{101 + s.index}.example" for s in SUPPLIERS],
            country=[s.country for s in SUPPLIERS],
            city=[s.city for s in SUPPLIERS],
            tax_number=[f"{s.country}{810_000_000 + 7919 * s.index}" for s in SUPPLIERS],
            currency=[CURRENCY[s.currency] for s in SUPPLIERS],
            created_on=plan.dates(-plan.random("suppliers").integers(300, 1400, len(SUPPLIERS))),
            is_active=True,
        ),
        "supplier_products": table(
            "supplier_products",
            company_id=[COMPANIES[o.company] for o in rows],
            supplier_product_id=[o.key for o in rows],
            supplier_id=[SUPPLIERS[o.supplier].key for o in rows],
            product_id=[offers.catalogue.keys[o.product] for o in rows],
            supplier_sku=[f"{o.product * 37 % 9000 + 1000}-{o.supplier}" for o in rows],
            lead_time_days=whole([o.lead for o in rows]),
            price=prices(today),
            currency=[CURRENCY[SUPPLIERS[o.supplier].currency] for o in rows],
            minimum_quantity=whole([o.minimum for o in rows]),
            multiple_quantity=whole([1 for o in rows]),
            priority=[o.rank for o in rows],
            valid_from_on=plan.dates(np.full(len(rows), -365)),
        ),
    }


def supplier_contacts(plan: Plan) -> list[tuple[str, str]]:
    """(supplier, person): whom one calls there."""
    random = plan.random("supplier contacts")
    return [(s.key, _person(random, s.country == "CN")) for s in SUPPLIERS]


def _person(random: np.random.Generator, chinese: bool) -> str:
    if chinese:
        return f"{random.choice(SURNAMES_ZH)}{random.choice(FIRST_NAMES_ZH)}"
    return f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"
