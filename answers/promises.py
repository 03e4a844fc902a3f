"""Promises: what was held for a customer or promised to one, what became of it, and how well promises were kept.

Every answer takes the viewer first and needs sales.read and inventory.read. What is said is kept at once in the journal
``promises`` and is never changed: the first day said stays. The ERP knows nothing of it. A hold takes its goods out of
what others can be promised for a day, or until it is released; a promise is compared with the order that followed.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from analytics.access import ALL, Viewer, require
from analytics.demand import Types
from analytics.kept_promises import GIVEN, HINDCAST, ORDERS, PROMISES, SAID, followed, kept
from analytics.scope import Scope
from analytics.tables.columns import INSTANT
from analytics.zones import wall_clock
from answers import Snapshot, delivery, inventory, newest, promise_rules, snapshot
from answers.delivery import How, Promised
from data_access.home import served_home
from data_access.journal import Entry, EntryRefused, Journal

SUBJECT, STUDY = "promises", "promises"
HOLD, PROMISE, RELEASE = "hold", "promise", "release"
HOLD_HOURS = 24
LEVELS = (50, 80, 90, 95)
MOST_SHOWN = 200
LONGEST_NUMBER = 60
RULES = ("no_day", "held", "gone", "too_large")
_ONE_AT_A_TIME = threading.Lock()
BY: Mapping[str, tuple[str, ...]] = {"lane": ("site", "region"), "person": ("person",)}
ABOUT: Types = {"site_id": pl.String(), "region": pl.String(), "person": pl.String()}
REGISTER: Types = {
    "number": pl.Int64(),
    "kind": pl.String(),
    "state": pl.String(),
    "given_at": INSTANT,
    "person": pl.String(),
    "customer": pl.String(),
    "items": pl.String(),
    "promised_on": pl.Date(),
    "day": pl.String(),
    "confidence": pl.Float64(),
    "ends_at": INSTANT,
    "document": pl.String(),
    "came_on": pl.Date(),
    "can_leave_on": pl.Date(),
}


class PromiseRefused(ValueError):
    """Nothing can be held or promised; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The promise is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said to a customer: a hold or a promise, the question, to whom, and for which order."""

    kind: str
    wishes: tuple[tuple[str, str], ...]
    how: How = field(default_factory=How)
    customer_id: str | None = None
    order_number: str | None = None


def say(
    viewer: Viewer, scope: Scope, said: Said, *, version: Snapshot | None = None, at: datetime | None = None
) -> int:
    """Keeps a hold or a promise with the day that is answered now; gives its number. ``PromiseRefused`` without one.

    One after the other: who holds the same goods at the same moment finds them held.
    """
    with _ONE_AT_A_TIME:
        return _say(viewer, scope, said, version or snapshot(), at or datetime.now(UTC))


def _say(viewer: Viewer, scope: Scope, said: Said, known: Snapshot, now: datetime) -> int:
    if said.kind == HOLD and any(_is_own(entry, viewer, said.wishes) for entry in _standing(_entries(), now)):
        raise PromiseRefused("held")
    held = holds(viewer, said.wishes, version=known, at=now)
    answer = delivery.promised(viewer, scope, said.wishes, said.how, version=known, held=held)
    if answer.last_on is None:
        raise PromiseRefused("no_day")
    try:
        return Journal(served_home(), SUBJECT).append(viewer.user, now, _what(viewer, said, answer, known, now)).number
    except EntryRefused:
        raise PromiseRefused("too_large") from None


def _what(viewer: Viewer, said: Said, answer: Promised, version: Snapshot, now: datetime) -> Mapping[str, Any]:
    customer = _customer(viewer, said.customer_id, version)
    lines = answer.lines.select("product_id", "sku", "name", "quantity", "promised_on")
    parts = answer.parts.filter(pl.col("source") != "new_order").select(
        "product_id", "site_id", "leaves_on", "quantity"
    )
    return {
        "kind": said.kind,
        "asked": [list(wish) for wish in said.wishes],
        "lines": [row | {"promised_on": row["promised_on"].isoformat()} for row in lines.iter_rows(named=True)],
        "parts": [row | {"leaves_on": row["leaves_on"].isoformat()} for row in parts.iter_rows(named=True)],
        "leaves_from": said.how.leaves_from,
        "promised_on": answer.last_on.isoformat() if answer.last_on else None,
        "arrives_on": answer.arrives_on.isoformat() if answer.arrives_on else None,
        "confidence": said.how.level,
        "customer_id": customer.get("customer_id"),
        "customer": customer.get("name"),
        "region": customer.get("region"),
        "is_person": customer.get("is_company") is False,
        "company_ids": answer.company_ids,
        "order_number": (said.order_number or "").strip()[:LONGEST_NUMBER] or None,
        "snapshot_id": version.id,
        "ends_at": (now + timedelta(hours=HOLD_HOURS)).isoformat() if said.kind == HOLD else None,
    }


def _customer(viewer: Viewer, customer_id: str | None, version: Snapshot) -> Mapping[str, Any]:
    if customer_id is None:
        return {}
    rows = version.table("customers", viewer).filter(pl.col("customer_id") == customer_id)
    found = rows.select("customer_id", "name", "region", "is_company").collect().rows(named=True)
    return found[0] if found else {}


def release(viewer: Viewer, scope: Scope, number: int, *, version: Snapshot | None = None) -> None:
    """Ends a hold before its time; ``PromiseRefused`` where it does not stand, or is not the viewer's to see."""
    inventory.asked(require(viewer, delivery.RIGHT), scope, version)
    now = datetime.now(UTC)
    if number not in [entry.number for entry in _standing(_entries(), now) if _sees(viewer, entry)]:
        raise PromiseRefused("gone")
    Journal(served_home(), SUBJECT).append(viewer.user, now, {"kind": RELEASE, "of": number})


def holds(
    viewer: Viewer, besides: delivery.Wishes = (), *, version: Snapshot | None = None, at: datetime | None = None
) -> delivery.Holds:
    """What is held now: see ``answers.delivery.Hold``. Everybody's holds count for everybody who sees the stock, but
    for the viewer's own of the very question ``besides``: what one holds oneself can be promised."""
    inventory.asked(require(viewer, delivery.RIGHT), Scope(), version)
    standing = _standing(_entries(), at or datetime.now(UTC))
    return tuple(_hold(entry) for entry in standing if not _is_own(entry, viewer, besides))


def _is_own(entry: Entry, viewer: Viewer, wishes: delivery.Wishes) -> bool:
    return entry.user == viewer.user and entry.what.get("asked") == [list(wish) for wish in wishes]


def _hold(entry: Entry) -> delivery.Hold:
    wanted = tuple((line["product_id"], float(line["quantity"])) for line in entry.what["lines"])
    parts = tuple(
        (part["product_id"], part["site_id"], part["leaves_on"], part["quantity"]) for part in entry.what["parts"]
    )
    return delivery.Hold(entry.number, wanted, entry.what["leaves_from"], parts)


def mark() -> tuple[int, str | None]:
    """What changes whenever more was said or more is known of the past: for who keeps answers."""
    study = newest(STUDY)
    return len(_entries()), study.snapshot_id if study else None


def _entries() -> tuple[Entry, ...]:
    return Journal(served_home(), SUBJECT).entries()


def _standing(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """The holds that have neither ended nor been released."""
    known = tuple(entries)
    released = {entry.what["of"] for entry in known if entry.what["kind"] == RELEASE}
    return [
        entry
        for entry in known
        if entry.what["kind"] == HOLD
        and entry.number not in released
        and now < datetime.fromisoformat(entry.what["ends_at"])
    ]


def _sees(viewer: Viewer, entry: Entry) -> bool:
    """Whether it is of a company of the viewer's, and of a customer that the viewer sees or, if it names no customer,
    the viewer's own."""
    what, regions = entry.what, viewer.regions
    of_company = viewer.companies == ALL or set(what["company_ids"]) <= viewer.companies
    is_own = what["customer_id"] is None and entry.user == viewer.user
    of_region = regions == ALL or what["region"] in regions or is_own
    return of_company and of_region and (viewer.customers == ALL or what["customer_id"] in viewer.customers or is_own)


def register(
    viewer: Viewer, scope: Scope, *, version: Snapshot | None = None, at: datetime | None = None
) -> pl.DataFrame:
    """What was held and promised, the latest first: see ``REGISTER``.

    day: whether promised_on and came_on are those of leaving our site or of arrival at the customer, as was said.
    state: held, ended, released; of promises waiting (nothing ordered yet), ordered, kept, late. can_leave_on: the day
    on which what is held can leave as things stand, whatever the scope; later than promised_on, or null, where the
    stock is taken; promised_on where the viewer does not see the stock.
    """
    question, now = _question(viewer, scope, version), at or datetime.now(UTC)
    told = [entry for entry in _entries() if entry.what["kind"] in (HOLD, PROMISE)]
    said = [entry for entry in told if _sees(viewer, entry)][-MOST_SHOWN:]
    became = {row["number"]: row for row in _followed(question, said).iter_rows(named=True)}
    standing = _standing(_entries(), now)
    rules = promise_rules.rules(viewer, version=question.version)
    days = delivery.held_days(viewer, Scope(), tuple(map(_hold, standing)), rules=rules, version=question.version)
    released = {entry.what["of"] for entry in _entries() if entry.what["kind"] == RELEASE}
    as_of = inventory.day_of(question)
    rows = []
    for entry in reversed(said):
        document, came_on = became[entry.number]["document"], became[entry.number]["came_on"]
        what, on = entry.what, became[entry.number]["promised_on"]
        stands = entry.number in {each.number for each in standing}
        gone = "released" if entry.number in released else "ended"
        late = came_on > on if came_on else as_of > on and document is not None
        promise = "late" if late else "kept" if came_on else "ordered" if document else "waiting"
        state = ("held" if stands else gone) if what["kind"] == HOLD else promise
        rows.append(
            _row(entry, viewer)
            | {"state": state, "document": document, "came_on": came_on, "promised_on": on}
            | {"day": "arrival" if became[entry.number]["is_arrival"] else "leaving"}
            | {"can_leave_on": days.get(entry.number, on) if stands else None}
        )
    return pl.DataFrame(rows, schema=REGISTER)


def _row(entry: Entry, viewer: Viewer) -> dict[str, Any]:
    what = entry.what
    named = not what["is_person"] or viewer.may("personal_data")
    items = [f"{line['quantity']:.15g} × {line['sku'] or line['name']}" for line in what["lines"]]
    return {
        "number": entry.number,
        "kind": what["kind"],
        "given_at": entry.at,
        "person": entry.user,
        "customer": what["customer"] if named else None,
        "items": ", ".join(items),
        "confidence": what["confidence"] / 100,
        "ends_at": datetime.fromisoformat(what["ends_at"]) if what["ends_at"] else None,
    }


def _question(viewer: Viewer, scope: Scope, version: Snapshot | None) -> inventory.Question:
    return inventory.asked(require(viewer, delivery.RIGHT), scope, version or snapshot())


def _day(entry: Entry) -> dict[str, Any]:
    """The day that was said: of a promise the customer's, where that was known; of a hold that of leaving."""
    arrives_on = entry.what.get("arrives_on") if entry.what["kind"] == PROMISE else None
    said = datetime.fromisoformat(arrives_on or entry.what["promised_on"]).date()
    return {"promised_on": said, "is_arrival": arrives_on is not None}


def _followed(question: inventory.Question, entries: Iterable[Entry]) -> pl.DataFrame:
    rows = [
        {
            "number": entry.number,
            "customer_id": entry.what["customer_id"],
            "order_number": entry.what["order_number"],
            "product_ids": [line["product_id"] for line in entry.what["lines"]],
            "given_on": entry.at.date(),
            **_day(entry),
        }
        for entry in entries
    ]
    promises = pl.DataFrame(rows, schema=PROMISES)
    wanted = pl.col("customer_id").is_in(promises["customer_id"].drop_nulls().unique().to_list())
    numbered = (
        pl.col("document")
        .str.to_lowercase()
        .is_in(promises["order_number"].drop_nulls().str.to_lowercase().unique().to_list())
    )
    orders = question.version.aggregate("order_stages", question.viewer).filter(wanted | numbered)
    sites = question.version.table("sites", question.viewer).select("site_id", "time_zone")
    first = orders.with_columns(site_id=pl.col("site_ids").list.get(0, null_on_oob=True))
    zoned = first.join(sites, on="site_id", how="left", validate="m:1").collect()
    left = pl.when(~pl.col("stage").is_in(["waiting", "ready"])).then("shipped_at")
    instants = {"ordered_on": pl.col("ordered_at"), "left_on": left, "arrived_on": pl.col("delivered_at")}
    days = {name: wall_clock(instant, "time_zone", zoned).dt.date() for name, instant in instants.items()}
    # the day on which a promise was given is that of UTC: west of it the same hour is the day before
    days["ordered_on"] = pl.max_horizontal(days["ordered_on"], pl.col("ordered_at").dt.date())
    return followed(promises, zoned.with_columns(**days).select(*ORDERS))


def kept_shares(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """How promises were kept, by the confidence stated: see ``analytics.kept_promises.KEPT``. Those given here, and
    hindcasts, days that the method would have said for the firm's own past orders from earlier orders alone, of the
    newest study; none while there is none."""
    question = _question(viewer, scope, version)
    return kept(_said(question), inventory.day_of(question))


def kept_by(
    viewer: Viewer, scope: Scope, parted_by: str, level: int, *, version: Snapshot | None = None
) -> pl.DataFrame:
    """As ``kept_shares``, of one stated confidence, by ``BY``: lane, the site that goods leave from (of several the
    first by key) and the customer's region; or person: who gave the promise here, or the salesperson of the order."""
    question = _question(viewer, scope, version)
    said = _said(question).filter(pl.col("level") == level)
    places = question.version.aggregate("places", viewer).select("site_id", "site").collect()
    placed = said.join(places, on="site_id", how="left", validate="m:1")
    return kept(placed, inventory.day_of(question), *BY[parted_by])


def _said(question: inventory.Question) -> pl.DataFrame:
    """Promises given and hindcasts, with whence, whither and by whom: ``SAID`` and ``ABOUT``."""
    given = [entry for entry in _entries() if entry.what["kind"] == PROMISE and _sees(question.viewer, entry)]
    about = pl.DataFrame([_about(entry) for entry in given], schema={"number": pl.Int64, "level": pl.Int64, **ABOUT})
    became = _followed(question, given).join(about, on="number", how="left", validate="1:1")
    ordered = became.drop_nulls("document").with_columns(source=pl.lit(GIVEN))
    return pl.concat([ordered.select(*SAID, *ABOUT), _hindcasts(question)])


def _about(entry: Entry) -> dict[str, Any]:
    sites = [part["site_id"] for part in entry.what["parts"] if part["site_id"]]
    about = {"site_id": min(sites, default=None), "region": entry.what["region"], "person": entry.user}
    return {"number": entry.number, "level": entry.what["confidence"]} | about


def _hindcasts(question: inventory.Question) -> pl.DataFrame:
    study, viewer, scope = newest(STUDY), question.viewer, question.scope
    if study is None:
        return pl.DataFrame(schema={**SAID, **ABOUT})
    rows = study.frame("hindcasts", viewer)
    if scope.companies:
        rows = rows.filter(pl.col("company_id").is_in(list(scope.companies)))
    if scope.regions:
        rows = rows.filter(pl.col("region").is_in(list(scope.regions)))
    orders = question.version.aggregate("order_stages", viewer)
    first = orders.select("sales_order_id", site_id=pl.col("site_ids").list.get(0, null_on_oob=True)).collect()
    people = question.version.table("employees", viewer).select(salesperson_id="employee_id", person="name").collect()
    placed = rows.collect().join(first, on="sales_order_id", how="left", validate="m:1")
    told = placed.join(people, on="salesperson_id", how="left", validate="m:1").with_columns(source=pl.lit(HINDCAST))
    parts = [
        told.with_columns(level=pl.lit(level, dtype=pl.Int64), promised_on=f"p{level}_on").select(*SAID, *ABOUT)
        for level in LEVELS
    ]
    return pl.concat(parts)
