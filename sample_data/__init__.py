"""The sample company: Tauberquell makes pumps and valves in Augsburg and Suzhou and trades what goes with them.

The German parent keeps its books in euros, makes, and sells in Germany and Austria from the plant and three warehouses;
the Chinese sister keeps them in yuan, makes the smaller sizes, and sells from Suzhou and Guangzhou. Castings, copper
and bearings become motors and housings, these become pumps, and two pumps with valves and a control unit become a
booster station.

The firm is lived day by day: customers order, what is there is set aside and leaves, what lacks is ordered or made,
suppliers come early, late or in parts, and some of it comes back. Every paper is what that life left behind, so papers,
stock and money agree to the unit and the cent. What happens in it on purpose is in ``story``. Everything is drawn from
the seed: the same plan, the same bytes. What was planted is said by ``truth``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from sample_data.appetite import Appetite
from sample_data.books import book_tables
from sample_data.catalogue import Catalogue, catalogue_tables
from sample_data.customers import Contacts, Customers, customer_tables
from sample_data.days import calendar_tables, workdays
from sample_data.deals import Deals, deal_tables
from sample_data.demand import Demand
from sample_data.hours import ServiceWork
from sample_data.invoicing import Invoicing, invoice_tables
from sample_data.network import Network
from sample_data.orders import Sales, sales_tables
from sample_data.people import Staff, attendance, people_tables
from sample_data.places import COMPANIES, PARENT, SISTER, place_tables
from sample_data.plan import Numbers, Plan
from sample_data.production import Production, booked_hours, production_tables
from sample_data.purchasing import Bills, Purchases, bill_tables, payment_table, purchase_tables
from sample_data.service import Service, service_tables
from sample_data.simulation import Outcome, simulate
from sample_data.stock import Stock, stock_tables
from sample_data.story import Story
from sample_data.suppliers import Offers, supplier_tables
from sample_data.truth import Fact, Truth, write_facts

__all__ = ["Fact", "Plan", "Sample", "company", "truth", "write", "write_truth"]


def company(*, scale: float = 1.0, seed: int = 7, until: date = date(2026, 6, 30)) -> dict[str, pl.DataFrame]:
    """The sample company as template tables of the ``files`` source, by table name.

    ``until`` is the last day that anything happened on. Columns are those of the unified tables, keys without a source
    before them; ``company_id`` is ``*`` where companies share a row.
    Raises ValueError, saying what is wrong, for a scale, seed or day that no sample can have.
    """
    return Sample(Plan(scale=scale, seed=seed, until=until)).tables()


def truth(*, scale: float = 1.0, seed: int = 7, until: date = date(2026, 6, 30)) -> tuple[Fact, ...]:
    """What was planted in the sample of the same arguments."""
    return Sample(Plan(scale=scale, seed=seed, until=until)).truth.facts


def write_truth(path: Path, *, scale: float = 1.0, seed: int = 7, until: date = date(2026, 6, 30)) -> None:
    """Writes the truth of the sample of the same arguments as a JSON list, one object for each fact."""
    write_facts(path, truth(scale=scale, seed=seed, until=until))


def write(folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Writes each table as ``<table>.parquet`` into the folder, which is made where it lacks; always the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        rows.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3, statistics=True)


@dataclass(frozen=True)
class Sample:
    """All that one plan makes, each part when it is first asked for."""

    plan: Plan

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is sold, made and bought."""
        return Catalogue(self.plan)

    @cached_property
    def customers(self) -> Customers:
        """Who buys."""
        return Customers(self.plan)

    @cached_property
    def staff(self) -> Staff:
        """Who works here."""
        return Staff(self.plan)

    @cached_property
    def story(self) -> Story:
        """What is planted."""
        return Story(Appetite(self.plan, self.catalogue))

    @cached_property
    def demand(self) -> Demand:
        """What is ordered."""
        return Demand(self.plan, self.catalogue, self.customers, self.story, workdays(self.plan))

    @property
    def truth(self) -> Truth:
        """What was planted, counted."""
        return Truth(self.demand)

    @cached_property
    def outcome(self) -> Outcome:
        """The simulation, run to its end."""
        network = Network(self.plan, self.catalogue, self.demand, Offers(self.plan, self.catalogue))
        return simulate(network, self.demand.calendars)

    @cached_property
    def sales(self) -> Sales:
        """Orders and what came of them."""
        return Sales(self.outcome.firm, ServiceWork(self.outcome.firm.demand, self.staff))

    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table, by name."""
        papers = {**self._standing(), **self._trade(), **self._market()}
        firm = self.outcome.firm
        return {**papers, **book_tables(firm.demand.prices, self.staff, firm.calendars, papers)}

    def _standing(self) -> dict[str, pl.DataFrame]:
        """What the firm is."""
        calendars, network = self.outcome.firm.calendars, self.outcome.firm.network
        return {
            **place_tables(self.plan),
            **calendar_tables(self.plan, (COMPANIES[PARENT], COMPANIES[PARENT], COMPANIES[SISTER])),
            **catalogue_tables(self.catalogue, *self._prices_today()),
            **people_tables(self.staff, calendars),
            **supplier_tables(network.offers, self._offered_today(network.offers)),
            **customer_tables(self.customers, Contacts(self.customers)),
        }

    def _prices_today(self) -> tuple[Numbers, Numbers]:
        """Standard costs by company and product, and the parent's list by product, on the last day."""
        prices, products = self.demand.prices, np.arange(len(self.catalogue))
        costs = [prices.unit_cost(company, products, self.plan.last) for company in range(len(COMPANIES))]
        return np.array(costs), prices.list_price(PARENT, products, self.plan.last)

    def _offered_today(self, offers: Offers) -> Numbers:
        """What each offer asks on the last day."""
        price, supplier, product = (
            np.array([getattr(o, at) for o in offers.all]) for at in ("price", "supplier", "product")
        )
        return self.demand.prices.purchase_price(price, supplier, product, self.plan.last)

    def _trade(self) -> dict[str, pl.DataFrame]:
        """What it did with goods, hours and money."""
        firm, sales = self.outcome.firm, self.sales
        purchases, production = Purchases(firm), Production(firm)
        invoicing, bills = Invoicing(sales), Bills(purchases)
        hours = [
            attendance(self.staff, firm.calendars),
            booked_hours(production, self.staff),
            sales.work.entries(sales.line_keys),
        ]
        return {
            **sales_tables(sales, self.staff, self._deals.by_order, self._deals.credited),
            **purchase_tables(purchases, self.staff),
            **production_tables(production),
            **stock_tables(Stock(self.outcome, sales, purchases, production)),
            **invoice_tables(invoicing),
            **bill_tables(bills),
            "payments": payment_table(invoicing, bills),
            "time_entries": pl.concat(hours, how="diagonal"),
        }

    @cached_property
    def _deals(self) -> Deals:
        return Deals(self.sales, self.staff, Contacts(self.customers))

    def _market(self) -> dict[str, pl.DataFrame]:
        """What was said and hoped for."""
        service = Service(self.sales, self._deals, Contacts(self.customers), self.staff)
        return {**deal_tables(self._deals), **service_tables(service)}
