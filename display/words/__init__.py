"""Every text that a person reads, in each language: data, one file per subject. ``say`` is the only way to them."""

from display.words import (
    contributions,
    customers,
    decisions,
    delivery,
    health,
    inventory,
    metrics,
    orders,
    overview,
    rights,
    rules,
    scope,
    shared,
    stock,
    stock_outs,
)
from display.words.phrase import Phrase

LANGUAGES = {"en": "English", "zh": "中文"}
_SUBJECTS = (
    shared,
    overview,
    metrics,
    contributions,
    customers,
    decisions,
    delivery,
    inventory,
    health,
    orders,
    rights,
    rules,
    scope,
    stock,
    stock_outs,
)
PHRASES: dict[str, Phrase] = {key: phrase for subject in _SUBJECTS for key, phrase in subject.PHRASES.items()}


def say(language: str, key: str, /, **values: object) -> str:
    """The text in the language, its placeholders filled. A value named ``count`` of exactly 1 takes the singular."""
    return PHRASES[key].text(language, singular=values.get("count") == 1).format(**values)


def known(key: str) -> bool:
    """Whether there is a text of that name."""
    return key in PHRASES


def marked(text: str) -> str:
    """A value from the data, safe inside Markdown: shown as it is, never as markup."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~:$<>" else letter for letter in text)


__all__ = ["LANGUAGES", "PHRASES", "Phrase", "known", "marked", "say"]
