"""Which day to promise: days that so many of 100 orders keep, learned from delivered and open orders."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from analytics.order_traits import Numbers, told, traits
from analytics.promise_dates import ending, promises

START = datetime(2026, 1, 1, 9)  # noqa: DTZ001 - instants of orders have no zone
INSTANTS = ("placed_at", "planned_at", "delivered_at")
LEVELS = ("p50_on", "p80_on", "p90_on", "p95_on")


def book(count: int, seed: int = 3, *, years: float = 0.6) -> pl.DataFrame:
    """Orders that take some days by chance, those from the south twice as long."""
    draws = np.random.default_rng(seed)
    begun = np.sort(draws.uniform(0, years * 365, count))
    south = draws.random(count) < 0.5
    took = draws.gamma(6.0, 1.0, count) * np.where(south, 2.0, 1.0)
    return pl.DataFrame(
        {
            "order_id": [f"o{at}" for at in range(count)],
            "placed_at": [START + timedelta(days=float(each)) for each in begun],
            "planned_at": pl.Series([None] * count, dtype=pl.Datetime("us")),
            "delivered_at": [START + timedelta(days=float(each)) for each in begun + took],
            "region": np.where(south, "south", "north"),
        }
    ).with_columns(pl.col(name).cast(pl.Datetime("us")) for name in INSTANTS)


def split(rows: pl.DataFrame, now: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was known at an instant, and the orders of the four weeks after it."""
    known = pl.when(pl.col("delivered_at") <= now).then("delivered_at").alias("delivered_at")
    later = rows.filter(pl.col("placed_at") > now, pl.col("placed_at") <= now + timedelta(days=28))
    return rows.filter(pl.col("placed_at") <= now).with_columns(known), later


NOW = START + timedelta(days=190)


@pytest.fixture(scope="module")
def asked() -> pl.DataFrame:
    return split(book(1_500), NOW)[1]


@pytest.fixture(scope="module")
def said(asked: pl.DataFrame) -> pl.DataFrame:
    return promises(split(book(1_500), NOW)[0], asked.drop("delivered_at"), NOW)


def test_promises_are_kept_as_often_as_said(asked: pl.DataFrame, said: pl.DataFrame) -> None:
    came = asked["delivered_at"].dt.date()

    kept = [(came <= said[name]).sum() / came.len() for name in LEVELS]

    assert kept == pytest.approx([0.5, 0.8, 0.9, 0.95], abs=0.12)


def test_an_order_that_takes_longer_is_promised_later(asked: pl.DataFrame, said: pl.DataFrame) -> None:
    waits = asked.select("region", days=(said["p90_on"] - asked["placed_at"].dt.date()).dt.total_days())
    mean = dict(waits.group_by("region").agg(pl.col("days").mean()).iter_rows())

    assert mean["south"] > 1.6 * mean["north"]


def test_every_order_has_its_row_and_a_surer_day_is_never_earlier(asked: pl.DataFrame, said: pl.DataFrame) -> None:
    assert said["order_id"].to_list() == asked["order_id"].to_list()
    assert said.columns == ["order_id", "mean_at", *LEVELS]
    assert sum(said.null_count().row(0)) == 0
    for sooner, later in pairwise(LEVELS):
        assert (said[sooner] <= said[later]).all()


def test_what_came_after_now_changes_nothing(asked: pl.DataFrame, said: pl.DataFrame) -> None:
    assert promises(book(1_500), asked.drop("delivered_at"), NOW).equals(said)


def test_a_plan_that_is_late_by_three_days_is_promised_three_days_later() -> None:
    rows = book(400).with_columns(planned_at="placed_at", placed_at=pl.lit(None, pl.Datetime("us")))
    late = rows.with_columns(delivered_at=pl.col("planned_at") + pl.duration(days=3))
    asked = late.tail(5).drop("delivered_at")

    said = promises(late.head(395), asked)

    assert (said["p50_on"] - asked["planned_at"].dt.date()).dt.total_days().to_list() == [3] * 5


def test_a_plan_missed_by_chance_alone_is_believed() -> None:
    away = pl.Series(np.random.default_rng(5).integers(-6, 7, 50))
    rows = book(50).with_columns(planned_at="placed_at", placed_at=pl.lit(None, pl.Datetime("us")))
    missed = rows.with_columns(delivered_at=pl.col("planned_at") + pl.duration(days=pl.lit(away)))
    asked = missed.tail(5).drop("delivered_at")

    assert promises(missed.head(45), asked)["mean_at"].to_list() == asked["planned_at"].to_list()


# Many orders, which take longer and longer


@pytest.fixture(scope="module")
def slowed() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders of a week, and what is promised for them, where orders have come to take half as long again within two
    months."""
    rows = book(4_400, years=0.57).drop("region")
    ago = ((NOW - pl.col("placed_at")).dt.total_days().clip(0, 60)) / 60
    took = (pl.col("delivered_at") - pl.col("placed_at")).dt.total_seconds() * (1.5 - 0.5 * ago)
    known, later = split(rows.with_columns(delivered_at=pl.col("placed_at") + pl.duration(seconds=took)), NOW)
    week = later.filter(pl.col("placed_at") <= NOW + timedelta(days=7))
    return week, promises(known, week.drop("delivered_at"), NOW)


def test_where_many_orders_begin_promises_follow_their_pace(slowed: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    week, said = slowed
    came = week["delivered_at"].dt.date()

    kept = [(came <= said[name]).sum() / came.len() for name in LEVELS]

    assert kept == pytest.approx([0.5, 0.8, 0.9, 0.95], abs=0.12)


# Few orders, odd orders


def orders(*rows: tuple[datetime | None, datetime | None, datetime | None]) -> pl.DataFrame:
    schema = dict.fromkeys(INSTANTS, pl.Datetime("us"))
    return (
        pl.DataFrame(list(rows), schema=schema, orient="row").with_row_index("order_id").cast({"order_id": pl.String})
    )


def test_one_delivered_order_is_the_whole_experience() -> None:
    said = promises(orders((START, None, START + timedelta(days=4))), orders((NOW, None, None)).drop("delivered_at"))

    assert said["p50_on"].item() == NOW.date() + timedelta(days=4)
    assert said["mean_at"].item() == NOW.replace(hour=9) + timedelta(days=4)


def test_without_any_delivered_order_the_plan_is_repeated() -> None:
    asked = orders((START, START + timedelta(days=9), None), (START, None, None)).drop("delivered_at")

    said = promises(orders((START, None, None)), asked)

    assert said["p95_on"].to_list() == [date(2026, 1, 10), None]


@pytest.mark.parametrize(
    "history",
    [
        orders(),
        orders((None, None, None)),
        orders((None, None, START)),
        orders(*[(START, None, START - timedelta(days=4))] * 3),
        orders(*[(START, None, START)] * 90),
        orders((START, None, START + timedelta(days=90_000)), (START, None, START + timedelta(days=1))),
    ],
)
@pytest.mark.parametrize("width", [0, 3])
def test_odd_histories_are_answered(history: pl.DataFrame, width: int) -> None:
    asked = orders((NOW, None, None), (None, NOW, None), (None, None, None)).drop("delivered_at").head(width)

    assert promises(history, asked)["order_id"].to_list() == asked["order_id"].to_list()


def test_attributes_of_any_kind_are_read_or_left_out() -> None:
    count = 300
    rows = book(count).with_columns(
        empty=pl.lit(None, pl.String),
        nothing=pl.lit(None),
        weight=pl.Series(["7"] * (count - 1) + ["see below"]),
        tags=pl.lit(["a", "b"]),
        urgent=pl.Series([True, None] * (count // 2)),
        infinite=pl.lit(float("inf")),
        asked_on=pl.col("placed_at").dt.date(),
        unique=pl.Series([f"u{at}" for at in range(count)]),
        kind=pl.Series(["x", "y"] * (count // 2), dtype=pl.Categorical),
    )

    assert promises(rows, rows.tail(4).drop("delivered_at")).null_count().sum_horizontal().item() == 0


def rushed(count: int) -> list[tuple[datetime | None, datetime | None, datetime | None]]:
    """Orders of successive days, each delivered three days later."""
    begun = [START + timedelta(days=day) for day in range(count)]
    return [(each, None, each + timedelta(days=3)) for each in begun]


@pytest.mark.parametrize("year", [2099, 9999])
@pytest.mark.parametrize("where", ["placed", "delivered"])
def test_a_placeholder_of_a_date_moves_no_promise(year: int, where: str) -> None:
    at = datetime(year, 12, 31)  # noqa: DTZ001 - instants of orders have no zone
    placeholder = (at, None, None) if where == "placed" else (START, None, at)
    asked = orders((NOW, None, None)).drop("delivered_at")

    alone, beside = (promises(orders(*rushed(70), *more), asked) for more in ([], [placeholder]))

    assert beside["p50_on"].to_list() == alone["p50_on"].to_list() == [NOW.date() + timedelta(days=3)]


def test_an_order_placed_in_another_age_begins_now() -> None:
    asked = orders((datetime(9999, 12, 30), None, None)).drop("delivered_at")  # noqa: DTZ001 - as above

    assert promises(orders(*rushed(5)), asked)["p95_on"].to_list() == [date(2026, 1, 11)]


def test_no_order_no_row() -> None:
    whole = promises(book(9), book(1))

    assert promises(book(90), book(1).head(0)).schema == whole.schema


UTC_NOON, NOON = (pl.datetime(2026, 1, 1, 12, time_zone=zone) for zone in ("UTC", None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UTC_NOON, NOON),
        (UTC_NOON, pl.datetime(2026, 1, 1, 12, time_zone="Asia/Tokyo")),
        (UTC_NOON, pl.lit("noon")),
        (pl.lit(date(2026, 1, 1)), NOON),
        (pl.lit("a", pl.Enum(["a", "b"])), pl.lit("b", pl.Enum(["b"]))),
        (pl.lit(["a"]), pl.lit("a")),
        (pl.struct(pl.lit(1)), pl.lit(None)),
        (pl.lit(1).cast(pl.Decimal(9, 2)), pl.lit(value=True)),
        (pl.lit(timedelta(days=1)), pl.lit(1)),
        (pl.lit(timedelta(days=1)), pl.lit(timedelta(days=1)).cast(pl.Duration("ms"))),
        (pl.lit(b"\xff"), pl.lit("a")),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_an_attribute_may_be_of_another_kind_in_the_orders(one: pl.Expr, other: pl.Expr, *, turned: bool) -> None:
    told, asked = (other, one) if turned else (one, other)
    rows = book(20)

    said = promises(rows.with_columns(extra=told), rows.tail(2).drop("delivered_at").with_columns(extra=asked))

    assert said["p95_on"].null_count() == 0


# Its parts


def test_texts_never_tell_an_order_how_long_it_took_itself() -> None:
    rows = book(200).with_columns(base_at="placed_at", own=pl.col("order_id"))
    took = np.arange(200.0)

    learned, _ = told(traits(rows, ["own"]), took, np.ones(200))

    assert np.ptp(learned[:, -1]) == 0


def test_numbers_of_documents_are_no_kind_of_order() -> None:
    rows = book(300).sort("delivered_at").with_columns(base_at="placed_at", paper=pl.int_range(300) // 3)
    same = rows.with_columns(pl.format("DN-{}", "paper").alias("paper"), pl.col("delivered_at").first().over("paper"))

    found = traits(same, ["paper", "region"])

    assert [len(np.unique(codes)) for codes in found.texts.T] == [300, 2]


def test_places_with_coordinates_are_so_many_kilometres_apart() -> None:
    rows = book(1).with_columns(
        base_at="placed_at",
        from_lat=pl.lit(52.52),
        from_lng=pl.lit(13.405),
        to_latitude=pl.lit(48.137),
        to_longitude=pl.lit(11.575),
    )

    found = traits(rows, ["from_lat", "from_lng", "to_latitude", "to_longitude"])

    assert found.numbers[0, -1] == pytest.approx(504, abs=2)


def endings(off: list[float], came: list[bool], never: float = 0.0) -> Numbers:
    numbers, over = np.array(off), np.array(came)
    return np.array([ending(numbers, over, np.ones(len(off)), share, never) for share in (0.25, 0.5, 0.75, 1.0)])


def test_where_all_came_shares_are_counted() -> None:
    assert endings([1.0, 2.0, 3.0, 4.0], [True] * 4).tolist() == [1.0, 2.0, 3.0, 4.0]


def test_open_orders_count_for_as_long_as_they_have_waited() -> None:
    assert endings([1.0, 2.0, 2.0, 3.0], [True, False, False, True]).tolist() == [1.0, 3.0, 3.0, 3.0]


def test_orders_that_never_come_do_not_delay_the_others() -> None:
    off, came = [1.0, 2.0, 3.0, 4.0, 99.0], [True] * 4 + [False]

    assert endings(off, came, 0.3).tolist() == [1.0, 2.0, 3.0, 4.0]
