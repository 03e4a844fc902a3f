"""Leads, deals and campaigns: orders that were won as deals, what was lost or is open, and who was written to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.campaigns import Campaigns
from sample_data.customers import Contacts, person
from sample_data.days import CN, COUNTRIES
from sample_data.demand import REAL, Demand
from sample_data.exact import UNIT, labels, money, picked, prices, quantities, table
from sample_data.exact import line_cents as cents_of_line
from sample_data.names import LOST_REASONS, ORIGINS
from sample_data.orders import Sales
from sample_data.people import SALES, Staff
from sample_data.places import COMPANIES, CURRENCY
from sample_data.plan import Mask, Numbers, Plan

STAGES = (("Qualified", 10), ("Needs clear", 25), ("Offer", 50), ("Negotiation", 75))
WON, LOST, OPEN = "won", "lost", "open"
WON_SHARE, LOST_FOR_WON, OPEN_FOR_WON = 0.024, 1.25, 0.55
CREDITED = 0.35


@dataclass(frozen=True)
class Deal:
    """One opportunity. ``lines`` are (product, thousandths, cents); ``order`` is the one it became, or -1."""

    index: int
    customer: int
    status: str
    created: int
    closed: int
    minute: int
    stage: int
    lines: tuple[tuple[int, int, int], ...]
    order: int = -1

    @property
    def cents(self) -> int:
        """Expected revenue."""
        return sum(cents for _, _, cents in self.lines)

    @property
    def key(self) -> str:
        """The deal's key."""
        return f"OPP-{self.index + 1:05d}"


@dataclass(frozen=True)
class Deals:
    """All deals, and what marketing did."""

    sales: Sales
    staff: Staff
    contacts: Contacts

    @property
    def campaigns(self) -> Campaigns:
        """What was advertised."""
        return self.demand.campaigns

    @property
    def demand(self) -> Demand:
        """What was ordered."""
        return self.sales.demand

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.sales.plan

    @cached_property
    def all(self) -> tuple[Deal, ...]:
        """The won ones first, then lost and open ones."""
        won = self._won_orders()
        count = len(won)
        random = self.plan.random("deals")
        rows = [self._won(at, order, random) for at, order in enumerate(won)]
        for status, share in ((LOST, LOST_FOR_WON), (OPEN, OPEN_FOR_WON)):
            rows += [self._other(len(rows) + at, status, random) for at in range(max(2, round(count * share)))]
        return tuple(rows)

    def _won_orders(self) -> list[int]:
        """Some of the largest orders of each company."""
        demand, chosen = self.demand, []
        random = self.plan.random("won orders")
        cancelled = self.sales.record.cancelled_orders
        for company in range(len(COMPANIES)):
            able = [
                order for order in np.flatnonzero((demand.company == company) & (demand.state == REAL)).tolist()
                if order not in cancelled
            ]  # fmt: skip
            large = sorted(able, key=lambda order: -int(self.sales.order_cents[order]))[
                : max(2, round(len(able) * WON_SHARE * 2))
            ]
            chosen += [order for order in large if random.random() < 0.5]
        return sorted(chosen)

    def _won(self, index: int, order: int, random: np.random.Generator) -> Deal:
        demand = self.demand
        lines = range(demand.first_line[order], demand.first_line[order + 1])
        content = tuple((int(demand.product[at]), int(demand.quantity[at]), int(self.sales.cents[at])) for at in lines)
        day = int(demand.day[order])
        created = day - int(random.gamma(2.5, 14)) - 4
        return Deal(index, int(demand.customer[order]), WON, created, day, int(demand.minute[order]), 3, content, order)

    def _other(self, index: int, status: str, random: np.random.Generator) -> Deal:
        customer = int(random.integers(len(self.demand.customers)))
        took = int(random.gamma(2.5, 17)) + 5
        last = self.plan.last
        closed = int(random.integers(0, last + 1)) if status == LOST else -1
        created = closed - took if status == LOST else max(last - took, 0)
        stage = int(random.choice(4, p=(0.25, 0.3, 0.3, 0.15)))
        return Deal(
            index,
            customer,
            status,
            created,
            closed,
            int(random.integers(540, 1000)),
            stage,
            self._wish(customer, max(created, 0), random),
        )

    def _wish(self, customer: int, day: int, random: np.random.Generator) -> tuple[tuple[int, int, int], ...]:
        company = int(self.demand.customers.company[customer])
        catalogue = self.demand.catalogue
        sold = [p for p in catalogue.products if catalogue.sells(company, p.index)]
        chosen = random.choice(len(sold), int(random.integers(1, 4)), replace=False)
        rows = []
        for at in chosen.tolist():
            quantity = int(random.integers(2, 20)) * UNIT
            price = self.demand.prices.list_price(company, sold[at].index, day)
            cents = int(cents_of_line(np.array(quantity), price, 10))
            rows.append((sold[at].index, quantity, cents))
        return tuple(rows)

    @cached_property
    def by_order(self) -> dict[int, str]:
        """The deal of each order that was won as one."""
        return {deal.order: deal.key for deal in self.all if deal.order >= 0}

    @cached_property
    def credited(self) -> dict[int, str]:
        """The campaign of some of the orders that hold what it advertised, in its time, of those it addressed.

        As in any firm, some would have come without it: what a campaign caused is the difference to those held out.
        """
        demand, found = self.demand, {}
        random = self.plan.random("credited orders")
        families = [p.family.code for p in demand.catalogue.products]
        for at, campaign in enumerate(self.campaigns.all):
            during = (demand.day >= self.campaigns.first(campaign)) & (demand.day < self.campaigns.end(campaign))
            for order in np.flatnonzero(during & np.isin(demand.customer, self.campaigns.addressed[at])).tolist():
                products = demand.product[demand.first_line[order] : demand.first_line[order + 1]].tolist()
                advertised = any(families[product] in campaign.families for product in products)
                if advertised and random.random() < CREDITED:
                    found[order] = self.campaigns.key(at)
        return found

    def zone(self, customer: int) -> int:
        """The number of the customer's time zone."""
        return int(self.demand.customers.country[customer] == CN)


def deal_tables(deals: Deals) -> dict[str, pl.DataFrame]:
    """Opportunities with lines and stage changes, leads, campaigns with members and responses."""
    return {
        "opportunities": _opportunities(deals),
        "opportunity_lines": _lines(deals),
        "opportunity_stage_changes": _changes(deals),
        "leads": _leads(deals),
        "campaigns": _campaigns(deals),
        **_campaign_tables(deals),
    }


def _opportunities(deals: Deals) -> pl.DataFrame:
    rows, plan, customers = deals.all, deals.plan, deals.demand.customers
    who = np.array([row.customer for row in rows], dtype=np.int64)
    closed, created, minute = (np.array([getattr(row, at) for row in rows]) for at in ("closed", "created", "minute"))
    zone = np.array([deals.zone(row.customer) for row in rows])
    expected = np.where(closed >= 0, closed, plan.last + 14 + minute % 60)
    random = plan.random("opportunity details")
    return table(
        "opportunities",
        company_id=picked(COMPANIES, customers.company[who]),
        opportunity_id=[row.key for row in rows],
        name=[
            f"{deals.demand.catalogue.products[row.lines[0][0]].name} for {customers.names[row.customer]}"
            for row in rows
        ],
        customer_id=picked(customers.keys, who),
        status=[row.status for row in rows],
        stage=[_stage(row) for row in rows],
        stage_order=[{WON: 5, LOST: 6}.get(row.status, row.stage + 1) for row in rows],
        expected_amount=money([row.cents for row in rows]),
        currency=picked(CURRENCY, customers.company[who]),
        probability=prices([_chance(row) * 100 for row in rows]),
        created_at=plan.instants(created, np.minimum(minute, 530), zone),
        closed_at=plan.instants(closed, minute, zone, closed >= 0),
        expected_close_on=plan.dates(expected),
        owner_id=picked(deals.staff.keys, customers.owner[who]),
        team=["China" if at else "Europe" for at in customers.company[who].tolist()],
        origin=random.choice(ORIGINS, len(rows)).tolist(),
        country=picked(COUNTRIES, customers.country[who]),
        lost_reason=[str(random.choice(LOST_REASONS)) if row.status == LOST else None for row in rows],
    )


def _stage(deal: Deal) -> str:
    return {WON: "Won", LOST: "Lost"}.get(deal.status, STAGES[deal.stage][0])


def _chance(deal: Deal) -> int:
    return {WON: 100, LOST: 0}.get(deal.status, STAGES[deal.stage][1])


def _lines(deals: Deals) -> pl.DataFrame:
    rows = [(deal, at, *line) for deal in deals.all for at, line in enumerate(deal.lines, start=1)]
    company = deals.demand.customers.company[np.array([row[0].customer for row in rows], dtype=np.int64)]
    return table(
        "opportunity_lines",
        company_id=picked(COMPANIES, company),
        opportunity_line_id=[f"{row[0].key}-{row[1]}" for row in rows],
        opportunity_id=[row[0].key for row in rows],
        product_id=picked(deals.demand.catalogue.keys, [row[2] for row in rows]),
        quantity=quantities([row[3] for row in rows]),
        amount_untaxed=money([row[4] for row in rows]),
        currency=picked(CURRENCY, company),
    )


def _changes(deals: Deals) -> pl.DataFrame:
    rows = [(deal, *change) for deal in deals.all for change in _steps(deal, deals.plan.last)]
    customers = np.array([row[0].customer for row in rows], dtype=np.int64)
    zone = np.array([deals.zone(row[0].customer) for row in rows])
    return table(
        "opportunity_stage_changes",
        company_id=picked(COMPANIES, deals.demand.customers.company[customers]),
        opportunity_stage_change_id=labels("OSC-", np.arange(1, len(rows) + 1)),
        opportunity_id=[row[0].key for row in rows],
        from_stage=pl.Series([row[1] for row in rows], dtype=pl.String),
        to_stage=[row[2] for row in rows],
        changed_at=deals.plan.instants(np.array([row[3] for row in rows]), np.array([row[4] for row in rows]), zone),
    )


def _steps(deal: Deal, last: int) -> list[tuple[str | None, str, int, int]]:
    """(stage before, stage after, day, minute), evenly from the deal's first day to its last."""
    names: list[str] = [name for name, _ in STAGES[: deal.stage + 1]]
    end = deal.closed if deal.closed >= 0 else last
    if deal.closed >= 0:
        names.append(_stage(deal))
    steps = max(len(names) - 1, 1)
    days = [deal.created + (end - deal.created) * at // steps for at in range(len(names))]
    minutes = [min(deal.minute, 530) + at for at in range(len(names) - 1)] + [max(deal.minute, 540)]
    return [
        (before, name, day, minute)
        for before, name, day, minute in zip([None, *names], names, days, minutes, strict=False)
    ]


def _leads(deals: Deals) -> pl.DataFrame:
    plan = deals.plan
    count = plan.count(1800, least=8)
    random = plan.random("leads")
    born = [deal for deal in deals.all if deal.created > 3]
    became = random.permutation(len(born))[: count // 3].tolist() + [-1] * count
    became = became[:count]
    fresh = random.integers(0, plan.days, count)
    country = np.array(
        [_country(deals, born, at) if at >= 0 else random.choice(3, p=(0.5, 0.18, 0.32)) for at in became]
    )
    created = np.array(
        [born[at].created - 3 if at >= 0 else day for at, day in zip(became, fresh.tolist(), strict=True)]
    )
    lost = (
        (np.array(became) < 0) & ((plan.last - created > 45) | (random.random(count) < 0.3)) & (created < plan.last - 2)
    )
    closed = np.where(np.array(became) >= 0, created + 3, np.minimum(created + 20, plan.last))
    company, zone = (country == CN).astype(np.int64), (country == CN).astype(np.int64)
    names = [person(random, bool(at)) for at in zone.tolist()]
    origin = random.choice(ORIGINS, count)
    return table(
        "leads",
        company_id=picked(COMPANIES, company),
        lead_id=labels("L-", np.arange(1, count + 1), width=5),
        name=[f"Enquiry of {name}" for name in names],
        customer_id=picked(deals.demand.customers.keys, [born[at].customer if at >= 0 else -1 for at in became]),
        contact_name=names,
        email=[f"enquiry{at + 1}@lead.example" for at in range(count)],
        country=picked(COUNTRIES, country),
        status=np.select([np.array(became) >= 0, lost], ["converted", "lost"], "open").tolist(),
        origin=origin.tolist(),
        campaign_id=_campaigns_before(deals, created, country, origin == "Campaign"),
        owner_id=picked(deals.staff.keys, deals.staff.chosen("leads", company, SALES)),
        score=prices(random.integers(5, 95, count) * 100),
        created_at=plan.instants(created, np.full(count, 520), zone),
        closed_at=plan.instants(closed, np.full(count, 525), zone, (np.array(became) >= 0) | lost),
        opportunity_id=[born[at].key if at >= 0 else None for at in became],
    )


def _campaigns_before(deals: Deals, created: Numbers, country: Numbers, where: Mask) -> pl.Series:
    """The latest campaign of a lead's country that had begun when it was entered; null where none had."""
    latest = np.full(len(created), -1)
    for at, campaign in enumerate(deals.campaigns.all):
        latest[where & (country == campaign.country) & (created >= deals.campaigns.first(campaign))] = at
    return picked([deals.campaigns.key(at) for at in range(len(deals.campaigns.all))], latest)


def _country(deals: Deals, born: list[Deal], at: int) -> int:
    return int(deals.demand.customers.country[born[at].customer])


def _campaigns(deals: Deals) -> pl.DataFrame:
    campaigns, plan = deals.campaigns, deals.plan
    company = np.array([int(c.country == CN) for c in campaigns.all], dtype=np.int64)
    first, end = (np.array([f(c) for c in campaigns.all], dtype=np.int64) for f in (campaigns.first, campaigns.end))
    return table(
        "campaigns",
        company_id=picked(COMPANIES, company),
        campaign_id=[campaigns.key(at) for at in range(len(company))],
        name=[c.name for c in campaigns.all],
        channel=[c.channel for c in campaigns.all],
        status=np.where(end <= plan.last, "Done", "Running").tolist(),
        starts_on=plan.dates(first),
        ends_on=plan.dates(end - 1),
        budget=money([c.budget * 100 for c in campaigns.all]),
        cost=money([c.budget * (86 + 4 * at) for at, c in enumerate(campaigns.all)]),
        currency=picked(CURRENCY, company),
        is_active=True,
    )


def _campaign_tables(deals: Deals) -> dict[str, pl.DataFrame]:
    customers, contacts = deals.demand.customers, deals.contacts
    members = deals.campaigns.members
    campaign = np.repeat(np.arange(len(members)), [len(who) for who in members])
    who = np.concatenate(members)
    contact, is_control = contacts.first[who], np.concatenate(deals.campaigns.is_control)
    keys = labels("CM-", np.arange(1, len(who) + 1))
    first = np.array([deals.campaigns.first(c) for c in deals.campaigns.all], dtype=np.int64)[campaign]
    zone = (customers.country[who] == CN).astype(np.int64)
    rows = table(
        "campaign_members",
        company_id=picked(COMPANIES, customers.company[who]),
        campaign_member_id=keys,
        campaign_id=[deals.campaigns.key(at) for at in campaign.tolist()],
        customer_id=picked(customers.keys, who),
        contact_id=picked(contacts.keys, contact),
        email=[
            f"person{at + 1}@{customers.keys[c].lower()}.example"
            for at, c in zip(contact.tolist(), who.tolist(), strict=True)
        ],
        added_at=deals.plan.instants(first - 3, np.full(len(first), 600), zone),
        is_control=is_control,
    )
    return {"campaign_members": rows, "campaign_responses": _responses(deals, rows, first, zone, is_control)}


def _responses(
    deals: Deals, members: pl.DataFrame, first: Numbers, zone: Numbers, is_control: np.ndarray
) -> pl.DataFrame:
    """Who was not held out is written to; some open, some of these click, some of these answer."""
    random = deals.plan.random("campaign responses")
    draw = random.random(len(first))
    reached = [~is_control, ~is_control & (draw < 0.44), ~is_control & (draw < 0.13), ~is_control & (draw < 0.04)]
    parts = []
    for after, (kind, mask) in enumerate(zip(("sent", "opened", "clicked", "replied"), reached, strict=True)):
        at = np.flatnonzero(mask & (first + after <= deals.plan.last))
        part = members[at].select("company_id", "campaign_id", "campaign_member_id", "customer_id")
        when = deals.plan.instants(first[at] + after, np.full(len(at), 560 + 7 * after), zone[at])
        parts.append(part.with_columns(kind=pl.lit(kind), responded_at=when))
    joined = pl.concat(parts)
    return table(
        "campaign_responses",
        **{name: joined[name] for name in joined.columns},
        campaign_response_id=labels("CR-", np.arange(1, joined.height + 1)),
    )
