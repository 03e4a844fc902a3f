"""Parts that add up to their whole. Arrays in, arrays out."""

import numpy as np

from analytics.forecast_groups import Groups
from analytics.projection import Numbers


def reconciled(rates: Numbers, groups: Groups, totals: Numbers) -> Numbers:
    """Each group's total, by group and step, shared among its series in proportion to their rates: what the series get
    adds up to the total, none gets less than zero. Where no series of a group has a rate, none gets anything: a group
    whose demand nobody carries is not spread over those that ended."""
    of_group = np.bincount(groups.members, rates, groups.many)
    shares = np.divide(rates, of_group[groups.members], out=np.zeros_like(rates), where=of_group[groups.members] > 0)
    return shares[:, None] * totals[groups.members]
