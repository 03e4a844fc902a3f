"""Figures of people beside the forecast of an item: given with a reason, withdrawn, scored once their days are over.

Every answer takes the viewer first and needs inventory.read; giving and withdrawing need forecasts.override. A figure
is kept at once in the journal ``overrides`` with what was told then, and is never changed: taking it back is an entry
of its own. It changes neither the forecast nor what is ordered. Who may not see all places that a figure is about is
not told of it: its number is of all of them together.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from analytics import overrides
from analytics.access import ALL, Viewer, require
from analytics.demand import Types
from analytics.overrides import ADDED, ASKED_AT, GIVEN, PLACE
from analytics.scope import Scope
from answers import Snapshot, demand, inventory, snapshot
from data_access.home import served_home
from data_access.journal import Entry, EntryRefused, Journal

SUBJECT, RIGHT = "overrides", "forecasts.override"
FIGURE, WITHDRAW = "figure", "withdraw"
SPANS = (28, 91)
BY = ("person", "product_id")
LONGEST_REASON, LARGEST = 300, 1e12
MOST_SHOWN = 200
RULES = ("no_forecast", "no_reason", "no_figure", "gone", "too_large")
NAMES: Types = dict.fromkeys(("sku", "name", "name_zh", "unit"), pl.String)
REGISTER: Types = {
    **GIVEN,
    "until_on": pl.Date,
    "low": pl.Float64,
    "high": pl.Float64,
    "reason": pl.String,
    "came": pl.Float64,
    "state": pl.String,
    "is_scored": pl.Boolean,
    **NAMES,
}


class OverrideRefused(ValueError):
    """A figure cannot be kept or withdrawn; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The figure is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What somebody expects of an item over the days that follow: in its base unit, and why."""

    product_id: str
    days: int
    quantity: float
    reason: str


def give(
    viewer: Viewer, scope: Scope, figure: Figure, *, version: Snapshot | None = None, at: datetime | None = None
) -> int:
    """Keeps a figure of an item at the places of the scope beside what is told of them now; gives its number.
    ``OverrideRefused`` without a forecast, a reason or a possible quantity."""
    known = version or snapshot()
    told = demand.spans(require(viewer, RIGHT), scope, figure.product_id, version=known)
    span = told.filter(pl.col("days") == figure.days).rows(named=True)
    places = demand.places(viewer, scope, figure.product_id, version=known)
    as_of = demand.as_of(viewer, version=known)
    if figure.days not in SPANS or not span or places.is_empty() or as_of is None:
        raise OverrideRefused("no_forecast")
    if not math.isfinite(figure.quantity) or not 0 <= figure.quantity <= LARGEST:
        raise OverrideRefused("no_figure")
    if not figure.reason.strip():
        raise OverrideRefused("no_reason")
    what = {
        "kind": FIGURE,
        "product_id": figure.product_id,
        "places": [list(place) for place in places.select(PLACE).iter_rows()],
        "days": figure.days,
        "from_on": (as_of + timedelta(days=1)).isoformat(),
        "told": span[0]["mean"],
        "low": span[0]["q10"],
        "high": span[0]["q90"],
        "figure": figure.quantity,
        "reason": figure.reason.strip()[:LONGEST_REASON],
        "snapshot_id": known.id,
    }
    return _kept(viewer, at or datetime.now(UTC), what)


def withdraw(viewer: Viewer, scope: Scope, number: int, *, version: Snapshot | None = None) -> None:
    """Takes a figure of one's own back; an owner may take back anybody's. ``OverrideRefused`` where it does not stand,
    or is not the viewer's to take."""
    inventory.asked(require(viewer, RIGHT), scope, version)
    entries = _entries()
    gone = {entry.what["of"] for entry in entries if entry.what["kind"] == WITHDRAW}
    mine = [
        entry.number
        for entry in entries
        if entry.what["kind"] == FIGURE
        and _sees(viewer, entry)
        and (entry.user == viewer.user or viewer.role == "owner")
    ]
    if number not in mine or number in gone:
        raise OverrideRefused("gone")
    _kept(viewer, datetime.now(UTC), {"kind": WITHDRAW, "of": number})


def _kept(viewer: Viewer, at: datetime, what: Mapping[str, Any]) -> int:
    try:
        return Journal(served_home(), SUBJECT).append(viewer.user, at, what).number
    except EntryRefused:
        raise OverrideRefused("too_large") from None


def mark() -> int:
    """What changes whenever a figure is given or withdrawn: for who keeps answers."""
    return len(_entries())


def _entries() -> tuple[Entry, ...]:
    return Journal(served_home(), SUBJECT).entries()


def _sees(viewer: Viewer, entry: Entry) -> bool:
    """Whether all places that it is about are the viewer's to see; why somebody gave it tells of any customer."""
    companies = {company for _, company, _ in entry.what["places"]}
    regions = {region for _, _, region in entry.what["places"]}
    of_viewer = (viewer.companies == ALL or companies <= viewer.companies) and (
        viewer.regions == ALL or regions <= viewer.regions
    )
    return of_viewer and viewer.customers == ALL


def _is_asked(scope: Scope, entry: Entry) -> bool:
    """Whether all places that it is about are of the scope."""
    chosen = (scope.sites, scope.companies, scope.regions)
    return all(
        not members or all(place[at] in members for place in entry.what["places"]) for at, members in enumerate(chosen)
    )


def register(viewer: Viewer, scope: Scope, product_id: str = "", *, version: Snapshot | None = None) -> pl.DataFrame:
    """The figures of the scope's items, or of one, the latest first: see ``analytics.overrides.with_what_came``; told,
    low and high: what the forecast said then, with its 10 and 90 % quantiles; reason; what the item is called. At most
    200."""
    return _register(viewer, scope, product_id, version).head(MOST_SHOWN)


def _register(viewer: Viewer, scope: Scope, product_id: str, version: Snapshot | None) -> pl.DataFrame:
    question = inventory.asked(viewer, inventory.of_stock(scope), version)
    one = pl.col("product_id") == product_id if product_id else None
    items = inventory.items_of(question, one).select("product_id", *NAMES)
    wanted = set(items["product_id"])
    entries = [
        entry
        for entry in _entries()
        if entry.what["kind"] == FIGURE
        and entry.what["product_id"] in wanted
        and _sees(viewer, entry)
        and _is_asked(scope, entry)
    ]
    if not entries:
        return pl.DataFrame(schema=REGISTER)
    given, places = _given(entries), _places(entries)
    rows = question.version.aggregate("demand_by_item_day", viewer)
    daily = rows.join(given.lazy().select("product_id").unique(), on="product_id", how="semi").collect()
    last = pl.lit(inventory.day_of(question))
    known = overrides.with_what_came(given.select(tuple(GIVEN)), places, daily, last)
    said = given.select("number", "low", "high", "reason")
    told = known.join(said, on="number", how="left", validate="1:1")
    named = told.join(items, on="product_id", how="left", validate="m:1")
    return named.select(tuple(REGISTER)).sort("number", descending=True)


def _given(entries: Iterable[Entry]) -> pl.DataFrame:
    taken = {entry.what["of"]: entry.at for entry in _entries() if entry.what["kind"] == WITHDRAW}
    copied = ("product_id", "days", "told", "low", "high", "figure", "reason")
    rows = [
        {
            **{name: entry.what[name] for name in copied},
            "number": entry.number,
            "person": entry.user,
            "places": repr(sorted(entry.what["places"], key=repr)),
            "from_on": date.fromisoformat(entry.what["from_on"]),
            "given_at": entry.at,
            "withdrawn_at": taken.get(entry.number),
        }
        for entry in entries
    ]
    return pl.DataFrame(rows, schema={**GIVEN, "low": pl.Float64, "high": pl.Float64, "reason": pl.String})


def _places(entries: Iterable[Entry]) -> pl.DataFrame:
    rows = [(entry.number, entry.what["product_id"], *place) for entry in entries for place in entry.what["places"]]
    return pl.DataFrame(rows, schema=ASKED_AT, orient="row")


def standing(viewer: Viewer, scope: Scope, product_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The figures that stand of one item at exactly the places of the scope, one row per days at most: as
    ``register``. They stand beside the forecast of the same places."""
    rows = register(viewer, scope, product_id, version=version).filter(pl.col("state") == "stands")
    if rows.is_empty():
        return rows
    now = demand.places(viewer, scope, product_id, version=version).select(PLACE).iter_rows()
    same = repr(sorted([list(place) for place in now], key=repr))
    return rows.filter(pl.col("places") == same).unique("days", keep="first", maintain_order=True)


def value_added(viewer: Viewer, scope: Scope, told_by: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """Whether figures of people were nearer to what came than the forecast: one row per person, or per item (told_by:
    person or product_id, then with its names): see ``analytics.overrides.value_added``. Items count at list prices, an
    item without one by its units."""
    by = told_by if told_by in BY else BY[0]
    rows = _register(viewer, scope, "", version)
    question = inventory.asked(viewer, inventory.of_stock(scope), version)
    prices = inventory.items_of(question).select("product_id", "list_price", "currency")
    factors = inventory.rates_of(question, inventory.day_of(question)).factors
    worth = prices.join(factors, on="currency", how="left", validate="m:1")
    price = pl.col("list_price").cast(pl.Float64) * pl.col("factor")
    priced = worth.select("product_id", price=pl.when(price > 0).then(price).otherwise(1.0))
    told = rows.join(priced, on="product_id", how="left", validate="m:1")
    found = overrides.value_added(told, by).select(by, *ADDED)
    if by != "product_id":
        return found
    names = inventory.items_of(question).select("product_id", *NAMES)
    return found.join(names, on="product_id", how="left", validate="1:1", maintain_order="left")
