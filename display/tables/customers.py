"""The tables of Customers, and of one customer."""

import polars as pl

from analytics.segments import MOVED_BY
from display.tables import Column, Shown, Table, shown
from display.words import say

SEGMENT_COLOURS = {
    "champions": "blue",
    "loyal": "blue",
    "promising": "green",
    "new": "violet",
    "needs_attention": "gray",
    "at_risk": "orange",
    "cannot_lose": "red",
    "hibernating": "gray",
    "lost": "gray",
    "prospect": "gray",
}
STATE_COLOURS = dict.fromkeys(
    ("open", "planned", "due", "on_time", "done", "paid", "won", "closed", "quoted", "cancelled", "credit_note", "in",
     "out", "internal", "survey", "review", "return_reason"),
    "gray",
) | {"late": "red", "overdue": "red", "came_late": "orange", "complaint": "orange", "lost": "orange"}  # fmt: skip

MOST_REASONS = 2
DAYS = {"en": "%d %b %Y", "zh": "%Y年%-m月%-d日"}
SEGMENTS = Table(
    "segments",
    (
        Column("segment", "chip", width=122, pinned=True, words="segment.", colours=SEGMENT_COLOURS),
        Column("customers", "number", width=76),
        Column("share", "share", width=60),
        Column("revenue", "money", width=108),
        Column("margin", "money", width=104),
        Column("gap_days", "number", width=70),
        Column("moved_in", "number", width=42),
        Column("moved_out", "number", width=42),
    ),
)
MOVED = Table(
    "moved",
    (
        Column("customer", width=160, pinned=True),
        Column("segment_before", "chip", width=120, words="segment.", colours=SEGMENT_COLOURS),
        Column("segment", "chip", width=120, words="segment.", colours=SEGMENT_COLOURS),
        Column("why", width=190),
        Column("revenue", "money", width=110),
    ),
)
CUSTOMERS = Table(
    "customers",
    (
        Column("customer", width=220, pinned=True),
        Column("segment", "chip", width=125, words="segment.", colours=SEGMENT_COLOURS),
        Column("last_order_on", "day", width=105),
        Column("order_days", "number", width=90),
        Column("revenue", "money", width=110),
        Column("margin", "money", width=110),
        Column("trend", "trend", width=120),
        Column("overdue", "money", width=95),
    ),
)
CONTACTS = Table(
    "contacts",
    (
        Column("name", width=180, pinned=True),
        Column("role", width=180),
        Column("email", width=240),
        Column("phone", width=150),
    ),
)
TIMELINE = Table(
    "timeline",
    (
        Column("happened_at", "day", width=105, pinned=True),
        Column("kind", width=95, words="event.kind."),
        Column("state", "chip", width=130, words="event.state.", colours=STATE_COLOURS),
        Column("document", width=200),
        Column("about", width=300),
        Column("amount", "amount", width=105),
        Column("currency", width=60),
        Column("owner", width=130),
    ),
)


def name(language: str) -> pl.Expr:
    """What a customer is called: its name or number; a private person without either is called so."""
    return pl.coalesce("customer", pl.lit(say(language, "customers.private"))).alias("customer")


def segments(frame: pl.DataFrame, language: str) -> Shown:
    """One row per segment, the best first."""
    return shown(SEGMENTS, frame.with_columns(pl.col("gap_days").round()), language)


def moved(frame: pl.DataFrame, language: str) -> Shown:
    """Customers in another segment than before, and why, in two words at most."""
    words = [say(language, f"moved.{reason}") for reason in MOVED_BY]
    texts = pl.col("moved_by").list.eval(pl.element().replace_strict(MOVED_BY, words, return_dtype=pl.String))
    why = texts.list.head(MOST_REASONS).list.join(say(language, "moved.and"))
    return shown(MOVED, frame.with_columns(name(language), why=why), language)


def customers(frame: pl.DataFrame, language: str) -> Shown:
    """Customers in their order."""
    return shown(CUSTOMERS, frame.with_columns(name(language)), language)


def contacts(frame: pl.DataFrame, language: str, *, masked: bool) -> Shown:
    """People at a customer; who they are is hidden for those who may not know."""
    hidden = pl.lit(say(language, "customer.masked"))
    told = [hidden.alias(column) for column in ("name", "email", "phone")] if masked else []
    return shown(CONTACTS, frame.with_columns(told), language)


def timeline(frame: pl.DataFrame, language: str, zone: str | None = None) -> Shown:
    """Events in their order: what and about what, as one text each."""
    day = pl.col("happened_at").dt.convert_time_zone(zone or "UTC").dt.date()
    is_dated = pl.col("kind") == "invoice"
    on = pl.when(is_dated).then(pl.col("happened_at").dt.date()).otherwise(day)
    named = frame.with_columns(_about(language), document=_document(language), happened_at=on)
    return shown(TIMELINE, named, language)


def _document(language: str) -> pl.Expr:
    """The number of the record; of conversations and feedback, which have none, the channel."""
    codes = ("phone", "mail", "chat", "social", "visit", "sms", "web", "note", "other")
    channel = pl.col("channel").replace(list(codes), [say(language, f"channel.{code}") for code in codes])
    return pl.coalesce("document", channel)


def _about(language: str) -> pl.Expr:
    """How late it is or by when it is due, its detail, its score and its text."""
    late = _days(language, "event.days_late", pl.col("kind") != "invoice")
    overdue = _days(language, "event.days_overdue", pl.col("kind") == "invoice")
    detail = pl.when(pl.col("kind") == "shipment").then(_filled(language, "event.for_order", document="detail"))
    score = _filled(language, "event.score", score=_plain("score"), highest=_plain("highest_score"))
    parts = [late, overdue, _due(language), detail.otherwise("detail"), score, pl.col("text")]
    joined = pl.concat_str(parts, separator=" · ", ignore_nulls=True)
    return pl.when(joined != "").then(joined).alias("about")


def _due(language: str) -> pl.Expr:
    """By when what is still open should be there, paid or decided."""
    is_open = pl.col("state").is_in(["open", "planned", "due"])
    day = pl.col("due_on").dt.strftime(DAYS[language]).str.strip_chars_start("0")
    return pl.when(is_open).then(_filled(language, "event.due", day=day))


def _plain(column: str) -> pl.Expr:
    """A score without needless zeros."""
    return pl.col(column).cast(pl.String).str.strip_suffix(".0")


def _days(language: str, key: str, applies: pl.Expr) -> pl.Expr:
    days = pl.col("days_late")
    many, one = (say(language, key, count=number) for number in (2, 1))
    text = pl.concat_str(pl.lit(many.partition("2")[0]), days.cast(pl.String), pl.lit(many.partition("2")[2]))
    return pl.when(applies & (days == 1)).then(pl.lit(one)).when(applies & days.is_not_null()).then(text)


def _filled(language: str, key: str, **columns: str | pl.Expr) -> pl.Expr:
    """A sentence with values of columns in its places; null where one is not known."""
    marks = {column: f"\x00{at}\x00" for at, column in enumerate(columns)}
    pieces = say(language, key, **marks).split("\x00")
    values = [pl.col(value) if isinstance(value, str) else value for value in columns.values()]
    return pl.concat_str(values[int(piece)] if at % 2 else pl.lit(piece) for at, piece in enumerate(pieces))
