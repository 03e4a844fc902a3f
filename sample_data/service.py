"""Questions, complaints and praise: tickets, what was said on every channel, and surveys."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from sample_data.customers import Contacts
from sample_data.days import CN
from sample_data.deals import Deals
from sample_data.demand import Demand
from sample_data.exact import labels, picked, table, whole
from sample_data.orders import RETURN_REASONS, Sales
from sample_data.people import SALES, SERVICE, Staff
from sample_data.places import COMPANIES
from sample_data.plan import Numbers, Plan
from sample_data.selling import LEAKS
from sample_data.texts import LANGUAGES, text

LATE_TICKET, RETURN_TICKET, SURVEYED, RATED = 0.3, 0.7, 0.05, 0.4
COMPLAINS = {"late": 0.25, "defect": 0.4, "leak": 0.6}
GOSSIPS, DISAPPOINTED = 0.3, 2.5
EVENING = 1080
CHANNELS = ("mail", "phone", "chat", "web")


@dataclass(frozen=True)
class Ticket:
    """One ticket; times are minutes since the story's first midnight, local, -1 where not yet."""

    occasion: str
    customer: int
    order: int
    product: int
    opened: int
    answered: int
    closed: int
    channel: str
    priority: str
    wording: int


@dataclass(frozen=True)
class Talk:
    """One message or conversation."""

    occasion: str
    customer: int
    day: int
    minute: int
    channel: str
    direction: str
    wording: int
    product: int = -1
    order: int = -1
    ticket: int = -1
    deal: int = -1


@dataclass(frozen=True)
class Service:
    """All tickets and talks."""

    sales: Sales
    deals: Deals
    contacts: Contacts
    staff: Staff

    @property
    def demand(self) -> Demand:
        """What was ordered."""
        return self.sales.demand

    @property
    def plan(self) -> Plan:
        """The sample."""
        return self.sales.plan

    @cached_property
    def tickets(self) -> list[Ticket]:
        """By the time they were opened."""
        random = self.plan.random("tickets")
        causes = [*self._late(random), *self._leaking(random), *self._broken(random), *self._questions(random)]
        return sorted(
            (self._ticket(random, *cause) for cause in causes), key=lambda ticket: (ticket.opened, ticket.customer)
        )

    def _late(self, random: np.random.Generator) -> list[tuple[str, int, int, int]]:
        """(occasion, order, product, day): some customers complain two days after a broken promise."""
        rows = []
        for shipment in self.sales.record.shipments:
            line = shipment.lines[0][0]
            asked = line.first_promised + 2
            if asked <= min(shipment.delivered, self.plan.last) and random.random() < LATE_TICKET:
                rows.append(("late", shipment.order, int(self.demand.product[line.index]), asked))
        return rows

    def _broken(self, random: np.random.Generator) -> list[tuple[str, int, int, int]]:
        return [
            (
                "leak" if back.reason == LEAKS else "defect", back.line.order,
                int(self.demand.product[back.line.index]), back.day - 1,
            )
            for back in self.sales.record.returns
            if random.random() < RETURN_TICKET
        ]  # fmt: skip

    def _leaking(self, random: np.random.Generator) -> list[tuple[str, int, int, int]]:
        """Who got one of the pumps with bad seals complains some weeks later."""
        rows = []
        leaking = set(np.flatnonzero(self.demand.story.leaking).tolist())
        for shipment in self.sales.record.shipments:
            for line, _ in shipment.lines:
                product = int(self.demand.product[line.index])
                if product in leaking:
                    day = shipment.delivered + int(random.integers(6, 40))
                    if random.random() < self.demand.story.leaks(product, day):
                        rows.append(("leak", shipment.order, product, day))
        return rows

    def _questions(self, random: np.random.Generator) -> list[tuple[str, int, int, int]]:
        count = self.plan.count(1700, least=6)
        orders = np.sort(random.integers(0, len(self.demand.day), count)).tolist()
        lines = [int(self.demand.first_line[order]) for order in orders]
        days = [min(int(self.demand.day[order]) + int(random.integers(0, 30)), self.plan.last) for order in orders]
        return [
            ("question", o, int(self.demand.product[line]), day)
            for o, line, day in zip(orders, lines, days, strict=True)
        ]

    def _ticket(self, random: np.random.Generator, occasion: str, order: int, product: int, day: int) -> Ticket:
        opened = day * 1440 + int(random.integers(500, 1000))
        answered = opened + 15 + int(random.gamma(1.1, 240))
        closed = answered + 30 + int(random.gamma(1.0, 2600 if occasion != "question" else 900))
        channel = str(random.choice(CHANNELS, p=(0.5, 0.25, 0.15, 0.1)))
        urgent = (0.1, 0.4, 0.35, 0.15) if occasion != "question" else (0.4, 0.5, 0.08, 0.02)
        priority = str(random.choice(("low", "normal", "high", "urgent"), p=urgent))
        known = (opened, self.known(answered), self.known(closed))
        wording = int(random.integers(12))
        return Ticket(occasion, int(self.demand.customer[order]), order, product, *known, channel, priority, wording)

    def known(self, minute: int) -> int:
        """What happens after this evening has not happened."""
        return minute if minute <= self.plan.last * 1440 + EVENING else -1

    @cached_property
    def talks(self) -> list[Talk]:
        """By day: around tickets, orders and deals, and chats out of the blue."""
        random = self.plan.random("talks")
        around = (self._of_tickets(), self._gossip(random), self._of_orders(random), self._of_deals(random))
        rows = [talk for part in (*around, self._chats(random)) for talk in part]
        return sorted(rows, key=lambda talk: (talk.day, talk.minute, talk.customer))

    def _of_tickets(self) -> list[Talk]:
        rows = []
        for at, ticket in enumerate(self.tickets):
            channel = "chat" if ticket.channel == "web" else ticket.channel
            about = {"product": ticket.product, "order": ticket.order, "ticket": at}
            rows.append(
                Talk(
                    ticket.occasion,
                    ticket.customer,
                    *divmod(ticket.opened, 1440),
                    channel,
                    "in",
                    ticket.wording,
                    **about,
                )
            )
            if ticket.answered >= 0:
                rows.append(
                    Talk(
                        "answer",
                        ticket.customer,
                        *divmod(ticket.answered, 1440),
                        channel,
                        "out",
                        ticket.wording,
                        **about,
                    )
                )
        return rows

    def _gossip(self, random: np.random.Generator) -> list[Talk]:
        """Some of those whose pump leaks say so in public the day after."""
        return [
            Talk("gossip", t.customer, t.opened // 1440 + 1, 700 + t.wording, "social", "in", t.wording, t.product)
            for t in self.tickets
            if t.occasion == "leak" and random.random() < GOSSIPS and t.opened // 1440 < self.plan.last
        ]

    def _of_orders(self, random: np.random.Generator) -> list[Talk]:
        demand = self.demand
        chosen = np.flatnonzero(random.random(len(demand.day)) < 0.3).tolist()
        channel = random.choice(("mail", "phone", "social"), len(chosen), p=(0.7, 0.25, 0.05)).tolist()
        return [
            Talk(
                "order", int(demand.customer[order]), int(demand.day[order]), int(demand.minute[order]) - 5, how, "in",
                int(order % 2), int(demand.product[demand.first_line[order]]), order,
            )
            for order, how in zip(chosen, channel, strict=True)
        ]  # fmt: skip

    def _of_deals(self, random: np.random.Generator) -> list[Talk]:
        rows = []
        for deal in self.deals.all:
            end = deal.closed if deal.closed >= 0 else self.plan.last
            for _ in range(int(random.integers(1, 5))):
                day, how = (
                    int(random.integers(max(deal.created, 0), end + 1)),
                    str(random.choice(("visit", "phone", "mail"))),
                )
                minute, wording = int(random.integers(540, 1000)), int(random.integers(4))
                rows.append(
                    Talk("deal", deal.customer, day, minute, how, "out", wording, deal.lines[0][0], deal=deal.index)
                )
        return rows

    def _chats(self, random: np.random.Generator) -> list[Talk]:
        count = self.plan.count(3600, least=10)
        who, day, minute, wording = (
            random.integers(low, high, count).tolist()
            for low, high in ((0, len(self.demand.customers)), (0, self.plan.days), (500, 1050), (0, 3))
        )
        product = self.demand.product[random.integers(0, len(self.demand.product), count)].tolist()
        channel = random.choice(("chat", "social"), count, p=(0.7, 0.3)).tolist()
        rows = zip(who, day, minute, channel, wording, product, strict=True)
        return [Talk("chat", c, d, m, how, "in", w, p) for c, d, m, how, w, p in rows]

    def words(self, occasion: str, customer: int, wording: int, order: int, product: int) -> tuple[str, str]:
        """(subject, body) in the customer's language."""
        item = self.demand.catalogue.products[product]
        chinese = self.language(customer)
        number = f"SO-{order + 1:06d}" if order >= 0 else ""
        return text(occasion, chinese, wording, order=number, product=item.name_zh if chinese else item.name)

    def language(self, customer: int) -> int:
        """The number of the customer's language in ``LANGUAGES``."""
        return int(self.demand.customers.country[customer] == CN)

    def zones(self, customer: Numbers) -> Numbers:
        """The numbers of the customers' time zones."""
        return (self.demand.customers.country[customer] == CN).astype(np.int64)


def service_tables(service: Service) -> dict[str, pl.DataFrame]:
    """Tickets, interactions and feedback."""
    return {"tickets": _tickets(service), "interactions": _interactions(service), "feedback": _feedback(service)}


def _ticket_keys(service: Service) -> pl.Series:
    return labels("T-", np.arange(1, len(service.tickets) + 1))


def _ticket_status(ticket: Ticket) -> str:
    if ticket.closed >= 0:
        return "closed"
    return "pending" if ticket.answered >= 0 else "open"


def _tickets(service: Service) -> pl.DataFrame:
    rows, customers = service.tickets, service.demand.customers
    who = np.array([row.customer for row in rows], dtype=np.int64)
    words = [service.words(row.occasion, row.customer, row.wording, row.order, row.product) for row in rows]
    zone, nobody = service.zones(who), np.zeros(len(rows), dtype=np.int64)
    times = {
        at: np.array([getattr(row, at) for row in rows], dtype=np.int64) for at in ("opened", "answered", "closed")
    }
    when = {at: service.plan.instants(nobody, minutes, zone, minutes >= 0) for at, minutes in times.items()}
    return table(
        "tickets",
        company_id=picked(COMPANIES, customers.company[who]),
        ticket_id=_ticket_keys(service),
        number=_ticket_keys(service),
        customer_id=picked(customers.keys, who),
        subject=[subject for subject, _ in words],
        body=[body for _, body in words],
        opened_at=when["opened"],
        first_response_at=when["answered"],
        closed_at=when["closed"],
        channel=[row.channel for row in rows],
        priority=[row.priority for row in rows],
        status=[_ticket_status(row) for row in rows],
        product_id=picked(service.demand.catalogue.keys, [row.product for row in rows]),
        sales_order_id=picked(service.sales.order_keys, [row.order for row in rows]),
        owner_id=picked(service.staff.keys, service.staff.chosen("tickets", customers.company[who], SERVICE)),
    )


def _interactions(service: Service) -> pl.DataFrame:
    rows, customers = service.talks, service.demand.customers
    who = np.array([row.customer for row in rows], dtype=np.int64)
    words = [service.words(row.occasion, row.customer, row.wording, row.order, row.product) for row in rows]
    day, minute = (np.array([getattr(row, at) for row in rows], dtype=np.int64) for at in ("day", "minute"))
    deals = [deal.key for deal in service.deals.all]
    return table(
        "interactions",
        company_id=picked(COMPANIES, customers.company[who]),
        interaction_id=labels("IA-", np.arange(1, len(rows) + 1)),
        customer_id=picked(customers.keys, who),
        contact_id=picked(service.contacts.keys, service.contacts.first[who]),
        employee_id=picked(service.staff.keys, service.staff.chosen("talks", customers.company[who], SALES)),
        opportunity_id=picked(deals, [row.deal for row in rows]),
        ticket_id=picked(_ticket_keys(service), [row.ticket for row in rows]),
        sales_order_id=picked(service.sales.order_keys, [row.order for row in rows]),
        channel=[row.channel for row in rows],
        direction=[row.direction for row in rows],
        occurred_at=service.plan.instants(day, minute, service.zones(who)),
        subject=[subject for subject, _ in words],
        body=[body for _, body in words],
        language=[LANGUAGES[service.language(row.customer)] for row in rows],
    )


@dataclass(frozen=True)
class Answer:
    """One piece of feedback; the score is ``None`` where none was asked."""

    kind: str
    customer: int
    order: int
    product: int
    ticket: int
    minutes: int
    score: int | None
    scale: tuple[int, int]
    words: str | None
    channel: str = "mail"


def _answers(service: Service) -> list[Answer]:
    random = service.plan.random("feedback")
    parts = (_surveys(service, random), _ratings(service, random), _complaints(service, random), _reasons(service))
    return [answer for part in parts for answer in part]


def _surveys(service: Service, random: np.random.Generator) -> list[Answer]:
    """Would you recommend us? Asked after some deliveries, answered worse after late ones."""
    rows = []
    for shipment in service.sales.record.shipments:
        if shipment.delivered + 3 > service.plan.last or random.random() >= SURVEYED:
            continue
        line = shipment.lines[0][0]
        late = max(0, shipment.delivered - line.first_promised)
        leaks = service.demand.story.leaks(int(service.demand.product[line.index]), shipment.delivered + 3) > 0
        mean = 8.6 - 0.45 * min(late, 10) - DISAPPOINTED * leaks
        score = int(np.clip(round(random.normal(mean, 1.5)), 0, 10))
        customer = int(service.demand.customer[shipment.order])
        said = (
            text("praise" if score >= 7 else "blame", service.language(customer), score)[1]
            if random.random() < 0.5
            else None
        )
        when = (shipment.delivered + 3) * 1440 + 600
        rows.append(
            Answer(
                "survey",
                customer,
                shipment.order,
                int(service.demand.product[line.index]),
                -1,
                when,
                score,
                (0, 10),
                said,
            )
        )
    return rows


def _ratings(service: Service, random: np.random.Generator) -> list[Answer]:
    """How was our answer? Asked when a ticket is closed."""
    rows = []
    for at, ticket in enumerate(service.tickets):
        if ticket.closed < 0 or random.random() >= RATED:
            continue
        slow = (ticket.closed - ticket.opened) / 1440
        score = int(np.clip(round(random.normal(4.6 - 0.25 * min(slow, 8), 0.8)), 1, 5))
        when = service.known(ticket.closed + 30)
        if when >= 0:
            rows.append(Answer("survey", ticket.customer, ticket.order, ticket.product, at, when, score, (1, 5), None))
    return rows


def _complaints(service: Service, random: np.random.Generator) -> list[Answer]:
    """Some tickets are complaints in earnest: written down in the customer's words."""
    rows = []
    for at, t in enumerate(service.tickets):
        if random.random() < COMPLAINS.get(t.occasion, 0.0):
            words = service.words(t.occasion, t.customer, t.wording, t.order, t.product)[1]
            rows.append(
                Answer("complaint", t.customer, t.order, t.product, at, t.opened, None, (1, 5), words, t.channel)
            )
    return rows


def _reasons(service: Service) -> list[Answer]:
    rows = []
    for back in service.sales.record.returns:
        customer = int(service.demand.customer[back.line.order])
        words = RETURN_REASONS[back.reason][service.language(customer)]
        product = int(service.demand.product[back.line.index])
        rows.append(
            Answer("return_reason", customer, back.line.order, product, -1, back.day * 1440 + 620, None, (1, 5), words)
        )
    return rows


def _feedback(service: Service) -> pl.DataFrame:
    rows, customers = _answers(service), service.demand.customers
    who = np.array([row.customer for row in rows], dtype=np.int64)
    minutes = np.array([row.minutes for row in rows], dtype=np.int64)
    scored = np.array([row.score is not None for row in rows], dtype=bool)
    return table(
        "feedback",
        company_id=picked(COMPANIES, customers.company[who]),
        feedback_id=labels("F-", np.arange(1, len(rows) + 1)),
        kind=pl.Series([row.kind for row in rows], dtype=pl.String),
        customer_id=picked(customers.keys, who),
        product_id=picked(service.demand.catalogue.keys, [row.product for row in rows]),
        ticket_id=picked(_ticket_keys(service), [row.ticket for row in rows]),
        sales_order_id=picked(service.sales.order_keys, [row.order for row in rows]),
        channel=[row.channel for row in rows],
        score=whole([row.score or 0 for row in rows], scored),
        lowest_score=whole([row.scale[0] for row in rows], scored),
        highest_score=whole([row.scale[1] for row in rows], scored),
        given_at=service.plan.instants(np.zeros_like(minutes), minutes, service.zones(who)),
        text=pl.Series([row.words for row in rows], dtype=pl.String),
    )
