"""A scope is a value that refuses what is no question."""

import pytest

from analytics.periods import CODES, COMPARISONS
from analytics.scope import GROUPINGS, Scope


@pytest.mark.parametrize("wrong", [{"grouping": "colour"}, {"history_days": 0}, {"horizon_days": -1}])
def test_what_is_no_question_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"there is no grouping|count days"):
        Scope(**wrong)  # type: ignore[arg-type]


def test_equal_questions_are_one_key_of_a_cache() -> None:
    assert hash(Scope(sites=("a",))) == hash(Scope(sites=("a",)))
    assert len({Scope(grouping=grouping) for grouping in GROUPINGS}) == len(GROUPINGS)


@pytest.mark.parametrize("wrong", [{"period": "last_week"}, {"period": ""}, {"comparison": "tomorrow"}])
def test_a_period_or_comparison_that_does_not_exist_is_refused_by_its_name(wrong: dict[str, str]) -> None:
    (code,) = wrong.values()
    with pytest.raises(ValueError, match=f"there is no .* {code!r}"):
        Scope(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", [*CODES, "2026-05", "2026-Q2", "2026", "2026-01-15..2026-03-04"])
def test_every_period_can_be_asked_for_and_compared(code: str) -> None:
    asked = {Scope(period=code, comparison=comparison) for comparison in COMPARISONS}
    assert {scope.period for scope in asked} == {code}
    assert len(asked) == len(COMPARISONS)
