"""What the firm makes and trades: products with their categories and costs, how they are built and where.

Pumps, valves and booster stations are made from machined parts and motors, these from castings, copper and bearings;
beside them the firm trades gauges, fittings and hoses and sells its technicians' hours. A booster station is three
levels deep.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.exact import UNIT, labels, millionths, prices, quantities, table, whole
from sample_data.places import BOX, COMPANIES, CURRENCY, EURO_IN_YUAN, PARENT, PLACES, PLANT, SHARED, SISTER
from sample_data.plan import Numbers, Plan, Shares

Parts = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Family:
    """Products of one kind in several sizes.

    ``euros`` is the cost of the smallest size (of bought ones) or the work in it (of made ones); each further size
    costs ``growth`` times the one before. ``parts`` names families and quantities of what goes in, at the same relative
    size; a kit is sold as one thing and put together from them when it leaves. ``season`` is the day of the year on
    which it sells most, and ``swing`` how much more than on average.
    """

    code: str
    group: str
    english: str
    chinese: str
    sizes: int
    euros: float
    growth: float = 1.2
    unit: str = "pcs"
    kilos: float = 1.0
    box: int = 0
    season: int = 180
    swing: float = 0.05
    parts: Parts = ()
    minutes: tuple[tuple[str, int, float], ...] = ()
    in_china: bool = True
    typical: float = 1.0
    is_kit: bool = False


FINISHED, SEMI, RAW, TRADED, SERVICE = "finished", "semi", "raw", "traded", "service"
GROUPS = {
    FINISHED: ("Finished goods", "成品"),
    SEMI: ("Semi-finished", "半成品"),
    RAW: ("Raw materials", "原材料"),
    TRADED: ("Traded goods", "贸易商品"),
    SERVICE: ("Services", "服务"),
}

_PUMP: Parts = (("MOT", 1), ("HSG", 1), ("IMP", 1), ("SEA", 1), ("SCR", 8), ("PNT", 0.25), ("CRT", 1))
_VALVE: Parts = (("BDY", 1), ("DSC", 1), ("RNG", 2), ("HDL", 1), ("SCR", 4), ("CRT", 1))
_ASSEMBLE = (("ASM", 20, 9.0), ("TST", 10, 4.0))
_FIT = (("ASM", 15, 4.0),)

FAMILIES: dict[str, tuple[Family, ...]] = {
    FINISHED: (
        Family(
            "CP",
            "Pumps",
            "Centrifugal pump",
            "离心泵",
            11,
            45,
            1.17,
            kilos=18,
            parts=_PUMP,
            minutes=_ASSEMBLE,
            typical=2.2,
        ),
        Family(
            "HX",
            "Pumps",
            "Heating circulator",
            "采暖循环泵",
            10,
            28,
            1.15,
            kilos=6,
            season=330,
            swing=0.45,
            parts=_PUMP,
            minutes=_ASSEMBLE,
            typical=3,
        ),
        Family(
            "SP",
            "Pumps",
            "Submersible pump",
            "潜水泵",
            10,
            40,
            1.16,
            kilos=14,
            season=165,
            swing=0.5,
            parts=_PUMP,
            minutes=_ASSEMBLE,
            typical=2,
        ),
        Family(
            "MP",
            "Pumps",
            "Multistage pump",
            "多级泵",
            8,
            80,
            1.2,
            kilos=32,
            parts=(*_PUMP[:2], ("IMP", 4), *_PUMP[3:]),
            minutes=_ASSEMBLE,
            in_china=False,
            typical=1.4,
        ),
        Family(
            "DP",
            "Pumps",
            "Dosing pump",
            "计量泵",
            6,
            60,
            1.2,
            kilos=5,
            parts=(("MOT", 1), ("CTL", 1), ("RNG", 3), ("CRT", 1)),
            minutes=_FIT,
            in_china=False,
            typical=1.6,
        ),
        Family(
            "BV", "Valves", "Ball valve", "球阀", 9, 6, 1.22, kilos=2, box=12, parts=_VALVE, minutes=_FIT, typical=10
        ),
        Family("BF", "Valves", "Butterfly valve", "蝶阀", 7, 9, 1.25, kilos=5, parts=_VALVE, minutes=_FIT, typical=6),
        Family(
            "BS",
            "Stations",
            "Booster station",
            "增压泵站",
            5,
            220,
            1.3,
            kilos=140,
            parts=(("CP", 2), ("CTL", 1), ("BV", 4), ("CBL", 12.5), ("SHT", 6.4), ("PNT", 0.8)),
            minutes=(("ASM", 60, 45.0), ("TST", 30, 20.0)),
            typical=1.1,
        ),
        Family(
            "KS",
            "Sets",
            "Heating set",
            "采暖套装",
            4,
            0,
            kilos=9,
            season=330,
            swing=0.4,
            parts=(("HX", 1), ("BV", 2)),
            in_china=False,
            typical=1.5,
            is_kit=True,
        ),
    ),
    SEMI: (
        Family(
            "MOT",
            "Motors",
            "Motor unit",
            "电机组件",
            11,
            14,
            1.12,
            kilos=7,
            parts=(("COP", 1.85), ("LAM", 3.2), ("BRG", 2), ("SHF", 1), ("CBL", 0.75)),
            minutes=(("WND", 25, 6.0),),
        ),
        Family(
            "HSG",
            "Machined parts",
            "Machined housing",
            "加工泵壳",
            10,
            12,
            1.12,
            kilos=6,
            parts=(("CAS", 1), ("PNT", 0.1)),
            minutes=(("CNC", 30, 5.0),),
        ),
        Family(
            "IMP",
            "Machined parts",
            "Impeller",
            "叶轮",
            9,
            6,
            1.12,
            kilos=1.2,
            parts=(("BRZ", 1.15),),
            minutes=(("CNC", 25, 2.5),),
        ),
        Family(
            "DSC",
            "Machined parts",
            "Valve disc",
            "阀芯",
            6,
            3,
            1.15,
            kilos=0.8,
            parts=(("BRZ", 0.6),),
            minutes=(("CNC", 20, 1.5),),
        ),
        Family(
            "CTL",
            "Controls",
            "Control unit",
            "控制单元",
            4,
            18,
            1.2,
            kilos=1.5,
            parts=(("PCB", 1), ("CBL", 1.2), ("SCR", 6)),
            minutes=(("ASM", 15, 6.0),),
        ),
    ),
    RAW: (
        Family("CAS", "Castings", "Cast housing", "铸件", 8, 42, 1.18, kilos=7),
        Family("BDY", "Castings", "Valve body", "阀体", 7, 6, 1.2, kilos=2.5),
        Family("BRZ", "Metals", "Bronze bar", "青铜棒", 4, 9.5, 1.08, unit="kg", kilos=1),
        Family("COP", "Metals", "Copper wire", "铜线", 4, 10.2, 1.05, unit="kg", kilos=1),
        Family("LAM", "Metals", "Lamination sheet", "硅钢片", 3, 2.4, 1.06, unit="kg", kilos=1),
        Family("SHT", "Metals", "Stainless sheet", "不锈钢板", 3, 4.1, 1.1, unit="kg", kilos=1),
        Family("SHF", "Metals", "Shaft", "轴", 5, 4.5, 1.15, kilos=0.9),
        Family("BRG", "Bought parts", "Bearing", "轴承", 5, 2.1, 1.2, kilos=0.2, box=10),
        Family("SEA", "Bought parts", "Mechanical seal", "机械密封", 4, 6.5, 1.2, kilos=0.2),
        Family("RNG", "Bought parts", "Seal ring", "密封圈", 3, 0.35, 1.3, kilos=0.02, box=100),
        Family("SCR", "Bought parts", "Stainless screw", "不锈钢螺钉", 3, 0.062, 1.3, kilos=0.01, box=200),
        Family("HDL", "Bought parts", "Handle", "手柄", 3, 1.1, 1.2, kilos=0.2),
        Family("PCB", "Electronics", "Control board", "控制板", 3, 19, 1.2, kilos=0.1),
        Family("CBL", "Electronics", "Cable", "电缆", 2, 1.35, 1.2, unit="m", kilos=0.15),
        Family("PNT", "Supplies", "Coating", "涂料", 2, 7.8, 1.2, unit="l", kilos=1.3),
        Family("CRT", "Packaging", "Carton", "纸箱", 4, 0.85, 1.3, kilos=0.5, box=25),
    ),
    TRADED: (
        Family("PG", "Instruments", "Pressure gauge", "压力表", 9, 7.5, 1.12, kilos=0.3, typical=4),
        Family("FS", "Instruments", "Flow sensor", "流量传感器", 8, 38, 1.12, kilos=0.6, typical=2),
        Family("FT", "Fittings", "Pipe fitting", "管件", 12, 1.6, 1.14, kilos=0.2, box=12, typical=24),
        Family("FL", "Fittings", "Flange", "法兰", 8, 6.2, 1.18, kilos=2.5, typical=6),
        Family(
            "HS",
            "Hoses",
            "Pressure hose",
            "高压软管",
            7,
            3.2,
            1.15,
            unit="m",
            kilos=0.6,
            season=165,
            swing=0.3,
            typical=25,
        ),
        Family("ST", "Fittings", "Strainer", "过滤器", 6, 12, 1.2, kilos=2.2, typical=3),
        Family("ET", "Tanks", "Expansion tank", "膨胀罐", 6, 24, 1.25, kilos=8, season=320, swing=0.3, typical=2),
        Family("TL", "Tools", "Assembly tool set", "装配工具", 6, 18, 1.2, kilos=1.8, in_china=False, typical=1.3),
    ),
    SERVICE: (Family("SV", "Services", "Commissioning", "现场调试", 6, 62, 1.05, unit="h", kilos=0, typical=5),),
}
SERVICES = (
    ("Commissioning", "现场调试"), ("Maintenance", "维护保养"), ("Repair", "维修"), ("Training", "培训"),
    ("Engineering", "工程设计"), ("Inspection", "巡检"),
)  # fmt: skip

CENTERS = (
    ("WND", "Winding", "绕线", 48.0), ("CNC", "Machining", "数控加工", 62.0), ("ASM", "Assembly", "装配", 41.0),
    ("TST", "Test bench", "测试", 45.0),
)  # fmt: skip
CENTER_CODES = tuple(code for code, _, _, _ in CENTERS)
VARIETY, VARIETY_OF_FEW = 2.65, 1.6
MARGIN = {FINISHED: 1.75, SEMI: 1.6, RAW: 1.5, TRADED: 1.55, SERVICE: 1.7}


@dataclass(frozen=True)
class Product:
    """One product; ``size`` is its place among its ``siblings``, from 0 (smallest) to 1.

    ``own`` is the work in it, or its price where it is bought; ``cost`` has the parts too. Both are in ten-thousandths
    of a euro, and of the day on which the story begins.
    """

    index: int
    kind: str
    family: Family
    number: int
    siblings: int
    size: float
    own: int
    cost: int
    parts: tuple[tuple[int, int], ...] = field(default=())

    @property
    def key(self) -> str:
        """The product's key and number."""
        return f"P-{1001 + self.index}"

    @property
    def is_stocked(self) -> bool:
        """Services and kits are not."""
        return self.kind != SERVICE and not self.is_kit

    @property
    def is_kit(self) -> bool:
        """Sold as one thing, never stocked: its parts are."""
        return self.family.is_kit

    @property
    def is_made(self) -> bool:
        """Made in our plants, not bought."""
        return bool(self.parts) and not self.is_kit

    @property
    def name(self) -> str:
        """English name with size."""
        if self.kind == SERVICE:
            return SERVICES[self.number % len(SERVICES)][0] + _again(self.number)
        return f"{self.family.english} {self.family.code} {self._dimension}"

    @property
    def name_zh(self) -> str:
        """Chinese name with size."""
        if self.kind == SERVICE:
            return SERVICES[self.number % len(SERVICES)][1] + _again(self.number)
        return f"{self.family.chinese} {self.family.code} {self._dimension}"

    @property
    def _dimension(self) -> str:
        """Bore and pressure: several products of a family may have one bore."""
        bore = self.number * len(_BORES) // max(self.siblings, len(_BORES))
        first = -(-bore * max(self.siblings, len(_BORES)) // len(_BORES))
        return f"DN{_BORES[bore]}{_variant(self.number - first)}"


_BORES = (15, 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200)
_PRESSURES = ("", " PN16", " PN25", " PN40")


def _variant(number: int) -> str:
    return _PRESSURES[number] if number < len(_PRESSURES) else f" PN40-{number - len(_PRESSURES) + 2}"


def _again(number: int) -> str:
    return "" if number < len(SERVICES) else f" {number // len(SERVICES) + 1}"


@dataclass(frozen=True)
class Catalogue:
    """All products, components before what is made of them last: finished, semi-finished, raw, traded, services."""

    plan: Plan

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """In the order of their numbers."""
        bare = list(self._bare())
        costs: dict[int, int] = {}
        parts = {product.index: self._parts(product, bare) for product in bare}
        return tuple(replace(p, cost=_cost(p.index, bare, parts, costs), parts=parts[p.index]) for p in bare)

    def _bare(self) -> Iterator[Product]:
        index = 0
        for kind, families in FAMILIES.items():
            for family in families:
                many, power = (VARIETY, 0.35) if family.sizes > 3 else (VARIETY_OF_FEW, 0.2)
                sizes = self.plan.count(family.sizes * many, power=power, least=2)
                for number in range(sizes):
                    size = number / (sizes - 1)
                    own = round(family.euros * family.growth ** (size * (family.sizes - 1)) * 10_000)
                    yield Product(index, kind, family, number, sizes, size, own, own)
                    index += 1

    @staticmethod
    def _parts(product: Product, everything: list[Product]) -> tuple[tuple[int, int], ...]:
        """(component, thousandths of its unit in one of the product)"""
        found = []
        for code, quantity in product.family.parts:
            sizes = [other for other in everything if other.family.code == code]
            component = sizes[round(product.size * (len(sizes) - 1))]
            heavier = 1 + product.size * 0.6 if component.family.unit != "pcs" else 1
            found.append((component.index, round(quantity * heavier * 20) * 50))
        return tuple(found)

    def __len__(self) -> int:
        """How many products there are."""
        return len(self.products)

    @cached_property
    def keys(self) -> list[str]:
        """The products' keys."""
        return [product.key for product in self.products]

    def of(self, *kinds: str) -> list[Product]:
        """The products of these kinds."""
        return [product for product in self.products if product.kind in kinds]

    @cached_property
    def made_in_china(self) -> set[int]:
        """What the Chinese plant makes: some finished goods, and all that goes into them."""
        wanted = [p.index for p in self.of(FINISHED) if p.family.in_china and p.size <= 0.6]
        return {index for index in self._with_parts(wanted) if self.products[index].is_made}

    def _with_parts(self, wanted: list[int]) -> set[int]:
        found: set[int] = set()
        while wanted:
            index = wanted.pop()
            if index not in found:
                found.add(index)
                wanted.extend(component for component, _ in self.products[index].parts)
        return found

    def makes(self, company: int, product: int) -> bool:
        """Whether the company makes the product in its plant."""
        return self.products[product].is_made and (company == PARENT or product in self.made_in_china)

    def uses(self, company: int) -> set[int]:
        """The components that the company's plant needs."""
        made = [p.index for p in self.products if self.makes(company, p.index)]
        return {component for index in made for component, _ in self.products[index].parts}

    def sells(self, company: int, product: int) -> bool:
        """Whether the company sells the product from its stock."""
        item = self.products[product]
        if item.kind == FINISHED:
            return company == PARENT or self.makes(company, product)
        return item.kind in {TRADED, SERVICE} and (company == PARENT or (item.family.in_china and item.size <= 0.75))

    @cached_property
    def depth(self) -> list[int]:
        """How many levels of parts lie below each product."""
        levels = [0] * len(self.products)
        for _ in range(4):
            for product in self.products:
                levels[product.index] = max((levels[c] + 1 for c, _ in product.parts), default=0)
        return levels

    @cached_property
    def boxes(self) -> Shares:
        """Base units in a box, 0 where it is sold singly."""
        return np.array([product.family.box for product in self.products], dtype=np.float64)


def _cost(index: int, bare: list[Product], parts: dict[int, tuple[tuple[int, int], ...]], known: dict[int, int]) -> int:
    """Own work or price, and the parts', in ten-thousandths of a euro."""
    if index not in known:
        below = sum(_cost(component, bare, parts, known) * quantity for component, quantity in parts[index])
        known[index] = bare[index].own + below // UNIT
    return known[index]


def catalogue_tables(catalogue: Catalogue, costs: Numbers, lists: Numbers) -> dict[str, pl.DataFrame]:
    """Categories, products, costs, conversions, bills of materials, routings, work centers and operations.

    ``costs`` by company and product, and ``lists`` by product, are the standard costs and the parent's list of today.
    """
    return {
        "product_categories": _categories(),
        "products": _products(catalogue, costs[PARENT], lists),
        "product_costs": _costs(catalogue, costs),
        "unit_conversions": _conversions(catalogue),
        **_build_tables(catalogue),
        "work_centers": _work_centers(),
    }


def category_of(product: Product) -> str:
    """The key of a product's category."""
    return _category(product.kind, product.family.group)


def _category(kind: str, group: str) -> str:
    return f"CAT-{kind}-{group.lower().replace(' ', '-')}"


def _categories() -> pl.DataFrame:
    rows: list[tuple[str, str, str, str | None]] = []
    for kind, families in FAMILIES.items():
        top = GROUPS[kind][0]
        rows.append((f"CAT-{kind}", top, top, None))
        groups = dict.fromkeys(family.group for family in families)
        rows += [(_category(kind, group), group, f"{top} / {group}", f"CAT-{kind}") for group in groups]
    return table(
        "product_categories",
        company_id=SHARED,
        category_id=[row[0] for row in rows],
        name=[row[1] for row in rows],
        path=[row[2] for row in rows],
        parent_category_id=[row[3] for row in rows],
    )


def _products(catalogue: Catalogue, costs: Numbers, lists: Numbers) -> pl.DataFrame:
    products = catalogue.products
    count = len(products)
    age = catalogue.plan.random("products").integers(200, 1400, count)
    return table(
        "products",
        company_id=SHARED,
        product_id=catalogue.keys,
        sku=[f"{p.family.code}-{p.number + 1:03d}" for p in products],
        barcode=[_gtin(p.index) for p in products],
        name=[p.name for p in products],
        name_zh=[p.name_zh for p in products],
        product_group_id=[f"G-{p.family.code}" for p in products],
        category_id=[category_of(p) for p in products],
        kind=["kit" if p.is_kit else "storable" if p.is_stocked else "service" for p in products],
        unit=[p.family.unit for p in products],
        cost=prices(costs),
        list_price=prices(lists),
        currency="EUR",
        is_sold=[p.kind in {FINISHED, TRADED, SERVICE} for p in products],
        is_purchased=[p.kind in {RAW, TRADED} for p in products],
        weight=quantities([_grams(p) for p in products]),
        volume=millionths([_grams(p) * 2 for p in products]),
        created_on=catalogue.plan.dates(-age),
        is_active=True,
    )


def _grams(product: Product) -> int:
    return round(product.family.kilos * (1 + product.size) * 1000)


def _gtin(index: int) -> str:
    """A GTIN-13 with its check digit; 200 to 299 are free for use inside a firm."""
    digits = f"200{index:09d}"
    return digits + str(-sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(digits)) % 10)


def _costs(catalogue: Catalogue, costs: Numbers) -> pl.DataFrame:
    rows = [
        (company, p) for p in catalogue.products for company in (PARENT, SISTER) if _known_to(catalogue, company, p)
    ]
    return table(
        "product_costs",
        company_id=[COMPANIES[company] for company, _ in rows],
        product_cost_id=[f"{p.key}/{COMPANIES[company]}" for company, p in rows],
        product_id=[p.key for _, p in rows],
        cost=prices([int(costs[company, p.index]) for company, p in rows]),
        currency=[CURRENCY[company] for company, _ in rows],
    )


def _known_to(catalogue: Catalogue, company: int, product: Product) -> bool:
    at = product.index
    return (
        company == PARENT
        or catalogue.sells(company, at)
        or catalogue.makes(company, at)
        or at in catalogue.uses(company)
    )


def _conversions(catalogue: Catalogue) -> pl.DataFrame:
    boxed = [p for p in catalogue.products if p.family.box]
    factors = [p.family.box for p in boxed]
    return table(
        "unit_conversions",
        company_id=SHARED,
        unit_conversion_id=[*(f"BOX-{p.key}" for p in boxed), "PAIR"],
        product_id=[*(p.key for p in boxed), None],
        from_unit=[*(BOX for _ in boxed), "pair"],
        to_unit=[*(p.family.unit for p in boxed), "pcs"],
        factor=whole([*factors, 2]),
    )


def making_days(product: Product) -> int:
    """Working days that making a lot usually takes."""
    if product.is_kit:
        return 0
    return 2 + 2 * (product.kind == FINISHED) + 3 * (product.family.code == "BS")


def _build_tables(catalogue: Catalogue) -> dict[str, pl.DataFrame]:
    built = [p for p in catalogue.products if p.parts]
    lines = [(p, at, c, q) for p in built for at, (c, q) in enumerate(p.parts, start=1)]
    boms = table(
        "boms", company_id=SHARED, bom_id=[f"B-{p.key}" for p in built], code=[f"BOM {p.key}" for p in built],
        product_id=[p.key for p in built], kind=["kit" if p.is_kit else "make" for p in built],
        quantity=whole([1] * len(built)), lead_time_days=whole([making_days(p) for p in built]), is_active=True,
    )  # fmt: skip
    bom_lines = table(
        "bom_lines",
        company_id=SHARED,
        bom_line_id=[f"B-{p.key}-{at}" for p, at, _, _ in lines],
        bom_id=[f"B-{p.key}" for p, _, _, _ in lines],
        product_id=[p.key for p, _, _, _ in lines],
        component_id=[catalogue.keys[c] for _, _, c, _ in lines],
        quantity_per=quantities([q for _, _, _, q in lines]),
        source_quantity=quantities([q for _, _, _, q in lines]),
        source_unit=[catalogue.products[c].family.unit for _, _, c, _ in lines],
        operation_id=[None if p.is_kit else f"OP-{p.key}-1" for p, _, _, _ in lines],
    )
    return {"boms": boms, "bom_lines": bom_lines, **_routing_tables([p for p in built if p.is_made])}


def _routing_tables(made: list[Product]) -> dict[str, pl.DataFrame]:
    steps = [(p, at, *step) for p in made for at, step in enumerate(p.family.minutes, start=1)]
    names = {code: name for code, name, _, _ in CENTERS}
    routings = table(
        "routings", company_id=SHARED, routing_id=[f"R-{p.key}" for p in made],
        name=[f"Making of {p.name}" for p in made], bom_id=[f"B-{p.key}" for p in made],
        product_id=[p.key for p in made], is_active=True,
    )  # fmt: skip
    operations = table(
        "operations",
        company_id=SHARED,
        operation_id=[f"OP-{step[0].key}-{step[1]}" for step in steps],
        routing_id=[f"R-{step[0].key}" for step in steps],
        work_center_id=[f"WC-AUG-{step[2]}" for step in steps],
        sequence=[step[1] * 10 for step in steps],
        name=[names[step[2]] for step in steps],
        setup_minutes=whole([step[3] for step in steps]),
        minutes_per_unit=quantities([round(step[4] * UNIT) for step in steps]),
        is_active=True,
    )
    return {"routings": routings, "operations": operations}


def _work_centers() -> pl.DataFrame:
    rows = [(company, *center) for company in (PARENT, SISTER) for center in CENTERS]
    rate = (1.0, EURO_IN_YUAN * 0.4)
    sites = [PLACES[PLANT[row[0]]].code for row in rows]
    return table(
        "work_centers",
        company_id=[COMPANIES[row[0]] for row in rows],
        work_center_id=[f"WC-{site}-{row[1]}" for site, row in zip(sites, rows, strict=True)],
        code=labels("", [at + 10 for at in range(len(rows))], width=3),
        name=[row[2] if row[0] == PARENT else row[3] for row in rows],
        site_id=sites,
        calendar_id=["CAL-DE" if row[0] == PARENT else "CAL-CN" for row in rows],
        capacity=whole([1] * len(rows)),
        efficiency=quantities([950] * len(rows)),
        cost_per_hour=quantities([round(row[4] * rate[row[0]] * UNIT) for row in rows]),
        currency=[CURRENCY[row[0]] for row in rows],
        is_active=True,
    )
