"""Stock of past days, rewound from today's level and the moves that led to it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.inventory import rewound
from analytics.tables.columns import DECIMAL, INSTANT

Types = dict[str, pl.DataType | type[pl.DataType]]
AS_OF = date(2026, 3, 10)
TODAY: Types = {"product_id": pl.String, "site_id": pl.String, "on_hand": DECIMAL}
MOVES: Types = {
    "product_id": pl.String,
    "from_site_id": pl.String,
    "to_site_id": pl.String,
    "quantity": DECIMAL,
    "moved_at": INSTANT,
}
Level = tuple[str, str, date, Decimal]


def today(*rows: tuple[str, str, object]) -> pl.DataFrame:
    return pl.DataFrame([(p, s, Decimal(str(q))) for p, s, q in rows], schema=TODAY, orient="row")


def move(product: str, source: str | None, target: str | None, quantity: object, day: int | None) -> tuple[object, ...]:
    at = None if day is None else datetime(2026, 3, day, 12, tzinfo=UTC)
    return (product, source, target, Decimal(str(quantity)), at)


def moves(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=MOVES, orient="row")


def days(levels: pl.DataFrame) -> list[tuple[int, float]]:
    return [(day.day, float(on_hand)) for day, on_hand in levels.select("as_of_on", "on_hand").iter_rows()]


def test_each_day_of_change_and_the_last_day_have_a_level() -> None:
    history = moves(move("p", None, "s", 10, 2), move("p", "s", None, 4, 5))
    levels, differences = rewound(today(("p", "s", 6)), history, AS_OF)
    assert days(levels) == [(2, 10), (5, 6), (10, 6)]
    assert differences.is_empty()


def test_what_moves_do_not_explain_was_there_the_day_before_the_first_and_is_listed() -> None:
    levels, differences = rewound(today(("p", "s", 9)), moves(move("p", "s", None, 1, 4)), AS_OF)
    assert days(levels) == [(3, 10), (4, 9), (10, 9)]
    assert differences.rows() == [("p", "s", Decimal(10))]


def test_stock_that_never_moved_is_unexplained_and_has_only_today() -> None:
    levels, differences = rewound(today(("p", "s", 3)), moves(), AS_OF)
    assert days(levels) == [(10, 3)]
    assert differences.rows() == [("p", "s", Decimal(3))]


def test_a_pair_that_only_moves_know_is_empty_today() -> None:
    levels, differences = rewound(today(), moves(move("p", None, "s", 2, 1), move("p", "s", None, 2, 3)), AS_OF)
    assert days(levels) == [(1, 2), (3, 0), (10, 0)]
    assert differences.is_empty()


def test_a_transfer_takes_from_one_site_and_gives_to_the_other() -> None:
    levels, _ = rewound(
        today(("p", "a", 1), ("p", "b", 4)), moves(move("p", None, "a", 5, 1), move("p", "a", "b", 4, 2)), AS_OF
    )
    assert days(levels.filter(pl.col("site_id") == "a")) == [(1, 5), (2, 1), (10, 1)]
    assert days(levels.filter(pl.col("site_id") == "b")) == [(2, 4), (10, 4)]


def test_moves_that_cancel_out_within_a_day_leave_no_row() -> None:
    history = moves(move("p", None, "s", 5, 2), move("p", "s", None, 5, 2), move("p", "s", "s", 7, 3))
    levels, differences = rewound(today(("p", "s", 0)), history, AS_OF)
    assert days(levels) == [(10, 0)]
    assert differences.is_empty()


def test_a_move_on_the_last_day_gives_one_row_for_it() -> None:
    levels, _ = rewound(today(("p", "s", 5)), moves(move("p", None, "s", 5, 10)), AS_OF)
    assert days(levels) == [(10, 5)]


def test_a_move_dated_after_the_last_day_has_changed_today_already() -> None:
    levels, differences = rewound(today(("p", "s", 5)), moves(move("p", None, "s", 5, 12)), AS_OF)
    assert days(levels) == [(10, 5)]
    assert differences.is_empty()


def test_a_move_without_a_date_is_unexplained() -> None:
    _, differences = rewound(today(("p", "s", 5)), moves(move("p", None, "s", 5, None)), AS_OF)
    assert differences.rows() == [("p", "s", Decimal(5))]


def test_negative_stock_is_kept() -> None:
    levels, differences = rewound(today(("p", "s", -2)), moves(move("p", "s", None, 2, 4)), AS_OF)
    assert days(levels) == [(4, -2), (10, -2)]
    assert differences.is_empty()


def test_several_lots_of_a_pair_add_up() -> None:
    levels, _ = rewound(today(("p", "s", 2), ("p", "s", "0.5")), moves(), AS_OF)
    assert days(levels) == [(10, 2.5)]


def test_quantities_are_exact_to_the_sixth_decimal() -> None:
    parts = moves(*(move("p", None, "s", "0.1", day) for day in range(1, 9)), move("p", None, "s", "0.000001", 9))
    levels, differences = rewound(today(("p", "s", "0.800001")), parts, AS_OF)
    assert levels["on_hand"].to_list()[:3] == [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]
    assert differences.is_empty()


def test_nothing_known_gives_nothing() -> None:
    levels, differences = rewound(today(), moves(), AS_OF)
    assert levels.schema == {"product_id": pl.String, "site_id": pl.String, "as_of_on": pl.Date, "on_hand": DECIMAL}
    assert differences.schema == {"product_id": pl.String, "site_id": pl.String, "unexplained": DECIMAL}
    assert levels.is_empty()
    assert differences.is_empty()


SITES = st.sampled_from([None, "a", "b"])
MOVE_ROWS = st.lists(
    st.builds(move, st.sampled_from(["p", "q"]), SITES, SITES, st.integers(1, 9), st.integers(1, 10)), max_size=12
)
OPENINGS = st.dictionaries(
    st.tuples(st.sampled_from(["p", "q"]), st.sampled_from(["a", "b"])), st.integers(-5, 5), max_size=4
)


def forward(opening: dict[tuple[str, str], int], rows: list[tuple[object, ...]]) -> set[Level]:
    """Every level of every day, by adding the moves up day by day."""
    pairs = set(opening)
    for product, source, target, *_ in rows:
        pairs |= {(str(product), str(site)) for site in (source, target) if site is not None}
    level = {pair: Decimal(opening.get(pair, 0)) for pair in pairs}
    known: set[Level] = set()
    for offset in range(11):
        day = date(2026, 2, 28) + timedelta(days=offset)
        for product, source, target, quantity, at in rows:
            if isinstance(at, datetime) and isinstance(quantity, Decimal) and at.date() == day:
                for site, sign in ((source, -1), (target, 1)):
                    if site is not None:
                        level[str(product), str(site)] += sign * quantity
        known |= {(*pair, day, on_hand) for pair, on_hand in level.items()}
    return known


@pytest.mark.parametrize("seed_of_order", [0, 1])
@given(opening=OPENINGS, rows=MOVE_ROWS)
def test_rewinding_finds_what_adding_up_forward_gives(
    seed_of_order: int, opening: dict[tuple[str, str], int], rows: list[tuple[object, ...]]
) -> None:
    known = forward(opening, rows)
    last = {(p, s): q for p, s, day, q in known if day == AS_OF}
    levels, differences = rewound(
        today(*((p, s, q) for (p, s), q in last.items())),
        moves(*rows).sample(fraction=1, shuffle=True, seed=seed_of_order),
        AS_OF,
    )
    assert set(levels.rows()) <= known
    assert {(p, s) for p, s, day, _ in levels.rows() if day == AS_OF} == set(last)
    changes = [
        (p, s, day, q)
        for p, s, day, q in known
        if (p, s, day - timedelta(days=1), q) not in known and day > date(2026, 2, 28)
    ]
    assert set(changes) <= set(levels.rows())
    assert {(p, s): int(q) for p, s, q in differences.rows()} == {pair: q for pair, q in opening.items() if q}
