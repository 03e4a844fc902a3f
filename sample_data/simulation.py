"""The story day by day: goods come and are made, what is there is set aside and leaves, what lacks is ordered."""

from dataclasses import dataclass

from sample_data.buying import Buying
from sample_data.counting import Counting
from sample_data.days import Workdays
from sample_data.firm import Firm
from sample_data.making import Making
from sample_data.moving import Moving
from sample_data.network import Network
from sample_data.policy import Policy
from sample_data.selling import Selling


@dataclass(frozen=True)
class Outcome:
    """The firm on the evening of the last day, and the rules by which it reorders then."""

    firm: Firm
    policy: Policy


def simulate(network: Network, calendars: tuple[Workdays, ...]) -> Outcome:
    """Runs the whole story."""
    firm, policy = Firm(network, calendars), Policy(network)
    counting = Counting(firm, policy)
    counting.open(policy.opening())
    buying = Buying(firm, policy)
    steps = (Selling(firm), buying, Making(firm, policy), Moving(firm, policy))
    for day in range(firm.plan.days):
        if firm.plan.date(day).day == 1:
            policy.learn(firm.drawn, day)
        _live(day, *steps)
        counting.count(day)
        firm.reserved[day] = firm.allocated
    buying.ask(firm.plan.last)
    return Outcome(firm, policy)


def _live(day: int, selling: Selling, buying: Buying, making: Making, moving: Moving) -> None:
    selling.recall(day)
    buying.replace(day)
    came = [*buying.receive(day), *moving.arrive(day), *making.work(day), *moving.take_back(day)]
    for node in came:
        selling.allocate(node, day)
    selling.fill_kits(day)
    selling.ship(day)
    selling.take_orders(day)
    selling.chase(day)
    buying.order(day)
    making.order(day)
    moving.feed(day)
