"""Who buys: customers of three countries with their habits, the people there, and what they agreed to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.days import CN, COUNTRIES
from sample_data.exact import labels, picked, table
from sample_data.names import (
    BRANDS_ZH,
    CITIES,
    FIRST_NAMES,
    FIRST_NAMES_ZH,
    FORMS,
    JOBS_AT_CUSTOMER,
    SURNAMES,
    SURNAMES_ZH,
    TRADES,
)
from sample_data.people import SALES, Staff
from sample_data.places import COMPANIES, COMPANY_OF_COUNTRY
from sample_data.plan import Mask, Numbers, Plan, Shares
from sample_data.suppliers import SUPPLIERS, supplier_contacts

SHARE_OF_COUNTRY = (0.5, 0.18, 0.32)
NEVER = 10**6
ASKED, GRANTED = 0.8, 0.72
SEGMENTS = tuple(trade[0] for trade in TRADES)
DISCOUNT = {"Installer": 5, "Distributor": 18, "OEM": 12, "Industry": 8, "Utility": 6}


@dataclass(frozen=True)
class Customers:
    """All customers, column by column."""

    plan: Plan

    def __len__(self) -> int:
        """How many there are."""
        return self.plan.count(1500, least=12)

    @cached_property
    def country(self) -> Numbers:
        """The number of the country, in ``COUNTRIES``."""
        picks = self._random("country").choice(3, len(self), p=SHARE_OF_COUNTRY)
        picks[:3] = (0, 1, 2)
        return picks

    @cached_property
    def company(self) -> Numbers:
        """The company that sells to the customer."""
        return np.array(COMPANY_OF_COUNTRY)[self.country]

    @cached_property
    def segment(self) -> Numbers:
        """The number of the segment, in ``SEGMENTS``."""
        weights = np.array([trade[1] for trade in TRADES], dtype=np.float64)
        return self._random("segment").choice(len(TRADES), len(self), p=weights / weights.sum())

    @cached_property
    def homes(self) -> list[tuple[str, str]]:
        """(region, city)"""
        random = self._random("city")
        return [_home(random, country) for country in self.country.tolist()]

    @cached_property
    def weight(self) -> Shares:
        """How much of its country's demand the customer has: few large ones, many small."""
        return self._random("weight").lognormal(0, 1.0, len(self))

    @cached_property
    def joined(self) -> Numbers:
        """The day it became a customer; three quarters did before the story."""
        random = self._random("joined")
        before = random.random(len(self)) < 0.75
        days = np.where(
            before, -random.integers(30, 1300, len(self)), random.integers(0, self.plan.days - 20, len(self))
        )
        days[:3] = -700
        return days

    @cached_property
    def left(self) -> Numbers:
        """The day it stopped buying, for the few that did."""
        random = self._random("left")
        gone = random.random(len(self)) < 0.06
        gone[:3] = False
        return np.where(gone, self.joined.clip(0) + random.integers(60, max(300, self.plan.days), len(self)), NEVER)

    @cached_property
    def terms(self) -> Numbers:
        """Days to pay."""
        return self._random("terms").choice([14, 30, 30, 45, 60], len(self))

    @cached_property
    def lateness(self) -> Shares:
        """How many days after the due day it pays, on average."""
        return self._random("payment").gamma(0.8, 9.0, len(self))

    @cached_property
    def wants_all(self) -> Shares:
        """How often it asks for the whole order at once."""
        return self._random("complete").choice([0.0, 0.15, 0.6], len(self), p=[0.5, 0.35, 0.15])

    @cached_property
    def discount(self) -> Numbers:
        """Percent off the list."""
        base = np.array([DISCOUNT[segment] for segment in SEGMENTS])[self.segment]
        return base + self._random("discount").choice([0, 0, 2, 5], len(self))

    @cached_property
    def keys(self) -> list[str]:
        """The customers' keys."""
        return [f"C-{10001 + at}" for at in range(len(self))]

    @cached_property
    def names(self) -> list[str]:
        """Each name once."""
        random = self._random("names")
        names: dict[str, None] = {}
        for at, (_, city) in enumerate(self.homes):
            names[_fresh_name(random, self.country[at] == CN, self.segment[at], city, names)] = None
        return list(names)

    @cached_property
    def owner(self) -> Numbers:
        """The salesperson."""
        return Staff(self.plan).chosen("customers", self.company, SALES)

    def _random(self, subject: str) -> np.random.Generator:
        return self.plan.random(f"customers: {subject}")


def _home(random: np.random.Generator, country: int) -> tuple[str, str]:
    regions = [(region, cities) for at, region, cities in CITIES if at == country]
    region, cities = regions[int(random.integers(len(regions)))]
    return region, cities[int(random.integers(len(cities)))]


def _fresh_name(random: np.random.Generator, chinese: bool, segment: int, city: str, taken: dict[str, None]) -> str:
    for attempt in range(200):
        name = _name_zh(random, segment, city) if chinese else _name(random, segment, city)
        if name not in taken:
            return name
        if attempt > 20 and (numbered := f"{name} {attempt}") not in taken:
            return numbered
    return f"{city} {len(taken) + 1}"


def _name(random: np.random.Generator, segment: int, city: str) -> str:
    trade = TRADES[segment]
    word = str(random.choice(trade[2]))
    if trade[0] == "Utility":
        return f"{word} {city}" if random.random() < 0.7 else f"{word} {city} {random.choice(('Nord', 'Süd', 'Land'))}"
    return f"{random.choice(SURNAMES)} {word} {random.choice(FORMS)}"


def _name_zh(random: np.random.Generator, segment: int, city: str) -> str:
    trade = TRADES[segment]
    return f"{city}{random.choice(BRANDS_ZH)}{random.choice(trade[3])}有限公司"


def person(random: np.random.Generator, chinese: bool) -> str:
    """A person's name."""
    if chinese:
        return f"{random.choice(SURNAMES_ZH)}{random.choice(FIRST_NAMES_ZH)}"
    return f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"


@dataclass(frozen=True)
class Contacts:
    """The people at the customers, one to three each."""

    customers: Customers

    @cached_property
    def customer(self) -> Numbers:
        """The customer each person works for."""
        random = self.customers.plan.random("contacts")
        return np.repeat(
            np.arange(len(self.customers)), random.choice([1, 2, 3], len(self.customers), p=[0.5, 0.35, 0.15])
        )

    @cached_property
    def first(self) -> Numbers:
        """The first person of each customer."""
        return np.searchsorted(self.customer, np.arange(len(self.customers)))

    @cached_property
    def asked(self) -> Numbers:
        """The persons who were asked whether we may write to them."""
        return np.flatnonzero(self.customers.plan.random("consents asked").random(len(self.customer)) < ASKED)

    @cached_property
    def refused(self) -> Mask:
        """By person, whether we may not write to them; those who were not asked did not refuse."""
        draw = self.customers.plan.random("consents granted").random(len(self.customer))
        return np.isin(np.arange(len(self.customer)), self.asked) & (draw >= GRANTED)

    @cached_property
    def keys(self) -> list[str]:
        """The persons' keys."""
        return [f"K-{at + 1:05d}" for at in range(len(self.customer))]


def customer_tables(customers: Customers, contacts: Contacts) -> dict[str, pl.DataFrame]:
    """Customers, contacts and consents."""
    return {
        "customers": _customers(customers),
        "contacts": _contacts(customers, contacts),
        "consents": _consents(customers, contacts),
    }


def _customers(customers: Customers) -> pl.DataFrame:
    plan, owner = customers.plan, customers.owner
    country = picked(COUNTRIES, customers.country)
    return table(
        "customers",
        company_id=picked(COMPANIES, customers.company),
        customer_id=customers.keys,
        number=customers.keys,
        name=customers.names,
        email=[f"info@{key.lower()}.example" for key in customers.keys],
        phone=[_phone(at, c) for at, c in enumerate(customers.country.tolist())],
        country=country,
        region=[region for region, _ in customers.homes],
        city=[city for _, city in customers.homes],
        segment=picked(SEGMENTS, customers.segment),
        industry=picked([trade[4] for trade in TRADES], customers.segment),
        tax_number=[f"{c}{300_000_000 + 6151 * at}" for at, c in enumerate(country)],
        owner_id=picked(Staff(plan).keys, owner),
        created_on=plan.dates(customers.joined),
        is_company=True,
        is_active=True,
    )


def _phone(at: int, country: int) -> str:
    return f"{('+49 821', '+43 732', '+86 512')[country]} {5_550_000 + at * 13 % 90_000}"


def _contacts(customers: Customers, contacts: Contacts) -> pl.DataFrame:
    random = customers.plan.random("contact names")
    who = contacts.customer
    suppliers = supplier_contacts(customers.plan)
    countries = {supplier.key: supplier.country for supplier in SUPPLIERS}
    chinese = (customers.country[who] == CN).tolist()
    count, extra = len(who), len(suppliers)
    return table(
        "contacts",
        company_id=[*picked(COMPANIES, customers.company[who]), *["*"] * extra],
        contact_id=[*contacts.keys, *(f"KS-{key}" for key, _ in suppliers)],
        customer_id=[*picked(customers.keys, who), *[None] * extra],
        supplier_id=[*[None] * count, *(key for key, _ in suppliers)],
        name=[*(person(random, c) for c in chinese), *(name for _, name in suppliers)],
        email=[
            *(f"person{at + 1}@{customers.keys[c].lower()}.example" for at, c in enumerate(who.tolist())),
            *(f"sales@{key.lower()}.example" for key, _ in suppliers),
        ],
        role=[*random.choice(JOBS_AT_CUSTOMER, count).tolist(), *["Sales"] * extra],
        country=[*picked(COUNTRIES, customers.country[who]), *(countries[key] for key, _ in suppliers)],
        is_active=True,
    )


def _consents(customers: Customers, contacts: Contacts) -> pl.DataFrame:
    random = customers.plan.random("consents")
    asked = contacts.asked
    who = contacts.customer[asked]
    day = np.minimum(customers.joined[who] + random.integers(0, 200, len(asked)), customers.plan.last)
    return table(
        "consents",
        company_id=picked(COMPANIES, customers.company[who]),
        consent_id=labels("CON-", asked + 1, width=5),
        customer_id=picked(customers.keys, who),
        contact_id=picked(contacts.keys, asked),
        purpose="marketing",
        is_granted=~contacts.refused[asked],
        decided_at=customers.plan.instants(
            day, np.full(len(day), 600), (customers.country[who] == CN).astype(np.int64)
        ),
    )
