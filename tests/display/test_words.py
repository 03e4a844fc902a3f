"""Every text exists in every language, and every text that is asked for exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from analytics.access import RIGHTS
from analytics.inventory import STATES
from analytics.scope import GROUPINGS
from analytics.tables import SUBJECTS, TABLES
from answers.inventory import EVENT_KINDS
from display.words import LANGUAGES, PHRASES, Phrase, known, marked, say
from refresh.sources import SOURCES
from tests.test_house import HOUSE, modules

CHINESE = re.compile(r"[\u3001\u4e00-\u9fff\uff00-\uffef]")
SAME_EVERYWHERE = {"app.name", "export.csv", "export.xlsx", "none", "orders.one", "stockouts.at"}
NAMES = {f"source.{source}" for source in SOURCES}
RULE_MAKERS = {
    "Finding": 0,
    "Notice": 0,
    "SourceRefused": 0,
    "DeliveryRefused": 0,
    "TableRefused": 0,
    "_broken": 1,
    "_breaking": 1,
    "listed": 2,
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


GROUPS = sorted({key.partition(".")[0] for key in PHRASES})


def of_group(group: str) -> dict[str, Phrase]:
    """The texts whose names begin alike."""
    return {key: phrase for key, phrase in PHRASES.items() if key.partition(".")[0] == group}


@pytest.mark.parametrize("group", GROUPS)
def test_a_text_has_every_language_with_the_same_placeholders(group: str) -> None:
    for key, phrase in of_group(group).items():
        assert phrase.en.strip(), key
        assert phrase.zh.strip(), key
        assert placeholders(phrase.en) == placeholders(phrase.zh), key
        assert phrase.one is None or placeholders(phrase.one) <= placeholders(phrase.en), key


@pytest.mark.parametrize("group", GROUPS)
def test_the_chinese_text_is_chinese_and_the_english_is_not(group: str) -> None:
    for key, phrase in of_group(group).items():
        if key not in SAME_EVERYWHERE | NAMES:
            assert CHINESE.search(phrase.zh) or phrase.zh.isascii(), key
            assert not CHINESE.search(phrase.en), key


def test_a_count_of_one_takes_the_singular() -> None:
    assert say("en", "inventory.items", count=1) == "1 item"
    assert say("en", "inventory.items", count=2) == "2 items"
    assert say("zh", "inventory.items", count=1) == "1种物料"


def _asked() -> Iterator[tuple[str, str]]:
    """Every text that the code asks for by its whole name, with where it does."""
    for path in modules("display", "pages", "reports"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in ("say", "_say"):
                for argument in node.args[:2]:
                    if isinstance(argument, ast.Constant) and "." in str(argument.value):
                        yield str(argument.value), str(path.relative_to(HOUSE))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_text_that_is_asked_for_exists() -> None:
    asked = list(_asked())
    assert len(asked) > 40
    assert [(key, where) for key, where in asked if not known(key)] == []


@pytest.mark.parametrize(
    "keys",
    [
        [f"inventory.state.{state}" for state in STATES],
        [f"inventory.event.{kind}" for kind in EVENT_KINDS],
        [f"grouping.{grouping}" for grouping in GROUPINGS if grouping != "none"],
        [f"role.{role}" for role in RIGHTS],
        [f"subject.{subject}" for subject in SUBJECTS],
        [f"source.{source}" for source in SOURCES],
    ],
    ids=["states", "events", "groupings", "roles", "subjects", "sources"],
)
def test_every_code_has_words(keys: list[str]) -> None:
    assert keys
    assert [key for key in keys if not known(key)] == []


def _rules_of_code() -> Iterator[str]:
    """What the readers, sources and the refresh call the things that they find."""
    for path in modules("data_access", "refresh"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            position = RULE_MAKERS.get(_called(node)) if isinstance(node, ast.Call) else None
            if position is not None and len(node.args) > position:  # type: ignore[attr-defined]
                named = node.args[position]  # type: ignore[attr-defined]
                if isinstance(named, ast.Constant) and isinstance(named.value, str):
                    yield named.value


def _rules_of_schemas() -> set[str]:
    named = {rule for schema in TABLES.values() for rule in schema._validation_rules(with_cast=False)}
    return {rule for rule in named if "|" not in rule}


def test_every_rule_that_the_code_names_has_words() -> None:
    found = set(_rules_of_code())
    assert {"missing_reference", "archive_bomb", "negative_stock"} <= found
    assert sorted(rule for rule in found if not known(f"rule.{rule}")) == []


def test_every_rule_of_a_schema_has_words() -> None:
    found = _rules_of_schemas()
    assert {"primary_key", "closed_after_opened"} <= found
    assert sorted(rule for rule in found if not known(f"rule.{rule}")) == []


def test_a_value_from_the_data_is_never_markup() -> None:
    assert marked("**x** [a](b) :red[c] `d` $e$ <b>") == (r"\*\*x\*\* \[a\]\(b\) \:red\[c\] \`d\` \$e\$ \<b\>")
    assert marked("阀体 DN50") == "阀体 DN50"


def test_an_address_in_a_value_does_not_become_a_link() -> None:
    assert marked("see https://a.example") == "see https\\:\u2060//a\\.example"
    assert marked("WWW.a.example") == "WWW\u2060\\.a\\.example"
    assert marked("http: not one, wwwx") == "http\\: not one, wwwx"


def test_there_are_two_languages() -> None:
    assert list(LANGUAGES) == ["en", "zh"]
    assert Path(__file__).exists()
