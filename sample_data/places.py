"""Where the firm is: two companies, two plants, four warehouses and what is inside; currencies, rates and units."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.days import AT, CN, DE
from sample_data.exact import millionths, table, whole
from sample_data.plan import Numbers, Plan

SHARED = "*"
COMPANIES = ("TQ-DE", "TQ-CN")
PARENT, SISTER = range(2)
CURRENCY = ("EUR", "CNY")
COMPANY_OF_COUNTRY = (PARENT, PARENT, SISTER)
EURO_IN_YUAN = 7.85


@dataclass(frozen=True)
class Place:
    """A plant or warehouse: its company and country, and the names of the places inside that hold its stock."""

    code: str
    name: str
    kind: str
    company: int
    country: int
    region: str

    @property
    def zone(self) -> int:
        """The number of its time zone in ``plan.ZONES``."""
        return 1 if self.country == CN else 0


PLACES = (
    Place("AUG", "Werk Augsburg", "plant", PARENT, DE, "Germany South"),
    Place("ULM", "Zentrallager Ulm", "warehouse", PARENT, DE, "Germany South"),
    Place("HAM", "Lager Hamburg", "warehouse", PARENT, DE, "Germany North"),
    Place("LNZ", "Lager Linz", "warehouse", PARENT, AT, "Austria"),
    Place("SUZ", "苏州工厂 Werk Suzhou", "plant", SISTER, CN, "East China"),
    Place("CAN", "广州仓库 Lager Guangzhou", "warehouse", SISTER, CN, "South China"),
)
AUG, ULM, HAM, LNZ, SUZ, CAN = range(6)
PLANT = (AUG, SUZ)
TRADE = (ULM, CAN)
SATELLITES = ((HAM, LNZ), (CAN,))
SERVES = {"Germany South": AUG, "Germany North": HAM, "Austria": LNZ, "East China": SUZ, "South China": CAN}

_INSIDE = {
    "plant": (("HALL", "Halle", "area"), ("PARTS", "Teilelager", "location"), ("FG", "Fertigwaren", "location")),
    "warehouse": (("SHELF", "Regal", "location"), ("BULK", "Palettenplätze", "location")),
}
_EVERYWHERE = (("CHECK", "Prüfplatz für Rücksendungen", "location"),)
_IN_HALL = ("PARTS", "FG")


def locations() -> tuple[str, ...]:
    """The lowest sites, that hold stock, the two on the way between sites last."""
    inner = [f"{place.code}/{code}" for place in PLACES for code, _, kind in _inside(place) if kind == "location"]
    return (*inner, *(f"{company}/TRANSIT" for company in COMPANIES))


def _inside(place: Place) -> tuple[tuple[str, str, str], ...]:
    return _INSIDE[place.kind] + _EVERYWHERE


LOCATIONS = locations()
LOCATION = {name: at for at, name in enumerate(LOCATIONS)}
TRANSIT = tuple(LOCATION[f"{company}/TRANSIT"] for company in COMPANIES)


def place_of(location: str) -> int | None:
    """The plant or warehouse that a location is in; none for what is on the way."""
    codes = [place.code for place in PLACES]
    code = location.split("/", maxsplit=1)[0]
    return codes.index(code) if code in codes else None


def place_in(location: str) -> int:
    """The plant or warehouse of a location that is in one."""
    return next(at for at, place in enumerate(PLACES) if location.startswith(f"{place.code}/"))


def place_tables(plan: Plan) -> dict[str, pl.DataFrame]:
    """Companies, sites, currencies, exchange rates and units."""
    return {
        "companies": _companies(),
        "sites": _sites(),
        "currencies": _currencies(),
        "exchange_rates": _rates(plan),
        "units": _units(),
    }


def _companies() -> pl.DataFrame:
    return table(
        "companies",
        company_id=list(COMPANIES),
        name=["Tauberquell Pumpen GmbH", "陶伯流体技术（苏州）有限公司 Tauberquell Fluid Technology (Suzhou)"],
        currency=list(CURRENCY),
        country=["DE", "CN"],
        parent_company_id=[None, COMPANIES[PARENT]],
        is_active=True,
    )


def _site_rows() -> list[tuple[str, str, str, str | None, str | None, Place | None, str]]:
    """(key, name, kind, parent, main site, place, company)"""
    rows: list[tuple[str, str, str, str | None, str | None, Place | None, str]] = []
    for place in PLACES:
        company = COMPANIES[place.company]
        rows.append((place.code, place.name, place.kind, None, place.code, place, company))
        for code, name, kind in _inside(place):
            parent = f"{place.code}/HALL" if code in _IN_HALL else place.code
            rows.append((f"{place.code}/{code}", f"{place.name} / {name}", kind, parent, place.code, place, company))
    rows += [(f"{key}/TRANSIT", "Unterwegs / 在途", "transit", None, None, None, key) for key in COMPANIES]
    return rows


def _sites() -> pl.DataFrame:
    rows = _site_rows()
    countries, zones = ("DE", "AT", "CN"), ("Europe/Berlin", "Europe/Vienna", "Asia/Shanghai")
    places = [row[5] for row in rows]
    return table(
        "sites",
        company_id=[row[6] for row in rows],
        site_id=[row[0] for row in rows],
        code=[row[0] for row in rows],
        name=[row[1] for row in rows],
        kind=[row[2] for row in rows],
        parent_site_id=[row[3] for row in rows],
        main_site_id=[row[4] for row in rows],
        country=[place and countries[place.country] for place in places],
        region=[place and place.region for place in places],
        time_zone=[place and zones[place.country] for place in places],
        is_active=True,
    )


def _currencies() -> pl.DataFrame:
    return table(
        "currencies", company_id=SHARED, currency_id=list(CURRENCY),
        currency=list(CURRENCY), name=["Euro", "Renminbi 人民币"],
        decimal_places=[2, 2], is_active=True,
    )  # fmt: skip


def yuan_by_month(plan: Plan) -> Numbers:
    """Ten-thousandths of a yuan for one euro, by month of the story and one month before."""
    steps = plan.random("rates").normal(0, 0.009, plan.months + 1)
    return np.rint(EURO_IN_YUAN * np.exp(np.cumsum(steps)) * 10_000).astype(np.int64)


def month_starts(plan: Plan) -> list[int]:
    """The first days of the months of the story."""
    firsts = [plan.start]
    while len(firsts) < plan.months:
        month = firsts[-1].year * 12 + firsts[-1].month
        firsts.append(firsts[-1].replace(year=month // 12, month=month % 12 + 1))
    return [plan.day(first) for first in firsts]


def _rates(plan: Plan) -> pl.DataFrame:
    days = [-31, *month_starts(plan)]
    return table(
        "exchange_rates",
        company_id=SHARED,
        exchange_rate_id=[f"CNY-{plan.date(day)}" for day in days],
        currency="CNY",
        base_currency="EUR",
        valid_from_on=plan.dates(np.array(days)),
        rate=millionths(yuan_by_month(plan) * 100),
    )


UNITS = (("pcs", "count", 1), ("kg", "weight", 1), ("m", "length", 1), ("l", "volume", 1), ("h", "time", 1))
BOX = "box"


def _units() -> pl.DataFrame:
    named = (*UNITS, ("pair", "count", 2), (BOX, "package", 1))
    return table(
        "units",
        company_id=SHARED,
        unit_id=[f"U-{name}" for name, _, _ in named],
        name=[name for name, _, _ in named],
        category=[category for _, category, _ in named],
        reference_quantity=whole([factor for _, _, factor in named]),
        is_active=True,
    )
