"""The tables of Identities."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics.business_keys import COMPARED_DIGITS
from display.tables import Column, Shown, Table, shown
from display.tables.health import source_name
from display.words import known, say

OF_PAIRS = {"open": "gray", "same": "blue", "apart": "blue"}
OF_MEMBERS = {"together": "gray", "parted": "blue"}
OF_DECISIONS = {"waiting": "blue", "applied": "gray", "taken_back": "blue", "idle": "gray", "contradicted": "orange"}
OF_FIELDS = {"yes": "gray", "no": "orange", "unknown": "gray"}
FIELDS = {
    "customer": ("name", "number", "tax_number", "email", "phone", "country", "city"),
    "supplier": ("name", "number", "tax_number", "email", "phone", "country", "city"),
    "product": ("name", "sku", "barcode"),
}

DOUBTFUL = Table(
    "doubtful",
    (
        Column("name", width=190, pinned=True),
        Column("source", width=90),
        Column("other_name", width=190),
        Column("other_source", width=90),
        Column("entity", width=80, words="identities.entity."),
        Column("evidence", width=165),
        Column("certainty", "share", width=75),
        Column("state", "chip", width=115, words="identities.state.", colours=OF_PAIRS),
    ),
)
SIDE_BY_SIDE = Table(
    "side_by_side",
    (
        Column("field", width=78),
        Column("one", width=140),
        Column("other", width=140),
        Column("agrees", "chip", width=90, words="identities.agrees.", colours=OF_FIELDS),
    ),
)
JOINED = Table(
    "joined",
    (
        Column("group", width=180, pinned=True),
        Column("name", width=190),
        Column("source", width=90),
        Column("record_id", width=120),
        Column("entity", width=80, words="identities.entity."),
        Column("evidence", width=180),
        Column("state", "chip", width=140, words="identities.state.", colours=OF_MEMBERS),
    ),
)
DECIDED = Table(
    "decided",
    (
        Column("decided_at", "instant", width=150),
        Column("decided_by", width=100),
        Column("name", width=200),
        Column("verdict", width=110, words="identities.verdict."),
        Column("others", width=220),
        Column("entity", width=90, words="identities.entity."),
        Column("state", "chip", width=170, words="identities.decision.", colours=OF_DECISIONS),
    ),
)
OTHERS = Table(
    "others",
    (
        Column("field", width=90, words="identities.field."),
        Column("kept", width=200),
        Column("kept_source", width=90),
        Column("other", width=200),
        Column("other_source", width=90),
        Column("other_id", width=120),
        Column("entity", width=80, words="identities.entity."),
        Column("rule", width=90, words="identities.rule."),
    ),
)
ONE_RECORD = Table(
    "one_record",
    (
        Column("group_id", width=130),
        Column("entity", width=80, words="identities.entity."),
        Column("field", width=100, words="identities.field."),
        Column("value", width=250),
        Column("source", width=100),
        Column("record_id", width=130),
        Column("rule", width=90, words="identities.rule."),
    ),
)
COUNTED = Table(
    "counted",
    (
        Column("entity", width=110, words="identities.entity."),
        Column("field", width=130, words="identities.field."),
        Column("rule", width=110, words="identities.rule."),
        Column("differing", "number", width=140),
        Column("groups", "number", width=100),
    ),
)


def name_of(row: Mapping[str, Any], language: str, prefix: str = "") -> str:
    """What a record is called; that it is hidden where the viewer may not see its name."""
    return row[f"{prefix}name"] or say(language, "health.masked")


def evidence_in_words(evidence: str, language: str) -> str:
    """All that agrees, in words."""
    parts = [part.strip() for part in evidence.split(",")]
    words = (f"identities.evidence.{part}" for part in parts)
    return ", ".join(say(language, word) if known(word) else part for word, part in zip(words, parts, strict=True))


def _told(frame: pl.DataFrame, language: str, *, names: tuple[str, ...], sources: tuple[str, ...]) -> pl.DataFrame:
    """With hidden names, systems and evidence in words."""
    hidden = [pl.col(name).fill_null(say(language, "health.masked")) for name in names]
    named = frame.with_columns(*hidden, *(_replaced(frame, name, source_name, language) for name in sources))
    if "evidence" not in frame.columns:
        return named
    return named.with_columns(_replaced(frame, "evidence", evidence_in_words, language))


def _replaced(frame: pl.DataFrame, column: str, words: Any, language: str) -> pl.Expr:
    codes = frame.get_column(column).unique().drop_nulls().to_list()
    return pl.col(column).replace(codes, [words(code, language) for code in codes])


def doubtful(frame: pl.DataFrame, language: str) -> Shown:
    """One row per pair that is likely one."""
    told = _told(frame, language, names=("name", "other_name"), sources=("source", "other_source"))
    return shown(DOUBTFUL, told.with_columns(state=pl.col("verdict").fill_null("open")), language)


def side_by_side(pair: Mapping[str, Any], language: str) -> Shown:
    """Both records of a pair, field by field; fields that neither knows are left out."""
    fields = [name for name in FIELDS[pair["entity"]] if _is_told(pair, name)]
    rows = [
        {
            "field": say(language, f"identities.field.{name}"),
            "one": _value(pair[name], name, language),
            "other": _value(pair[f"other_{name}"], name, language),
            "agrees": _agrees(_bare(pair[name], name), _bare(pair[f"other_{name}"], name)),
        }
        for name in fields
    ]
    headings = {
        "one": source_name(pair["source"], language),
        "other": source_name(pair["other_source"], language),
    }
    if headings["one"] == headings["other"]:
        headings = {}
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("field", "one", "other", "agrees"), pl.String))
    return shown(SIDE_BY_SIDE, frame, language, headings=headings)


def _is_told(pair: Mapping[str, Any], name: str) -> bool:
    return name == "name" or pair[name] is not None or pair[f"other_{name}"] is not None


def _value(value: str | None, field: str, language: str) -> str | None:
    return say(language, "health.masked") if value is None and field == "name" else value


def _bare(value: str | None, field: str) -> str | None:
    """A value as it is compared: letters and digits only, of a phone number its last eight digits."""
    if value is None:
        return None
    bare = "".join(sign for sign in unicodedata.normalize("NFKC", value).casefold() if sign.isalnum())
    return bare[-COMPARED_DIGITS:] if field == "phone" else bare


def _agrees(one: str | None, other: str | None) -> str:
    if one is None or other is None:
        return "unknown"
    return "yes" if one == other else "no"


def joined(frame: pl.DataFrame, language: str) -> Shown:
    """One row per record of a group that counts as one."""
    told = _told(frame, language, names=("name",), sources=("source",))
    first = pl.col("name").first().over("entity", "group_id")
    parted = pl.when(pl.col("decision").is_null()).then(pl.lit("together")).otherwise(pl.lit("parted"))
    return shown(JOINED, told.with_columns(group=first, state=parted), language)


def decided(frame: pl.DataFrame, language: str, zone: str | None) -> Shown:
    """One row per decision."""
    return shown(DECIDED, frame, language, zone=zone)


def others(frame: pl.DataFrame, language: str) -> Shown:
    """One row per value that gives way to another system's."""
    told = _told(frame, language, names=(), sources=("kept_source", "other_source"))
    return shown(OTHERS, told, language)


def one_record(frame: pl.DataFrame, language: str) -> Shown:
    """One row per value that counts of joined records."""
    return shown(ONE_RECORD, _told(frame, language, names=(), sources=("source",)), language)


def counted(frame: pl.DataFrame, language: str) -> Shown:
    """One row per field of which values differ."""
    return shown(COUNTED, frame, language)
