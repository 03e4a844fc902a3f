"""Every text that a person reads, in each language: data, one file per subject. ``say`` is the only way to them."""

import re

from display.words import (
    accounts,
    accuracy,
    arranging,
    campaigns,
    connect,
    contracts,
    contributions,
    customer_outlook,
    customer_scores,
    customers,
    cutovers,
    decisions,
    delivery,
    demand,
    health,
    identities,
    inventory,
    leads,
    lineage,
    materials,
    metrics,
    order_plans,
    orders,
    overrides,
    overview,
    persons,
    pipeline,
    promise_rules,
    promises,
    repairs,
    reports,
    rights,
    rules,
    scope,
    service,
    shared,
    stock,
    stock_outs,
    subscriptions,
    surges,
)
from display.words.phrase import Phrase

ADDRESS, UNSEEN = re.compile(r"https?:(?=//)|www(?=\.)", re.IGNORECASE), "\u2060"
LANGUAGES = {"en": "English", "zh": "中文"}
_SUBJECTS = (
    shared,
    arranging,
    accuracy,
    accounts,
    connect,
    overview,
    metrics,
    campaigns,
    contracts,
    contributions,
    customer_outlook,
    customer_scores,
    customers,
    cutovers,
    decisions,
    delivery,
    demand,
    inventory,
    health,
    identities,
    leads,
    lineage,
    materials,
    order_plans,
    orders,
    overrides,
    persons,
    pipeline,
    promise_rules,
    promises,
    repairs,
    reports,
    rights,
    rules,
    scope,
    service,
    stock,
    stock_outs,
    subscriptions,
    surges,
)
PHRASES: dict[str, Phrase] = {key: phrase for subject in _SUBJECTS for key, phrase in subject.PHRASES.items()}


def say(language: str, key: str, /, **values: object) -> str:
    """The text in the language, its placeholders filled. A value named ``count`` of exactly 1 takes the singular."""
    return PHRASES[key].text(language, singular=values.get("count") == 1).format(**values)


def known(key: str) -> bool:
    """Whether there is a text of that name."""
    return key in PHRASES


def marked(text: str) -> str:
    """A value from the data, safe inside Markdown: shown as it is, never as markup. What reads like an address gets a
    sign that nobody sees: Markdown makes links of addresses after it has read all marks."""
    plain = ADDRESS.sub(lambda found: f"{found[0]}{UNSEEN}", text)
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~:$<>" else letter for letter in plain)


__all__ = ["LANGUAGES", "PHRASES", "Phrase", "known", "marked", "say"]
