"""What is cached of Delivery: who and what can be asked for, and answers, as in ``frames``, by what is asked."""

from dataclasses import dataclass, field

import polars as pl

from analytics.access import Viewer, require
from analytics.promise_rules import LEVELS, Rules
from analytics.scope import Scope
from answers import Snapshot, delivery, promises
from answers.delivery import Holds, How, Promised
from display.tables import Shown
from display.tables import delivery as tables
from pages.parts.cache import cached
from pages.parts.visit import Visit

RIGHTS = ("sales.read", "inventory.read")
Wishes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked. ``wishes``: code and quantity as written; ``leaves_from``: null for any site; ``level``: how sure
    each receipt has to be, in percent; ``rules`` and ``passed``: what the firm rules, and what is over for today."""

    wishes: Wishes = ()
    customer: str | None = None
    leaves_from: str | None = None
    in_parts: bool = False
    level: int = LEVELS[0]
    carrier: str | None = None
    rules: Rules = field(default_factory=Rules)
    passed: tuple[tuple[str, str], ...] = ()

    @property
    def how(self) -> How:
        """How it shall be delivered."""
        return How(self.leaves_from, self.in_parts, self.level, self.customer, self.carrier, self.rules, self.passed)


@cached
def _products(version: Snapshot, viewer: Viewer, scope: Scope) -> pl.DataFrame:
    return delivery.products(viewer, scope, version=version)


@cached
def _names(version: Snapshot, viewer: Viewer, scope: Scope, language: str) -> dict[str, str]:
    name = pl.coalesce("name_zh", "name") if language == "zh" else pl.col("name")
    called = pl.concat_str(["sku", name], separator=" · ", ignore_nulls=True)
    rows = _products(version, viewer, scope).filter("is_active").select("code", called=called)
    return dict(rows.iter_rows())


@cached
def _sought(version: Snapshot, viewer: Viewer, scope: Scope) -> dict[str, str]:
    texts = pl.concat_str(["code", "barcode", "name", "name_zh"], separator=" ", ignore_nulls=True)
    rows = _products(version, viewer, scope).filter("is_active").select("code", sought=texts.str.to_lowercase())
    return dict(rows.iter_rows())


@cached
def _customers(version: Snapshot, viewer: Viewer, scope: Scope) -> dict[str, str]:
    return dict(delivery.customers(viewer, scope, version=version).iter_rows())


@cached
def _sites(version: Snapshot, viewer: Viewer, scope: Scope) -> dict[str, str]:
    rows = delivery.sites(viewer, scope, version=version)
    return dict(rows.select("site_id", pl.coalesce("site", "site_id")).iter_rows())


@cached
def _carriers(version: Snapshot, viewer: Viewer, scope: Scope) -> dict[str, str]:
    return dict(delivery.carriers(viewer, scope, version=version).iter_rows())


@cached
def _promised(version: Snapshot, viewer: Viewer, scope: Scope, wishes: Wishes, how: How, held: Holds) -> Promised:
    return delivery.promised(viewer, scope, wishes, how, version=version, held=held)


@cached
def _free(version: Snapshot, viewer: Viewer, scope: Scope, wishes: Wishes, language: str, held: Holds) -> Shown:
    return tables.free(delivery.free(viewer, scope, wishes, version=version, held=held), language)


def _allowed(visit: Visit) -> Viewer:
    for right in RIGHTS:
        require(visit.viewer, right)
    return visit.viewer


def names(visit: Visit) -> dict[str, str]:
    """From the code of each active product to what it is called."""
    return _names(visit.version, _allowed(visit), visit.scope, visit.language)


def sought(visit: Visit) -> dict[str, str]:
    """From the code of each active product to all that one can search it by, in small letters."""
    return _sought(visit.version, _allowed(visit), visit.scope)


def customers(visit: Visit) -> dict[str, str]:
    """From key to what the customer is called."""
    return _customers(visit.version, _allowed(visit), visit.scope)


def sites(visit: Visit) -> dict[str, str]:
    """From key to name of each main site."""
    return _sites(visit.version, _allowed(visit), visit.scope)


def carriers(visit: Visit) -> dict[str, str]:
    """From key to name of each carrier."""
    return _carriers(visit.version, _allowed(visit), visit.scope)


def promised(visit: Visit, asked: Asked) -> Promised:
    """When what is asked for can leave."""
    held_now = held(visit, asked.wishes)
    return _promised(visit.version, _allowed(visit), visit.scope, asked.wishes, asked.how, held_now)


def held(visit: Visit, wishes: Wishes = ()) -> Holds:
    """What is held for somebody now, but for what this person holds with just these wishes."""
    return promises.holds(_allowed(visit), wishes, version=visit.version)


def parts(visit: Visit, asked: Asked) -> Shown:
    """Each part with its day as a table. Not kept: few ask the same."""
    answer = promised(visit, asked)
    return tables.parts(answer.lines, answer.parts, visit.language)


def ways(visit: Visit, asked: Asked) -> Shown:
    """Other ways to deliver the same as a table. Not kept: few ask the same."""
    return tables.ways(promised(visit, asked).others, visit.language)


def waits(visit: Visit, asked: Asked) -> Shown:
    """What each line waits for, link by link, as a table. Not kept: few ask the same."""
    return tables.waits(promised(visit, asked).waits, visit.language)


def lanes(visit: Visit, asked: Asked) -> Shown:
    """How long goods took to the customer's country as a table. Not kept: it is short."""
    return tables.lanes(promised(visit, asked).lanes, visit.language)


def free(visit: Visit, wishes: Wishes) -> Shown:
    """What can leave today, of the products asked for or of all, as a table."""
    return _free(visit.version, _allowed(visit), visit.scope, wishes, visit.language, held(visit))
