"""What a firm rules of its promises: how sure they are, who is served first, until when a day still counts, which
product may stand in for which, whose public holidays a site keeps, and how long goods take between two sites.

A later rule about the same takes the place of an earlier one. What nobody rules stays as it was: 90 %, first come first
served, no cut-off, no substitutes, the calendars of the sources, seven days between sites.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from analytics.demand import Types
from analytics.promise_holidays import is_country

LEVELS = (90, 80, 95, 50)
SERVINGS = ("first", "class")
CLASSES = ("A", "B", "C")
SITE, CARRIER, CUSTOMER, SEGMENT, PRODUCT = "site", "carrier", "customer", "segment", "product"
# Of each kind: what it is about, what else it names, and what it may say where there is a choice.
KINDS: Mapping[str, tuple[tuple[str, ...], str | None, tuple[str, ...]]] = {
    "level": ((), None, tuple(map(str, sorted(LEVELS)))),
    "serving": ((), None, SERVINGS),
    "class": ((CUSTOMER, SEGMENT), None, CLASSES),
    "cut_off": ((SITE, CARRIER, CUSTOMER), None, ()),
    "substitute": ((PRODUCT,), PRODUCT, ()),
    "holidays": ((SITE,), None, ()),
    "transfer": ((SITE,), SITE, ()),
}
HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MOST_TRANSFER_DAYS = 365
APPLIED: Types = {"kind": pl.String, "about": pl.String, "name": pl.String, "value": pl.String, "count": pl.Int64}


class Rule(NamedTuple):
    """One rule. about: what kind of thing ``key`` is (site, carrier, customer, segment, product), empty for all;
    other: the second product or site; value: what is ruled, as written (95, class, A, 14:00, CN, 3)."""

    kind: str
    about: str = ""
    key: str = ""
    other: str = ""
    value: str = ""


@dataclass(frozen=True)
class Rules:
    """The rules that stand, each about something else."""

    standing: tuple[Rule, ...] = ()

    @cached_property
    def level(self) -> int:
        """How sure promises are where nobody says otherwise, in percent."""
        return next((int(rule.value) for rule in self._of("level")), LEVELS[0])

    @cached_property
    def by_class(self) -> bool:
        """Whether customers of a higher class are served before orders that nobody has promised a day."""
        return any(rule.value == SERVINGS[1] for rule in self._of("serving"))

    def class_of(self, customer_id: str | None, segment: str | None) -> str:
        """A, B or C: the customer's own class before that of its segment; C where neither has one."""
        known = {(rule.about, rule.key): rule.value for rule in self._of("class")}
        own = known.get((CUSTOMER, customer_id or "")) or known.get((SEGMENT, segment or ""))
        return own or CLASSES[-1]

    def substitutes(self, product_id: str) -> tuple[str, ...]:
        """What may stand in for a product, in the order in which it was said."""
        return tuple(rule.other for rule in self._of("substitute") if rule.key == product_id)

    @cached_property
    def holidays(self) -> Mapping[str, str]:
        """By site, the country whose public holidays it keeps."""
        return {rule.key: rule.value for rule in self._of("holidays")}

    @cached_property
    def transfer_days(self) -> Mapping[tuple[str, str], int]:
        """By two sites, how many days goods of the first one take to the second one."""
        return {(rule.key, rule.other): int(rule.value) for rule in self._of("transfer")}

    def passed(self, now: datetime, zones: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """What has a cut-off that the clock on the wall has passed. ``zones``: by site, its time zone, and by the empty
        text that of carriers and customers; UTC where there is none."""
        return tuple(
            (rule.about, rule.key)
            for rule in self._of("cut_off")
            if _minute(now, zones.get(rule.key if rule.about == SITE else "", "UTC")) >= minutes(rule.value)
        )

    def cut_off(self, about: str, key: str) -> str:
        """The hour until which a request counts for the day, as written."""
        return next((rule.value for rule in self._of("cut_off") if (rule.about, rule.key) == (about, key)), "")

    def _of(self, kind: str) -> list[Rule]:
        return [rule for rule in self.standing if rule.kind == kind]


def standing(rules: Iterable[Rule]) -> Rules:
    """The rules that hold of those said one after the other."""
    latest: dict[tuple[str, ...], Rule] = {}
    for rule in rules:
        latest[rule[:-1]] = rule
    return Rules(tuple(latest.values()))


def is_sound(rule: Rule) -> bool:
    """Whether a rule says something that can be: a confidence, an hour, a class, a country, days."""
    abouts, other, choices = KINDS.get(rule.kind, ((), None, ()))
    if rule.kind not in KINDS or rule.about not in (abouts or ("",)) or bool(rule.key) != bool(abouts):
        return False
    if bool(rule.other) != bool(other) or (rule.other and rule.other == rule.key):
        return False
    if choices:
        return rule.value in choices
    if rule.kind == "cut_off":
        return HOUR.fullmatch(rule.value) is not None
    if rule.kind == "holidays":
        return is_country(rule.value)
    if rule.kind == "transfer":
        return rule.value.isascii() and rule.value.isdigit() and int(rule.value) <= MOST_TRANSFER_DAYS
    return not rule.value


def minutes(hour: str) -> int:
    """Minutes since midnight of an hour as written."""
    first, second = hour.split(":")
    return int(first) * 60 + int(second)


def _minute(now: datetime, zone: str) -> int:
    local = now.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def stepping_back(orders: pl.DataFrame, rules: Rules, asking: str) -> pl.DataFrame:
    """The orders that step back for a customer of class ``asking``: those of a lower class that nobody has promised a
    day. ``orders``: customer_id, segment, promised_on, and whatever else. None where all are served as they come: a
    promise that was given is never broken."""
    if not rules.by_class:
        return orders.clear()
    lower = [
        CLASSES.index(rules.class_of(customer, segment)) > CLASSES.index(asking)
        for customer, segment in orders.select("customer_id", "segment").iter_rows()
    ]
    return orders.filter(pl.col("promised_on").is_null() & pl.Series(lower, dtype=pl.Boolean))
