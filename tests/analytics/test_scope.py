"""A scope is a value that refuses what is no question."""

import pytest

from analytics.scope import GROUPINGS, Scope


@pytest.mark.parametrize("wrong", [{"grouping": "colour"}, {"history_days": 0}, {"horizon_days": -1}])
def test_what_is_no_question_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"there is no grouping|count days"):
        Scope(**wrong)  # type: ignore[arg-type]


def test_equal_questions_are_one_key_of_a_cache() -> None:
    assert hash(Scope(sites=("a",))) == hash(Scope(sites=("a",)))
    assert len({Scope(grouping=grouping) for grouping in GROUPINGS}) == len(GROUPINGS)
