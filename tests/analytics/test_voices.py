"""What customers say on every channel, each thing once, and which topic rises about which products."""

import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from analytics.voices import NEEDS, VOICES, WAVES, voices, waves
from tests.analytics.firm import DAY, noon, table

LEAK = "It leaks."


def said(**tables: list[dict[str, Any]]) -> pl.DataFrame:
    return voices({name: table(name, *tables.get(name, [])) for name in NEEDS})


def test_what_belongs_to_a_ticket_counts_once() -> None:
    found = said(
        tickets=[{"ticket_id": "t", "opened_at": noon(DAY), "status": "open", "body": LEAK}],
        interactions=[
            {"interaction_id": "i", "ticket_id": "t", "channel": "mail", "occurred_at": noon(DAY), "body": LEAK},
            {"interaction_id": "own", "channel": "mail", "direction": "out", "occurred_at": noon(DAY), "body": LEAK},
            {"interaction_id": "theirs", "channel": "mail", "direction": "in", "occurred_at": noon(DAY), "body": LEAK},
        ],
        feedback=[
            {"feedback_id": "f", "kind": "complaint", "ticket_id": "t", "given_at": noon(DAY), "text": LEAK},
            {"feedback_id": "g", "kind": "review", "given_at": noon(DAY), "text": "Good"},
            {"feedback_id": "silent", "kind": "survey", "given_at": noon(DAY), "score": 5},
        ],
    )
    assert dict(found.schema) == dict(VOICES)
    assert found.select("kind", "record_id", "topic", "sentiment").rows() == [
        ("conversation", "theirs", "leak", -1), ("feedback", "g", "other", 1), ("ticket", "t", "leak", -1),
    ]  # fmt: skip


def test_a_cancelled_ticket_says_nothing() -> None:
    ticket = {"ticket_id": "t", "opened_at": noon(DAY), "status": "cancelled", "body": LEAK}
    assert said(tickets=[ticket]).is_empty()


def test_a_product_is_found_by_its_whole_name_in_the_text() -> None:
    products = [
        {"product_id": "short", "name": "Pump CP"},
        {"product_id": "long", "name": "Pump CP DN15", "name_zh": "离心泵15"},
        {"product_id": "one", "name": "Twice"}, {"product_id": "two", "name": "Twice"},
    ]  # fmt: skip
    texts = ["My Pump CP DN15 leaks", "Pump CP leaks", "离心泵15漏水", "Twice it leaked", "It leaks"]
    talks = [
        {"interaction_id": str(at), "channel": "chat", "occurred_at": noon(DAY), "body": text}
        for at, text in enumerate(texts)
    ]
    assert said(products=products, interactions=talks)["product_id"].to_list() == ["long", "short", "long", None, None]


def heard(*parts: tuple[str, str, list[int]]) -> pl.DataFrame:
    """Voices on a topic about a group, so many days ago."""
    rows = [(topic, group, DAY - timedelta(days=ago)) for topic, group, each in parts for ago in each]
    return pl.DataFrame(rows, schema={"topic": pl.String, "group_key": pl.String, "said_on": pl.Date}, orient="row")


USUAL = ("leak", "other pumps", list(range(3, 700, 20)))


def test_a_topic_that_rises_about_some_products_is_found_with_its_days() -> None:
    wave = [ago for ago in range(70, 105) for _ in range(2)]
    rows = heard(USUAL, ("leak", "CP", [*range(3, 700, 30), *wave]))
    found = waves(rows, DAY)
    assert dict(found.schema) == dict(WAVES)
    assert found.select("topic", "group_key").rows() == [("leak", "CP")]
    assert found["from_on"].item() == DAY - timedelta(days=104)
    assert found["until_on"].item() == DAY - timedelta(days=70)
    assert found["voices"].item() == sum(70 <= ago <= 104 for ago in [*range(3, 700, 30), *wave])
    assert found["times"].item() > 10


def test_what_is_usual_is_no_wave() -> None:
    dice = random.Random(1)  # noqa: S311 - the same voices in every run
    even = [
        (topic, group, [dice.randrange(728) for _ in range(60)]) for topic in ("leak", "late") for group in "abcdefgh"
    ]
    assert waves(heard(*even), DAY).is_empty()
    assert waves(heard(("price", "CP", [7] * 100)), DAY).is_empty(), "a price that is asked for is no trouble"
    assert waves(heard(("leak", "CP", [400] * 100), USUAL), DAY).is_empty(), "what is long over does not rise"
    assert waves(heard(), DAY).is_empty()
    assert waves(heard(("leak", "CP", [0])), date(2020, 1, 1)).is_empty()
