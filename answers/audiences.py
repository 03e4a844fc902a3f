"""Audiences: whom one may address of a segment and stage, on a channel. Who has not consented never comes out: the
answer only says how many those are.

One customer in ten is held out of offers, see ``analytics.control_groups``; what offers bring is measured on them.

What anybody refused counts also where the viewer may not look: an address refused in another region or company, or of
somebody else's customer, does not come out. Nothing is told of it but that absence: it is counted nowhere.

Addresses need personal_data. Segments and stages are those of ``answers.customers``, topics those of the study of
voices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from analytics import campaign_effects
from analytics.access import ALL, Viewer, require
from analytics.campaign_effects import CAUSED
from analytics.consents import ADDRESSES, GRANTED, REFUSED, UNKNOWN, consented, decided
from analytics.control_groups import CONTROL, OFFER, held_out
from analytics.demand import Types
from analytics.erasing import ERASED
from analytics.scope import Scope
from analytics.topics import TROUBLES
from answers import Snapshot, newest, snapshot
from answers import customers as known
from answers.asking import Asking

RIGHT, SEES = "sales.read", "personal_data"
CHANNELS = tuple(ADDRESSES)
LEFT_OUT = (REFUSED, UNKNOWN, "no_address")
TOPIC_DAYS, EFFECT_DAYS = 182, 90
WHOLE = Viewer(user="tandem", role="owner")
ROWS: Types = {
    "customer_id": pl.String,
    "customer": pl.String,
    "person": pl.String,
    "role": pl.String,
    "address": pl.String,
    "group": pl.String,
    "segment": pl.String,
    "stage": pl.String,
    "leaving_risk": pl.Float64,
    "expected_amount": pl.Float64,
    "topic": pl.String,
    "decided_at": pl.Datetime("us", "UTC"),
    "currency": pl.String,
}


@dataclass(frozen=True)
class Audience:
    """Whom one may address: see ``ROWS``, the largest expected amount first. ``left_out``: how many addressees were
    left out, by why: they refused, never decided, or (customers) have no address of this channel."""

    rows: pl.DataFrame
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Wanted:
    """Which customers, on which channel; ``segment``, ``stage``, ``topic`` and ``group`` (offer, or control: held out)
    are None for all."""

    channel: str
    segment: str | None = None
    stage: str | None = None
    topic: str | None = None
    group: str | None = None


def audience(viewer: Viewer, scope: Scope, wanted: Wanted, *, version: Snapshot | None = None) -> Audience:
    """Whom one may address of the chosen customers: the customer itself and each person at it, one row per address."""
    require(require(viewer, RIGHT), SEES)
    of = version or snapshot()
    chosen = customers_of(viewer, scope, wanted, version=of)
    parties = known.parties(viewer, scope, version=of)
    told = _told(viewer, of, parties, wanted.channel, chosen)
    refused = _refused_anywhere(viewer, of, wanted.channel)
    reached = told.unique(["party_id", "_address"], keep="first", maintain_order=True)
    counts = dict(reached.group_by("consent").len().iter_rows())
    unreached = chosen.height - reached.get_column("party_id").n_unique()
    left_out = {REFUSED: counts.get(REFUSED, 0), UNKNOWN: counts.get(UNKNOWN, 0), "no_address": unreached}
    addressed = reached.filter(pl.col("consent") == GRANTED, ~pl.col("_address").is_in(refused))
    described = addressed.join(
        chosen, left_on="party_id", right_on="customer_id", how="inner", validate="m:1", maintain_order="left"
    )
    rows = described.rename({"party_id": "customer_id"}).select(pl.col(name).cast(kind) for name, kind in ROWS.items())
    return Audience(rows.sort(-pl.col("expected_amount").fill_null(0.0), "customer", "address"), left_out)


def effect(viewer: Viewer, scope: Scope, wanted: Wanted, *, version: Snapshot | None = None) -> pl.DataFrame:
    """What offers brought the chosen customers in the last 90 days: one row, see
    ``analytics.campaign_effects.CAUSED``; campaign_id is null.

    Who may be offered something stands beside who is held out, of all that are chosen, after what each ordered in the
    half year before; the placebo asks the same of the 90 days before. In order days and in the reporting currency.
    """
    of = version or snapshot()
    question = Asking(require(require(viewer, RIGHT), SEES), scope, of)
    chosen = customers_of(viewer, scope, replace(wanted, group=None), version=of)
    is_held = pl.when(pl.col("group") == CONTROL).then(pl.lit("held_out")).otherwise(pl.lit("addressed"))
    people = chosen.select("customer_id", campaign_id=pl.lit("offers"), group=is_held)
    first = question.as_of - timedelta(days=EFFECT_DAYS - 1)
    span = pl.DataFrame([("offers", first, question.as_of)], schema=SPAN, orient="row")
    families = pl.DataFrame(schema={"campaign_id": pl.String, "family": pl.String})
    found = campaign_effects.caused(span, people, _sales(question), families, question.as_of)
    return found.with_columns(campaign_id=pl.lit(None, pl.String)).select(list(CAUSED))


SPAN: Types = {"campaign_id": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}


def _sales(question: Asking) -> pl.DataFrame:
    """What was ordered: customer_id, day_on, family (none is told apart), amount."""
    lines = question.aggregate("fact_order_lines").filter(pl.col("quantity") > 0).drop_nulls("customer_id")
    keys = ("customer_id", "day_on", "currency")
    daily = lines.group_by(keys).agg(pl.col("amount").sum()).collect()
    worth = question.converted(daily, "amount").with_columns(pl.col("amount").fill_null(0.0))
    parties = known.parties(question.viewer, question.scope, version=question.version)
    own = worth.join(parties, on="customer_id", how="inner", validate="m:1")
    return own.select("day_on", "amount", customer_id="party_id", family=pl.lit(None, pl.String))


def customers_of(viewer: Viewer, scope: Scope, wanted: Wanted, *, version: Snapshot | None = None) -> pl.DataFrame:
    """The chosen customers, with everything by which they may be chosen: see ``answers.customers.valued``; topic, the
    trouble that each told of last within half a year; and group, whether it may be offered something or is held out."""
    of = version or snapshot()
    rows = known.customers(viewer, scope, version=of)
    stages, outlook = known.stages(viewer, scope, version=of), known.outlook(viewer, scope, version=of)
    valued = known.valued(rows, stages, outlook)
    whole = valued
    for part in (_groups(viewer, scope, of), _topics(viewer, scope, of)):
        whole = whole.join(part, on="customer_id", how="left", validate="1:1", maintain_order="left")
    asked = {"segment": wanted.segment, "stage": wanted.stage, "topic": wanted.topic, "group": wanted.group}
    is_asked = [pl.col(name) == value for name, value in asked.items() if value is not None]
    return whole.filter(pl.all_horizontal(is_asked or [pl.lit(value=True)]))


def _groups(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    """One row per customer: customer_id, group."""
    rows = known.known_as(viewer, scope, version=version)
    groups = [CONTROL if held_out(key) else OFFER for key in rows["known_as"]]
    return rows.select("customer_id").with_columns(group=pl.Series(groups, dtype=pl.String))


def _topics(viewer: Viewer, scope: Scope, version: Snapshot) -> pl.DataFrame:
    none = pl.DataFrame(schema={"customer_id": pl.String, "topic": pl.String})
    study = newest("voices")
    if study is None or not viewer.may("service.read"):
        return none
    since = study.as_of_on - timedelta(days=TOPIC_DAYS)
    is_trouble = pl.col("topic").is_in(list(TROUBLES)) & (pl.col("said_on") > since)
    said = study.frame("voices", viewer).filter(is_trouble).drop_nulls("customer_id").collect()
    parties = known.parties(viewer, scope, version=version)
    own = said.join(parties, on="customer_id", how="inner", validate="m:1")
    last = own.sort("said_on", "record_id").group_by(customer_id="party_id").agg(pl.col("topic").last())
    return last if last.height else none


def _told(viewer: Viewer, version: Snapshot, parties: pl.DataFrame, channel: str, chosen: pl.DataFrame) -> pl.DataFrame:
    """The addressees of the chosen customers that have an address, with consent and decided_at. What anybody refused
    for an address counts, also who is not chosen or not active any more."""
    everybody = _addressees(viewer, version, parties, ADDRESSES[channel]).drop_nulls("address")
    told = consented(everybody, _consents(viewer, version, parties), channel)
    is_chosen = pl.col("party_id").is_in(chosen.get_column("customer_id").implode())
    return told.filter(is_chosen & pl.col("is_active"))


def _refused_anywhere(viewer: Viewer, version: Snapshot, channel: str) -> pl.Series:
    """The addresses that anybody refused in the whole firm, for who sees a part of it. They only ever take rows
    away."""
    if all(seen == ALL for seen in (viewer.companies, viewer.regions, viewer.customers)):
        return pl.Series(dtype=pl.String).implode()
    parties = known.parties(WHOLE, Scope(), version=version)
    everybody = _addressees(WHOLE, version, parties, ADDRESSES[channel]).drop_nulls("address")
    told = consented(everybody, _consents(WHOLE, version, parties), channel)
    own = told.filter(pl.col("consent") == REFUSED).get_column("_address")
    said = decided(version.table("consents", WHOLE).collect(), channel).filter(~pl.col("is_granted"))
    return pl.concat([own, said.get_column("email")]).drop_nulls().unique().implode()


def _addressees(viewer: Viewer, version: Snapshot, parties: pl.DataFrame, column: str) -> pl.DataFrame:
    """One row per address of the customers, past ones too: party_id, contact_id, person, role, address and is_active;
    and _address, by which two spellings of an address are one. Of records that are one each has its own address: what
    was refused for one that gives way is refused."""
    firms = version.as_given("customers", viewer).filter(pl.col("name") != ERASED).collect()
    people = version.table("contacts", viewer).collect()
    none = pl.lit(None, pl.String)
    own = firms.select("customer_id", "is_active", contact_id=none, person=none, role=none, address=column)
    at = people.select("customer_id", "contact_id", "role", "is_active", person="name", address=column)
    both = pl.concat([at, own.select(at.columns)]).sort("customer_id", "contact_id", nulls_last=True)
    found = parties.join(both, on="customer_id", how="inner", validate="1:m", maintain_order="left")
    plain = pl.col("address").str.strip_chars().str.to_lowercase()
    return found.select("party_id", "contact_id", "person", "role", "is_active", "address", _address=plain)


def _consents(viewer: Viewer, version: Snapshot, parties: pl.DataFrame) -> pl.DataFrame:
    rows = version.table("consents", viewer).collect()
    at = version.table("contacts", viewer).select("contact_id", of_contact="customer_id").collect()
    of = rows.join(at, on="contact_id", how="left", validate="m:1")
    owned = of.with_columns(customer_id=pl.coalesce("customer_id", "of_contact"))
    return owned.join(parties, on="customer_id", how="left", validate="m:1")


def consents_of(viewer: Viewer, scope: Scope, customer_id: str, *, version: Snapshot | None = None) -> pl.DataFrame:
    """One row per channel: channel, consent (granted, refused or unknown) and decided_at: whether one may address the
    customer itself and the people at it; of several persons, how many granted, refused and never decided."""
    require(require(viewer, RIGHT), SEES)
    of = version or snapshot()
    parties = known.parties(viewer, scope, version=of)
    own = parties.filter(pl.col("customer_id") == customer_id).get_column("party_id")
    chosen = pl.DataFrame({"customer_id": own}, schema={"customer_id": pl.String})
    counted = []
    for channel in ADDRESSES:
        told = _told(viewer, of, parties, channel, chosen)
        states = dict(told.group_by("consent").len().iter_rows())
        at = told.get_column("decided_at").max()
        counted.append((channel, states.get(GRANTED, 0), states.get(REFUSED, 0), states.get(UNKNOWN, 0), at))
    return pl.DataFrame(counted, schema=CONSENTS, orient="row")


CONSENTS: Types = {
    "channel": pl.String,
    GRANTED: pl.Int64,
    REFUSED: pl.Int64,
    UNKNOWN: pl.Int64,
    "decided_at": pl.Datetime("us", "UTC"),
}

__all__ = ["CHANNELS", "LEFT_OUT", "Audience", "Wanted", "audience", "consents_of", "customers_of", "effect"]
