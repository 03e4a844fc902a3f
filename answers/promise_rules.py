"""What the firm rules of its promises: see ``analytics.promise_rules``; kept at once, taken back at any time.

Every answer takes the viewer first. Reading the rules needs what a question for a date needs, saying one needs
promises.rule. A rule is kept in the journal ``promise_rules``; taking it back is an entry of its own. Rules about
customers, products or sites that the viewer may not see are not listed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.demand import Types
from analytics.promise_rules import (
    CARRIER,
    CUSTOMER,
    KINDS,
    PRODUCT,
    SEGMENT,
    SITE,
    Rule,
    Rules,
    is_sound,
    standing,
)
from analytics.scope import Scope
from analytics.tables.columns import INSTANT
from analytics.zones import is_zone
from answers import Snapshot, delivery, inventory, snapshot
from answers.delivery_ground import Ground
from data_access.home import served_home
from data_access.journal import Entry, EntryRefused, Journal

SUBJECT, RIGHT = "promise_rules", "promises.rule"
RULE, WITHDRAW = "rule", "withdraw"
RULES = ("unknown", "unsound", "whole_firm", "gone", "too_large")
REGISTER: Types = {
    "number": pl.Int64(),
    "kind": pl.String(),
    "about": pl.String(),
    "name": pl.String(),
    "other": pl.String(),
    "value": pl.String(),
    "person": pl.String(),
    "said_at": INSTANT,
}


class RuleRefused(ValueError):
    """A rule cannot be kept or taken back; ``rule``, one of ``RULES``, says why, ``what`` of which word."""

    def __init__(self, rule: str, what: str = "") -> None:
        super().__init__(f"The rule is refused: {rule}.")
        self.rule, self.what = rule, what


def rules(viewer: Viewer, *, version: Snapshot | None = None) -> Rules:
    """The rules that stand."""
    inventory.asked(require(viewer, delivery.RIGHT), Scope(), version)
    return standing(rule for _, rule in _standing(_entries()))


def passed(
    viewer: Viewer, *, version: Snapshot | None = None, at: datetime | None = None
) -> tuple[tuple[str, str], ...]:
    """What has a cut-off that is over for today, by the clock at each site; of carriers and customers, by the clock at
    the site that is alphabetically first."""
    known = rules(viewer, version=version)
    if not any(rule.kind == "cut_off" for rule in known.standing):
        return ()
    rows = (version or snapshot()).table("sites", viewer).filter("is_active").sort("name", "site_id")
    named = [
        (site, zone) for site, zone in rows.select("site_id", "time_zone").collect().iter_rows() if is_zone(zone or "")
    ]
    zones = dict(named) | ({"": named[0][1]} if named else {})
    return known.passed(at or datetime.now(UTC), zones)


def say(viewer: Viewer, said: Rule, *, version: Snapshot | None = None, at: datetime | None = None) -> int:
    """Keeps a rule; gives its number. What it is about is written as people do: a number or a name. ``RuleRefused``
    where nothing is called so, or the rule says nothing that can be, or it is about the whole firm and the viewer sees
    only some of its companies."""
    known = version or snapshot()
    ground = Ground(inventory.asked(require(viewer, RIGHT), Scope(), known))
    abouts, other, _ = KINDS.get(said.kind, ((), None, ()))
    if _is_of_whole_firm(said) and viewer.companies != ALL:
        raise RuleRefused("whole_firm")
    key = _key(ground, said.about, said.key) if abouts else ""
    second = _key(ground, other, said.other) if other else ""
    rule = Rule(said.kind, said.about if abouts else "", key, second, said.value.strip())
    if not is_sound(rule):
        raise RuleRefused("unsound")
    try:
        what = {"kind": RULE, "rule": list(rule)}
        return Journal(served_home(), SUBJECT).append(viewer.user, at or datetime.now(UTC), what).number
    except EntryRefused:
        raise RuleRefused("too_large") from None


def _is_of_whole_firm(rule: Rule) -> bool:
    return rule.about not in (SITE, PRODUCT, CUSTOMER)


def _key(ground: Ground, about: str, written: str) -> str:
    """The key of what somebody has written: a key, number or name that only one has."""
    text = written.strip().casefold()
    found = {
        key for key, *words in _named(ground, about) if text in {str(word or "").casefold() for word in (key, *words)}
    }
    if not text or len(found) != 1:
        raise RuleRefused("unknown", written.strip())
    return found.pop()


def _named(ground: Ground, about: str) -> Iterable[tuple[str, ...]]:
    """Key and other words for all of a kind that the viewer may see."""
    version, viewer = ground.question.version, ground.question.viewer
    if about == SITE:
        return ground.sites.select("site_id", "site").iter_rows()
    if about == PRODUCT:
        return ground.products.select("product_id", "code", "name", "name_zh").iter_rows()
    if about == CARRIER:
        return version.table("carriers", viewer).select("carrier_id", "name").collect().iter_rows()
    rows = version.table("customers", viewer)
    if about == SEGMENT:
        return rows.select("segment").unique().drop_nulls().collect().iter_rows()
    return rows.select("customer_id", "number", "name").collect().iter_rows()


def withdraw(viewer: Viewer, number: int, *, version: Snapshot | None = None) -> None:
    """Takes a rule back: what was ruled before it about the same holds again. ``RuleRefused`` where it does not
    stand, is not the viewer's to see, or is about the whole firm and the viewer sees only some of its companies."""
    if number not in register(require(viewer, RIGHT), version=version)["number"]:
        raise RuleRefused("gone")
    taken = next((rule for entry, rule in _standing(_entries()) if entry.number == number), None)
    if taken is not None and _is_of_whole_firm(taken) and viewer.companies != ALL:
        raise RuleRefused("whole_firm")
    Journal(served_home(), SUBJECT).append(viewer.user, datetime.now(UTC), {"kind": WITHDRAW, "of": number})


def register(viewer: Viewer, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The rules that stand, by kind: see ``REGISTER``. name and other: what they are about, as people call it."""
    known = version or snapshot()
    ground = Ground(inventory.asked(require(viewer, delivery.RIGHT), Scope(), known))
    entries = _standing(_entries())
    abouts = {rule.about for _, rule in entries if rule.about}
    names = {about: _names(ground, about) for about in abouts}
    rows = []
    for entry, rule in entries:
        named = names.get(rule.about, {"": None})
        others = names.get(KINDS[rule.kind][1] or "", {"": None})
        if rule.key in named and rule.other in others:
            told = {"name": named[rule.key], "other": others[rule.other], "value": rule.value or None}
            by = {"person": entry.user, "said_at": entry.at}
            rows.append({"number": entry.number, "kind": rule.kind, "about": rule.about or None, **told, **by})
    order = pl.col("kind").replace_strict(list(KINDS), range(len(KINDS)), return_dtype=pl.Int64)
    return pl.DataFrame(rows, schema=REGISTER).sort(order, "about", "name", "other", "number", nulls_last=True)


def _names(ground: Ground, about: str) -> Mapping[str, str | None]:
    """By key, what people call it: products by their number."""
    at = {CUSTOMER: -1, SEGMENT: 0}.get(about, 1)
    return {row[0]: row[at] or row[0] for row in _named(ground, about)}


def mark() -> int:
    """What changes whenever a rule is said or taken back: for who keeps answers."""
    return len(_entries())


def _entries() -> tuple[Entry, ...]:
    return Journal(served_home(), SUBJECT).entries()


def _said(entries: Iterable[Entry]) -> list[tuple[Entry, Rule]]:
    """The rules that nobody has taken back, in the order in which they were said."""
    known = tuple(entries)
    gone = {entry.what["of"] for entry in known if entry.what["kind"] == WITHDRAW}
    return [
        (entry, Rule(*entry.what["rule"])) for entry in known if entry.what["kind"] == RULE and entry.number not in gone
    ]


def _standing(entries: Iterable[Entry]) -> list[tuple[Entry, Rule]]:
    """Of those, the latest about the same."""
    return list({rule[:-1]: (entry, rule) for entry, rule in _said(entries)}.values())
