"""What Identities says in words: how many pairs wait for somebody's word, and what became of what was decided."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from display.messages import Card, Tone
from display.numbers import count, percent
from display.tables.identities import evidence_in_words, name_of
from display.words import say


def _open(doubtful: pl.DataFrame) -> int:
    return doubtful.get_column("verdict").null_count()


def _waiting(decisions: pl.DataFrame) -> int:
    return decisions.filter(pl.col("state").is_in(["waiting", "taken_back"])).height


def title(doubtful: pl.DataFrame, decisions: pl.DataFrame, language: str) -> str:
    """What there is to decide; else what waits for the refresh; else that nothing is in doubt."""
    undecided, waiting = _open(doubtful), _waiting(decisions)
    if undecided:
        return say(language, "identities.title", count=undecided)
    return (
        say(language, "identities.title.waiting", count=waiting) if waiting else say(language, "identities.title.calm")
    )


def cards(
    doubtful: pl.DataFrame, joined: pl.DataFrame, decisions: pl.DataFrame, differing: int, language: str
) -> tuple[Card, ...]:
    """Pairs to decide, groups that count as one, decisions, those that wait, those that contradict each other, and
    values that give way to those of another system."""
    groups = joined.select("entity", "group_id").n_unique() if joined.height else 0
    held = decisions.filter(pl.col("state") != "taken_back").height
    contradicted = decisions.filter(pl.col("state") == "contradicted").height
    in_effect = decisions.filter(pl.col("state") == "applied").height
    applied = say(language, "identities.card.decisions.note", count=in_effect)
    records = say(language, "identities.card.joined.note", count=joined.height)
    return (
        _card("doubtful", _open(doubtful), _or_none("doubtful", _open(doubtful), language), language),
        _card("joined", groups, records, language),
        _card("decisions", held, applied, language),
        _card("waiting", _waiting(decisions), _or_none("waiting", _waiting(decisions), language), language),
        _card(
            "troubled",
            contradicted,
            _or_none("troubled", contradicted, language),
            language,
            "warn" if contradicted else "quiet",
        ),
        _card("differing", differing, _or_none("differing", differing, language), language),
    )


def _or_none(name: str, number: int, language: str) -> str:
    return say(language, f"identities.card.{name}.{'note' if number else 'none'}")


def _card(name: str, number: int, note: str, language: str, tone: Tone = "quiet") -> Card:
    words = f"identities.card.{name}"
    return Card(name, say(language, words), count(number, language), note, say(language, f"{words}.help"), tone)


def pair(row: Mapping[str, Any], language: str) -> str:
    """A pair in one line."""
    return f"{name_of(row, language)} · {name_of(row, language, 'other_')}"


def evidence(row: Mapping[str, Any], language: str) -> str:
    """What speaks for it, and how much."""
    said = evidence_in_words(row["evidence"], language)
    return say(language, "identities.side.evidence", evidence=said, certainty=percent(row["certainty"], language))


def member(row: Mapping[str, Any], language: str) -> str:
    """A joined record in one line."""
    return f"{name_of(row, language)} · {row['record_id']}"


def decision(row: Mapping[str, Any], language: str) -> str:
    """A decision in one line."""
    verdict = say(language, f"identities.verdict.{row['verdict']}")
    return f"{row['name']} · {verdict} · {row['others']}"
