"""Promises a third time, as an integer program for HiGHS: on which day to leave, and how much each site gives."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.oracles.promising import Firm


def best_day(firm: Firm, quantity: int, wanted_at: str | None) -> int | None:
    """The first day on which all of it can leave; null where no day is.

    One choice for each day, and one whole number for each site and day. Exactly one day is chosen, what is given on it
    is all that is asked for, and no site gives more than it has left over on that day or any later one.
    """
    reach = {site: firm.later(site, wanted_at) for site in firm.sites()}
    later = {site: sent for site, sent in reach.items() if sent is not None}
    sites, days = list(later), range(firm.horizon + 1)
    count = len(days)
    size = count * (1 + len(sites)) + 1
    cost = np.zeros(size)
    cost[:count] = days
    cost[-1] = firm.horizon + 1 if firm.new is None else firm.new
    rows, low, high = [], [], []

    def add(terms: dict[int, float], least: float, most: float) -> None:
        row = np.zeros(size)
        for at, value in terms.items():
            row[at] = value
        rows.append(row)
        low.append(least)
        high.append(most)

    def given(site: int, day: int) -> int:
        return count * (1 + site) + day

    add({**dict.fromkeys(days, 1.0), size - 1: 1.0}, 1, 1)
    for on in days:
        add({on: -float(quantity), **{given(at, on): 1.0 for at in range(len(sites))}}, 0, 0)
        for at, site in enumerate(sites):
            leaves = on - later[site]
            least = min((firm.left_over(site, each) for each in range(leaves, firm.horizon + 1)), default=0)
            most = max(0, least) if leaves >= 0 else 0
            add({given(at, on): 1.0, on: -float(most)}, -np.inf, 0)
    found = milp(
        cost, constraints=LinearConstraint(np.array(rows), low, high), bounds=Bounds(0, quantity), integrality=1
    )
    best = round(float(found.fun))
    return firm.new if best > firm.horizon else best
