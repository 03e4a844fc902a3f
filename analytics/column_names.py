"""What the name of a column or table says, whatever the language and the spelling: plain words, and how near they are
to the words of something known."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from analytics.column_dictionary import LANGUAGES, LIGHT, NOISE, words
from analytics.column_vocabulary import FIELDS, REFERENCES, ROWS

Words = tuple[str, ...]

LIGHT_WEIGHT, LANGUAGE_WEIGHT = 0.6, 0.15
NOT_SAID, SAID_BESIDES = 0.8, 0.5
TRAILING = frozenset({"on", "at", "day"})
SHORTEST_PART, LONG_PART = 3, 4


@cache
def _known() -> dict[str, Words]:
    """The words of the dictionary, and those in which rows and fields are named."""
    names = (name for listed in (ROWS, REFERENCES, FIELDS) for each in listed.values() for name in each)
    return {word: (word,) for name in names for word in name.split()} | words()


@cache
def plain_words(name: str) -> Words:
    """A name as plain words: 'OrderDate', 'order_dt', 'Bestelldatum' and '下单日期' are all order date.

    Unknown words stay as they are; words that say nothing are left out, unless nothing else is there.
    """
    parts = _parts(name)
    said = [word for position, part in enumerate(parts) for word in _meaning(part, last=position == len(parts) - 1)]
    telling = [word for word in said if word not in NOISE]
    return tuple(dict.fromkeys(telling or said))


def _parts(name: str) -> list[str]:
    text = unicodedata.normalize("NFKC", name)
    spaced = re.sub(r"(?<=[a-zß-ÿ0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text).lower()
    whole = "".join(re.findall(r"[^\W_]+", spaced))
    return [whole] if whole in _known() else re.findall(r"[^\W_]+", spaced)


def _meaning(part: str, *, last: bool) -> Words:
    if part in TRAILING and not last:
        return ()
    known = _known()
    if part in known:
        return known[part]
    for bare in (part.rstrip("0123456789"), *_singular(part)):
        if bare in known:
            return known[bare]
    return _segmented(part) or _with_one_unknown(part) or (part,)


def _singular(part: str) -> tuple[str, ...]:
    if part.endswith("ies"):
        return (f"{part[:-3]}y",)
    return (part[:-1], part[:-2]) if part.endswith("es") else (part[:-1],) if part.endswith("s") else ()


@cache
def _segmented(part: str) -> Words:
    """The known words that a compound is made of, the fewest that fill it; nothing where they do not."""
    best: list[Words | None] = [()] + [None] * len(part)
    for end in range(1, len(part) + 1):
        for start in range(end):
            before, piece = best[start], part[start:end]
            if before is None or not _is_part(piece, at_end=end == len(part)):
                continue
            longer = (*before, piece)
            shortest = best[end]
            if shortest is None or len(longer) < len(shortest):
                best[end] = longer
    pieces = best[-1] or ()
    known = _known()
    return tuple(word for piece in pieces if piece in known for word in known[piece])


def _with_one_unknown(part: str) -> Words:
    """A longer known word at the end, behind one that is not known: internetsales; nothing where there is none."""
    for start in range(LONG_PART, len(part) - LONG_PART):
        if part[start:] in _known():
            return (part[:start], *_known()[part[start:]])
    return ()


def _is_part(piece: str, *, at_end: bool) -> bool:
    if not piece.isascii() and piece in _known():
        return True
    if at_end and piece in ("id", "no", "nr"):
        return True
    return (len(piece) >= SHORTEST_PART and piece in _known()) or piece in ("of", "to")


def likeness(said: Iterable[str], name: Iterable[str]) -> float:
    """How near two sets of words are, from 0 to 1: twice what they share, by weight, over all that both say."""
    ours, theirs = frozenset(said), frozenset(name)
    whole = _weight(ours) + _weight(theirs)
    return 2 * _weight(ours & theirs) / whole if whole else 0.0


def fulfils(said: Iterable[str], name: Iterable[str]) -> float:
    """How well words fulfil a name, from 0 to 1: what the name says and they do not weighs more than what they add."""
    ours, theirs = frozenset(said), frozenset(name)
    shared = _weight(ours & theirs)
    apart = NOT_SAID * _weight(theirs - ours) + SAID_BESIDES * _weight(ours - theirs)
    return shared / (shared + apart) if shared else 0.0


def heavy(said: Iterable[str]) -> frozenset[str]:
    """The words that say what something is of, not what form its value has."""
    return frozenset(said) - LIGHT - LANGUAGES


@cache
def _weight(chosen: frozenset[str]) -> float:
    return sum(LIGHT_WEIGHT if word in LIGHT else LANGUAGE_WEIGHT if word in LANGUAGES else 1.0 for word in chosen)


def initials(said: Words) -> str:
    """The first letters of the words, as tables are shortened in the names of their keys."""
    return "".join(word[0] for word in said)
