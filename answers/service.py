"""Service and voice: how fast tickets are answered, what surveys say, what customers talk about, and what rises.

Every answer takes the viewer first and cuts rows and columns by the viewer's rights before it counts anything. Topics
and tones come from the newest study of voices; what was written is read from the tables, and needs personal_data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from analytics import service_times, voices, wave_effects
from analytics.access import Viewer, require
from analytics.scope import Scope
from analytics.service_times import QUARTER_DAYS
from analytics.tables import SHARED
from analytics.voices import VOICES
from answers import Snapshot, Study, newest, snapshot
from answers.asking import Asking, cut

RIGHT = "service.read"
STUDY = "voices"
TICKETS = ("ticket_id", "company_id", "status", "channel", "priority", "opened_at", "first_response_at", "closed_at")
BY = ("channel", "priority")
GROUPED: Mapping[str, type[pl.DataType]] = {
    "group_key": pl.String,
    "tickets": pl.Int64,
    "still_open": pl.Int64,
    "first_response": pl.Float64,
    "first_response_90": pl.Float64,
    "resolution": pl.Float64,
}
TOPICS: Mapping[str, type[pl.DataType]] = {
    "topic": pl.String,
    "voices": pl.Int64,
    "before": pl.Int64,
    "bad": pl.Float64,
    "customers": pl.Int64,
    "product": pl.String,
}
WAVES: Mapping[str, type[pl.DataType]] = {
    "topic": pl.String,
    "group_key": pl.String,
    "group": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "voices": pl.Int64,
    "expected": pl.Float64,
    "times": pl.Float64,
    "customers": pl.Int64,
    "products": pl.Int64,
    "orders": pl.Int64,
    "returns": pl.Int64,
    "returns_before": pl.Int64,
    **wave_effects.EFFECTS,
}
ANSWERED: Mapping[str, type[pl.DataType]] = {
    "given_on": pl.Date,
    "verdict": pl.String,
    "score": pl.Float64,
    "highest_score": pl.Float64,
    "customer_id": pl.String,
    "customer": pl.String,
    "product": pl.String,
    "text": pl.String,
}
SAID: Mapping[str, type[pl.DataType]] = {
    "said_on": pl.Date,
    "kind": pl.String,
    "channel": pl.String,
    "topic": pl.String,
    "sentiment": pl.Int64,
    "customer_id": pl.String,
    "customer": pl.String,
    "product": pl.String,
    "number": pl.String,
    "text": pl.String,
}


def study() -> Study | None:
    """The newest study of voices of the firm that is served; None while it is being worked out."""
    return newest(STUDY)


def tickets(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per ticket that was not cancelled: ticket_id, company_id, status, channel, priority, opened_at,
    first_response_at, closed_at, and hours of work: see ``analytics.service_times.timed``."""
    return _Asked(require(viewer, RIGHT), scope, version or snapshot()).tickets


def has_hours(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> bool:
    """Whether times are told in hours of work: every company with tickets has a calendar."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    known = question.table("calendar_periods")["calendar_id"]
    useful = question.table("calendars").filter(pl.col("is_active") & pl.col("calendar_id").is_in(known.implode()))
    owners, asked = set(useful["company_id"]), set(question.tickets["company_id"])
    return SHARED in owners or asked <= owners


def grouped(viewer: Viewer, scope: Scope, by: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per channel or priority of the tickets opened in the last 91 days: see ``GROUPED``, the most first."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    recent = question.tickets.filter(pl.col("opened_at").dt.date() > question.since)
    rows = service_times.summed(recent.rename({by: "group_key"}), "group_key")
    told = rows.sort(-pl.col("tickets"), "group_key", nulls_last=True)
    return told.select(pl.col(name).cast(kind) for name, kind in GROUPED.items())


def months(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per month of the last twelve, the newest first: see ``analytics.service_times.by_month``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    return service_times.by_month(question.tickets, question.as_of)


def surveys(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What surveys of the last 91 days say, with bounds: see ``analytics.service_times.surveys``."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    asked = question.table("feedback").filter((pl.col("kind") == "survey") & pl.col("score").is_not_null())
    scores = [pl.col(name).cast(pl.Float64) for name in ("score", "lowest_score", "highest_score")]
    return service_times.surveys(asked.select(*scores, given_on=pl.col("given_at").dt.date()), question.as_of)


def answered(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per answer to a survey of the last half year, the newest first: see ``ANSWERED``.

    verdict: see ``analytics.service_times.verdict``. Texts, and the names of private persons, need personal_data.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    given_on = pl.col("given_at").dt.date()
    rows = question.table("feedback").filter((pl.col("kind") == "survey") & pl.col("score").is_not_null())
    scores = [pl.col(name).cast(pl.Float64) for name in ("score", "highest_score")]
    told = rows.with_columns(scores).with_columns(given_on=given_on, verdict=service_times.verdict())
    since = question.as_of - timedelta(days=2 * QUARTER_DAYS)
    recent = told.filter((pl.col("given_on") > since) & (pl.col("given_on") <= question.as_of))
    named = recent.join(question.customer_names, on="customer_id", how="left", validate="m:1")
    placed = named.join(question.products, on="product_id", how="left", validate="m:1")
    shaped = placed.sort("given_on", "feedback_id", descending=True)
    return shaped.select(pl.col(name).cast(kind) for name, kind in ANSWERED.items())


def topics(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per topic of the last 91 days, the most voices first: see ``TOPICS``; empty while it is worked out.

    before: voices of the 91 days before; bad: the share that sounds bad; product: the one that is named most.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    day, since = pl.col("said_on"), question.since
    recent = question.voices.filter(day.is_between(since - timedelta(days=QUARTER_DAYS - 1), question.as_of))
    is_now = day > since
    now = recent.filter(is_now).group_by("topic").agg(
        voices=pl.len(),
        bad=(pl.col("sentiment") < 0).mean(),
        customers=pl.col("customer_id").drop_nulls().n_unique(),
        product=pl.col("product").drop_nulls().mode().sort().first(),
    )  # fmt: skip
    before = recent.filter(~is_now).group_by("topic").agg(before=pl.len())
    both = now.join(before, on="topic", how="full", coalesce=True, validate="1:1")
    told = both.with_columns(pl.col("voices", "before", "customers").fill_null(0))
    return told.select(pl.col(name).cast(kind) for name, kind in TOPICS.items()).sort(-pl.col("voices"), "topic")


def waves(viewer: Viewer, scope: Scope, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per topic of trouble that rose about a group of products in the last half year: see ``WAVES`` and
    ``analytics.voices.waves``; the clearest first.

    orders: how many orders the voices name; returns: of the group's products while it lasted, and returns_before in as
    many days before. What it cost in orders that never came: see ``analytics.wave_effects``; null where no clear fall
    follows, for past days, and for who may not see sales.
    """
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    risen = voices.waves(question.voices, question.as_of)
    rows = [wave | question.behind(wave) | question.cost(wave) for wave in risen.iter_rows(named=True)]
    named = pl.DataFrame(rows, schema={**risen.schema, **WAVES}) if rows else pl.DataFrame(schema=WAVES)
    return named.select(pl.col(name).cast(kind) for name, kind in WAVES.items())


def said(viewer: Viewer, scope: Scope, topic: str, group: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What was said of a topic about a group of products (of all, if it is empty) in the last half year, the newest
    first: see ``SAID``. Texts, and the names of private persons, need personal_data."""
    question = _Asked(require(viewer, RIGHT), scope, version or snapshot())
    about = (pl.col("topic") == topic) & ((pl.col("group_key") == group) if group else pl.lit(value=True))
    rows = question.voices.filter(about, pl.col("said_on") > question.as_of - timedelta(days=2 * QUARTER_DAYS))
    told = rows.join(question.texts, on=("kind", "record_id"), how="left", validate="1:1")
    named = told.join(question.customer_names, on="customer_id", how="left", validate="m:1")
    shaped = named.sort("said_on", "record_id", descending=True)
    return shaped.select(pl.col(name).cast(kind) for name, kind in SAID.items())


@dataclass(frozen=True)
class _Asked(Asking):
    """Who asks, about which part of the firm, of which version."""

    @property
    def since(self) -> date:
        """The day before the last 91."""
        return self.as_of - timedelta(days=QUARTER_DAYS)

    @cached_property
    def tickets(self) -> pl.DataFrame:
        """The tickets that were not cancelled, with hours of work."""
        texts = [pl.col(name).cast(pl.String) for name in ("status", "channel", "priority")]
        rows = self.table("tickets").with_columns(texts).filter(pl.col("status") != "cancelled").select(TICKETS)
        known = rows.filter(pl.col("opened_at").dt.date() <= self.as_of)
        calendars, periods = self.table("calendars"), self.table("calendar_periods")
        shares = self.version.aggregate("working_days", self.viewer).collect()
        return service_times.timed(known, calendars, periods, shares)

    @cached_property
    def products(self) -> pl.DataFrame:
        """What products are called, and the group that each belongs to: its own template, else itself."""
        rows = self.version.table("products", self.viewer).collect()
        return rows.select(
            "product_id", product=pl.coalesce("name", "sku"), group_key=pl.coalesce("product_group_id", "product_id")
        )

    @cached_property
    def voices(self) -> pl.DataFrame:
        """What customers said, with product and group; conversations only for who may see them."""
        made = study()
        if made is None:
            nothing = pl.DataFrame(schema=VOICES)
        else:
            nothing = cut(made.frame("voices", self.viewer), self.scope).collect()
        seen = nothing if self.viewer.may("sales.read") else nothing.filter(pl.col("kind") != "conversation")
        known = seen.filter(pl.col("said_on") <= self.as_of)
        return known.join(self.products, on="product_id", how="left", validate="m:1")

    @cached_property
    def texts(self) -> pl.DataFrame:
        """What was written: kind, record_id, number (of a ticket), text."""
        parts = {
            "ticket": ("tickets", "ticket_id", "body"),
            "conversation": ("interactions", "interaction_id", "body"),
            "feedback": ("feedback", "feedback_id", "text"),
        }
        found = [
            self.table(table).select(
                record_id=key, text=text, number="number" if table == "tickets" else pl.lit(None, dtype=pl.String)
            ).with_columns(kind=pl.lit(kind))
            for kind, (table, key, text) in parts.items()
        ]  # fmt: skip
        return pl.concat(found)

    def behind(self, wave: Mapping[str, Any]) -> dict[str, Any]:
        """What lies behind a wave: its name, customers, products, orders and returns."""
        first, last = wave["from_on"], wave["until_on"]
        about = (pl.col("topic") == wave["topic"]) & (pl.col("group_key") == wave["group_key"])
        rows = self.voices.filter(about & pl.col("said_on").is_between(first, last))
        members = self.products.filter(pl.col("group_key") == wave["group_key"])
        back = self.table("returns").join(members, on="product_id", how="semi")
        day = pl.col("returned_at").dt.date()
        span = last - first + timedelta(days=1)
        return {
            "group": _common(members["product"].drop_nulls().to_list()),
            "customers": rows["customer_id"].drop_nulls().n_unique(),
            "products": rows["product_id"].n_unique(),
            "orders": rows["sales_order_id"].drop_nulls().n_unique(),
            "returns": back.filter(day.is_between(first, last)).height,
            "returns_before": back.filter(day.is_between(first - span, first - timedelta(days=1))).height,
        }

    def cost(self, wave: Mapping[str, Any]) -> dict[str, Any]:
        """What a wave cost in orders that never came."""
        if self.scope.as_of is not None or not self.viewer.may("sales.read"):
            return {}
        members = self.products.filter(pl.col("group_key") == wave["group_key"])["product_id"]
        sales = self.sales.with_columns(is_member=pl.col("product_id").is_in(members.implode()))
        return wave_effects.effect(sales, wave["from_on"], wave["until_on"], self.as_of) or {}

    @cached_property
    def sales(self) -> pl.DataFrame:
        """What was ordered of each product, by week: product_id, weeks_ago, buys, quantity."""
        return self.aggregate("sales_by_product").select("product_id", "weeks_ago", "buys", "quantity").collect()


def _common(names: list[str]) -> str | None:
    """The words with which all names begin, as variants of one thing share them; the first name, if they share none."""
    if not names:
        return None
    shared = []
    for words in zip(*(name.split() for name in names), strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return " ".join(shared) or min(names)
