"""One time line of a customer over all channels, and the one step to take next.

An event is one record: an order, a shipment, an invoice, a deal, a ticket, a conversation, feedback. Events are made
once per refresh as they are; what state they are in depends on the day of the question. Days are those of UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics import facts
from analytics.demand import Tables, Types, living
from analytics.tables.columns import DECIMAL, INSTANT

NEEDS: Mapping[str, str] = {
    "order": "sales.read",
    "shipment": "sales.read",
    "invoice": "receivables.read",
    "deal": "sales.read",
    "ticket": "service.read",
    "conversation": "sales.read",
    "feedback": "service.read",
}
KINDS = tuple(NEEDS)
TOLD = ("invoices", "opportunities", "opportunity_stage_changes", "tickets", "interactions", "contacts", "feedback")
PERSONAL = {"text": "personal_data"}
LONGEST_TEXT = 600
EVENTS: Types = {
    "customer_id": pl.String,
    "company_id": pl.String,
    "region": pl.String,
    "happened_at": INSTANT,
    "kind": pl.String,
    "record_id": pl.String,
    "document": pl.String,
    "status": pl.String,
    "channel": pl.String,
    "detail": pl.String,
    "text": pl.String,
    "score": pl.Float64,
    "highest_score": pl.Float64,
    "due_on": pl.Date,
    "done_on": pl.Date,
    "amount": DECIMAL,
    "open_amount": DECIMAL,
    "currency": pl.String,
    "owner_id": pl.String,
}
STEPS = ("overdue_invoice", "late_order", "open_ticket", "quiet", "open_deal", "nothing")
WHO: Mapping[str, str] = {
    "overdue_invoice": "finance",
    "late_order": "sales",
    "open_ticket": "service",
    "quiet": "sales",
    "open_deal": "sales",
    "nothing": "nobody",
}
_BY_DUE = ("overdue_invoice", "late_order")
_STEP_OF = {
    "overdue_invoice": ("invoice", "overdue"),
    "late_order": ("order", "late"),
    "open_ticket": ("ticket", "open"),
    "open_deal": ("deal", "open"),
}


def customer_events(tables: Tables) -> pl.DataFrame:
    """One row per event of a customer, by customer and time: see ``EVENTS``. What concerns no known customer is left
    out, and so are cancelled shipments and tickets, and invoices that are not posted."""
    made = (_orders, _shipments, _invoices, _deals, _tickets, _conversations, _feedback)
    parts = [_shaped(make(tables), kind) for make, kind in zip(made, KINDS, strict=True)]
    return pl.concat(parts).sort("customer_id", "happened_at", "kind", "record_id", nulls_last=True)


def _shaped(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in EVENTS.items() if name not in rows.columns]
    whole = rows.with_columns(missing).with_columns(kind=pl.lit(kind)).drop_nulls(["customer_id", "happened_at"])
    return whole.select(pl.col(name).cast(dtype) for name, dtype in EVENTS.items())


def _orders(tables: Tables) -> pl.DataFrame:
    """Orders and quotations: due_on is the first promise, done_on the day on which all that was promised had come."""
    heads = living(tables["sales_orders"]).filter(pl.col("status") != "draft")
    joined = heads.join(_kept(tables), on="sales_order_id", how="left", validate="1:1")
    return joined.with_columns(
        happened_at="ordered_at",
        record_id="sales_order_id",
        document="number",
        due_on=pl.coalesce("due_on", "first_promised_on"),
        amount="amount_untaxed",
        owner_id="salesperson_id",
    )


def _kept(tables: Tables) -> pl.DataFrame:
    """One row per order with promised lines: due_on, done_on, both of the line that keeps the customer waiting longest;
    done_on is null while any line is open."""
    lines = living(tables["sales_order_lines"]).select("sales_order_line_id", "sales_order_id")
    due = facts.due_lines(tables).select("record_id", "day_on", "in_full_on")
    joined = due.join(lines, left_on="record_id", right_on="sales_order_line_id", how="inner", validate="1:1")
    is_over = pl.col("in_full_on").is_not_null().all()
    waiting = pl.col("day_on").filter(pl.col("in_full_on").is_null() | is_over)
    return joined.group_by("sales_order_id").agg(
        due_on=waiting.min(), done_on=pl.when(is_over).then(pl.col("in_full_on").max())
    )


def _shipments(tables: Tables) -> pl.DataFrame:
    """due_on: the order's first promise, else when it had to leave; done_on: when it arrived, else when it left."""
    promised = tables["sales_orders"].select("sales_order_id", "first_promised_on", order="number")
    moved = living(tables["shipments"]).filter(~pl.col("status").cast(pl.String).is_in(["draft", "cancelled"]))
    joined = moved.join(promised, on="sales_order_id", how="left", validate="m:1")
    arrived = pl.coalesce("delivered_at", "shipped_at")
    is_done = pl.col("status") == "done"
    return joined.with_columns(
        happened_at=pl.coalesce(pl.when(is_done).then(arrived), "planned_at", "due_at"),
        record_id="shipment_id",
        document="number",
        detail="order",
        due_on=pl.coalesce("first_promised_on", pl.col("due_at").dt.date()),
        done_on=pl.when(is_done).then(arrived.dt.date()),
    )


def _invoices(tables: Tables) -> pl.DataFrame:
    """Posted invoices and credit notes, with tax; done_on is not known."""
    posted = living(tables["invoices"]).filter((pl.col("status") == "posted") & pl.col("invoiced_on").is_not_null())
    return posted.with_columns(
        happened_at=pl.col("invoiced_on").cast(INSTANT),
        record_id="invoice_id",
        document="number",
        status="kind",
        amount="amount_total",
        open_amount="amount_open",
    )


def _deals(tables: Tables) -> pl.DataFrame:
    """Deals by what happened to them last: the close, else the latest change of stage, else when they were entered."""
    changes = living(tables["opportunity_stage_changes"]).group_by("opportunity_id").agg(pl.col("changed_at").max())
    joined = living(tables["opportunities"]).join(changes, on="opportunity_id", how="left", validate="1:1")
    return joined.with_columns(
        happened_at=pl.coalesce("closed_at", "changed_at", "created_at"),
        record_id="opportunity_id",
        document="name",
        detail="stage",
        due_on="expected_close_on",
        amount="expected_amount",
    )


def _tickets(tables: Tables) -> pl.DataFrame:
    opened = living(tables["tickets"]).filter(pl.col("status") != "cancelled")
    return opened.with_columns(
        happened_at="opened_at",
        record_id="ticket_id",
        document="number",
        detail="subject",
        text=_shortened("body"),
        done_on=pl.col("closed_at").dt.date(),
    )


def _conversations(tables: Tables) -> pl.DataFrame:
    """Of the customer, else of whom the contact, ticket, deal or order belongs to."""
    rows = living(tables["interactions"])
    for name, key in _ABOUT.items():
        found = tables[name].select(key, pl.col("customer_id").alias(f"by_{key}"))
        rows = rows.join(found, on=key, how="left", validate="m:1", maintain_order="left")
    text = pl.concat_str(["subject", _shortened("body")], separator=": ", ignore_nulls=True)
    return rows.with_columns(
        customer_id=pl.coalesce("customer_id", *(f"by_{key}" for key in _ABOUT.values())),
        happened_at="occurred_at",
        record_id="interaction_id",
        status="direction",
        text=text,
        owner_id="employee_id",
    )


_ABOUT = {
    "contacts": "contact_id",
    "tickets": "ticket_id",
    "opportunities": "opportunity_id",
    "sales_orders": "sales_order_id",
}


def _feedback(tables: Tables) -> pl.DataFrame:
    return living(tables["feedback"]).with_columns(
        happened_at="given_at", record_id="feedback_id", status="kind", text=_shortened("text")
    )


def _shortened(column: str) -> pl.Expr:
    """The first 600 letters of a text."""
    return pl.col(column).str.slice(0, LONGEST_TEXT)


def told(events: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The events with state and days_late as of a day, the newest first.

    state: of orders quoted, cancelled, open, late, on_time, came_late, done (nobody promised a day); of shipments
    planned, late, on_time, came_late, done; of invoices due, overdue, paid, credit_note; of deals open, won, lost; of
    tickets open, closed; of conversations in, out, internal; of feedback its kind. days_late: of what is late or came
    late, and of overdue invoices.
    """
    days_late = (pl.coalesce("done_on", pl.lit(as_of)) - pl.col("due_on")).dt.total_days()
    is_late = pl.col("state").is_in(["late", "came_late", "overdue"])
    judged = events.with_columns(state=_state(as_of)).with_columns(days_late=pl.when(is_late).then(days_late))
    return judged.sort("happened_at", "kind", "record_id", descending=[True, False, False])


def _state(as_of: date) -> pl.Expr:
    kind = pl.col("kind")
    is_record = kind.is_in(["deal", "conversation", "feedback"])
    return (
        pl.when(kind.is_in(["order", "shipment"]))
        .then(_promised(as_of))
        .when(kind == "invoice")
        .then(_owed(as_of))
        .when(kind == "ticket")
        .then(pl.when(pl.col("status") == "closed").then(pl.lit("closed")).otherwise(pl.lit("open")))
        .when(is_record)
        .then(pl.col("status"))
    )


def _promised(as_of: date) -> pl.Expr:
    """Whether a promise is kept. What nobody promised is just done or open."""
    status, done_on = pl.col("status"), pl.col("done_on")
    is_missed = (pl.col("due_on") < pl.coalesce(done_on, pl.lit(as_of))).fill_null(value=False)
    waiting = pl.when(pl.col("kind") == "order").then(pl.lit("open")).otherwise(pl.lit("planned"))
    kept = pl.when(pl.col("due_on").is_null()).then(pl.lit("done")).otherwise(pl.lit("on_time"))
    return (
        pl.when(status.is_in(["quoted", "cancelled"]))
        .then(status)
        .when(done_on.is_not_null())
        .then(pl.when(is_missed).then(pl.lit("came_late")).otherwise(kept))
        .when(status == "done")
        .then(pl.lit("done"))
        .otherwise(pl.when(is_missed).then(pl.lit("late")).otherwise(waiting))
    )


def _owed(as_of: date) -> pl.Expr:
    """An invoice of which nobody says what is open is taken for paid."""
    is_open = (pl.col("open_amount") > 0).fill_null(value=False)
    is_overdue = (pl.col("due_on") < as_of).fill_null(value=False)
    return (
        pl.when(pl.col("status") == "credit_note")
        .then(pl.lit("credit_note"))
        .when(~is_open)
        .then(pl.lit("paid"))
        .when(is_overdue)
        .then(pl.lit("overdue"))
        .otherwise(pl.lit("due"))
    )


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The one step to take next with a customer. ``step``: one of ``STEPS``; ``who``: who should take it, see ``WHO``.

    ``count``: how many records ask for it. Of the oldest: ``document``, ``days`` that it is late or open, ``owner``.
    """

    step: str
    who: str
    count: int = 0
    document: str | None = None
    days: int | None = None
    owner: str | None = None


def next_step(events: pl.DataFrame, *, is_quiet: bool, as_of: date) -> NextStep:
    """The first of ``STEPS`` that there is a reason for. ``events``: as ``told``, only what the viewer may see, with
    owner, the name of who works on it; ``is_quiet``: see ``analytics.segments``."""
    for step in STEPS:
        waiting = _waiting(events, step)
        if waiting.height:
            return _oldest(waiting, step, as_of)
        if step == "quiet" and is_quiet:
            break
    return NextStep(step=step, who=WHO[step])


def _waiting(events: pl.DataFrame, step: str) -> pl.DataFrame:
    kind, state = _STEP_OF.get(step, ("", ""))
    return events.filter((pl.col("kind") == kind) & (pl.col("state") == state))


def _oldest(waiting: pl.DataFrame, step: str, as_of: date) -> NextStep:
    """The record that waits longest: since it was due, for what has a day; since it began, for the rest."""
    begun = pl.col("happened_at").dt.date()
    since = pl.coalesce("due_on", begun) if step in _BY_DUE else begun
    days = (pl.lit(as_of) - since).dt.total_days().alias("days")
    first = waiting.sort(since, "record_id").select("document", "owner", days).row(0, named=True)
    return NextStep(step=step, who=WHO[step], count=waiting.height, **first)
