"""What texts are about and how they sound, in both languages."""

import polars as pl
import pytest

from analytics.topics import NAMES, TOPICS, TROUBLES, sentiment, topic

SAID = [
    ("The shaft seal leaks after two weeks.", "leak", -1),
    ("泵又漏水，我们要退货。", "leak", -1),
    ("The carton was crushed, the housing is cracked.", "damage", -1),
    ("纸箱被压坏，泵壳有裂纹。", "damage", -1),
    ("You sent the wrong part, the box holds another size.", "wrong_item", -1),
    ("箱子里是别的规格。", "wrong_item", 0),
    ("Where is our delivery? It is two weeks late.", "late", -1),
    ("货还没到，请尽快告知。", "late", -1),
    ("Is it normal that the pump hums?", "noise", 0),
    ("低速时有嗡嗡声，正常吗？", "noise", 0),
    ("The controller stopped working.", "failure", 0),
    ("Please send us a copy of the invoice.", "invoice", 0),
    ("请补发发票。", "invoice", 0),
    ("What does it cost for ten pieces?", "price", 0),
    ("这周有货吗？", "availability", 0),
    ("Fast and friendly, thank you!", "other", 1),
    ("质量不错，非常满意。", "other", 1),
    ("Hello", "other", 0),
    ("  ", None, None),
    (None, None, None),
]


@pytest.mark.parametrize(("text", "about", "tone"), SAID, ids=str)
def test_a_text_has_a_topic_and_a_tone(text: str | None, about: str | None, tone: int | None) -> None:
    rows = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    assert rows.select(topic(pl.col("text")), tone=sentiment(pl.col("text"))).row(0) == (about, tone)


def test_words_within_words_are_none() -> None:
    rows = pl.DataFrame({"text": ["The plate is translated", "A humble request", "unbroken"]})
    assert rows.select(found=topic(pl.col("text")))["found"].to_list() == ["other"] * 3


def test_every_trouble_is_a_topic() -> None:
    assert set(TROUBLES) <= set(TOPICS)
    assert len(set(NAMES)) == len(NAMES)
