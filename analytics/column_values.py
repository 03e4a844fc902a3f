"""What the values of a column look like: days and in which order they are written, numbers, keys, codes, addresses.

Nothing is asked of the column's name. A sample of the different values is looked at; uniqueness is asked of all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from analytics.tables import notations, parsing
from analytics.tables.currencies import in_use

SAMPLED = 1_000
MOSTLY, NEARLY = 0.9, 0.95
EMAIL = r"^\s*[^@\s]+@[^@\s]+\.[A-Za-z]{2,}\s*$"
PHONE = r"^\s*\+?[\d\s()./\-]{6,24}(?:\s*(?:x|ext\.?)\s*\d+)?\s*$"
LINK = r"^\s*(?:https?://|www\.)"
FLAG_WORDS = (*parsing.TRUE_WORDS, *parsing.FALSE_WORDS, "ja", "nein", "j", "是", "否", "x")
LONG_TEXT = 40
SPACED = r"\s"


@dataclass(frozen=True, kw_only=True)
class Values:
    """The values of one column. Shares are of the different values that are given; 0 where none is.

    ``is_unique``: given in every row and never twice. ``smallest`` and ``largest``: of the days, as ISO text, or of the
    texts. ``words``: all different values in lower case where there are few, else none. ``order`` and ``mark``: how
    days and numbers are written.
    """

    rows: int
    filled: int
    distinct: int
    days: float = 0.0
    order: str | None = None
    is_ambiguous: bool = False
    numbers: float = 0.0
    mark: str = notations.POINT
    has_fractions: bool = False
    is_negative: bool = False
    largest_number: float = 0.0
    flags: float = 0.0
    emails: float = 0.0
    phones: float = 0.0
    links: float = 0.0
    countries: float = 0.0
    currencies: float = 0.0
    mean_length: float = 0.0
    spaced: float = 0.0
    middle_day: str | None = None
    words: tuple[str, ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether it tells every row from every other."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def is_nearly_unique(self) -> bool:
        """Whether it tells nearly every row from every other, and is always given."""
        return self.rows > 0 and self.filled == self.rows and self.distinct >= NEARLY * self.rows

    @property
    def is_empty(self) -> bool:
        """Whether no value is given."""
        return self.filled == 0

    @property
    def is_day(self) -> bool:
        """Whether its values are days or instants."""
        return self.days >= MOSTLY

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, digits of a key among them."""
        return self.numbers >= MOSTLY and not (self.is_day and self.order != notations.COMPACT)

    @property
    def is_flag(self) -> bool:
        """Whether it says yes or no."""
        return self.flags == 1.0 and self.distinct <= 2

    @property
    def is_long(self) -> bool:
        """Whether its values are sentences."""
        return self.mean_length > LONG_TEXT and self.spaced > 0.5


FEW = 40


def values_of(column: pl.Series, countries: Mapping[str, str]) -> Values:
    """What the values of a text column look like.

    ``countries``: from names and codes of countries, in lower case, to codes of two letters.
    """
    given = column.filter(~column.to_frame().select(parsing.missing_word(pl.col(column.name))).to_series())
    different = given.unique(maintain_order=True)
    sample = different.head(SAMPLED).alias("value")
    counted = Values(rows=column.len(), filled=given.len(), distinct=different.len())
    if sample.is_empty():
        return counted
    found = _days(sample) | _numbers(sample) | _texts(sample, countries)
    return replace(counted, **found)  # type: ignore[arg-type]


def _days(sample: pl.Series) -> dict[str, object]:
    found = notations.date_order(sample) if sample.str.contains(r"\d").mean() else None
    if found is None:
        return {}
    order, share = found
    days = sample.to_frame().select(parsing.date_from(notations.in_iso(pl.col("value"), order))).to_series()
    middle = days.drop_nulls().sort()
    return {
        "days": share,
        "order": order,
        "is_ambiguous": order in (notations.DAY_FIRST, notations.MONTH_FIRST) and notations.is_ambiguous(sample),
        "middle_day": str(middle[middle.len() // 2]) if middle.len() else None,
    }


def _numbers(sample: pl.Series) -> dict[str, object]:
    mark, share = notations.decimal_mark(sample)
    if share < MOSTLY:
        return {"numbers": share}
    plain = sample.to_frame().select(parsing.decimal_from(notations.with_point(pl.col("value"), mark))).to_series()
    amounts = plain.cast(pl.Float64)
    return {
        "numbers": share,
        "mark": mark,
        "has_fractions": bool((amounts % 1 != 0).any()),
        "is_negative": bool((amounts < 0).any()),
        "largest_number": float(amounts.abs().max() or 0),  # type: ignore[arg-type]
    }


def _texts(sample: pl.Series, countries: Mapping[str, str]) -> dict[str, object]:
    lowered = sample.str.strip_chars().str.to_lowercase()
    lengths = sample.str.len_chars()
    spelt = lowered.str.len_chars() > 2
    return {
        "flags": _share(lowered.is_in(FLAG_WORDS)),
        "emails": _share(sample.str.contains(EMAIL)),
        "phones": _share(sample.str.contains(PHONE) & (sample.str.count_matches(r"\d") >= 6)),
        "links": _share(sample.str.contains(LINK)),
        "countries": _share(lowered.is_in(list(countries)) & (spelt | (sample.str.to_uppercase() == sample))),
        "currencies": _share(sample.str.strip_chars().is_in(list(in_use()))),
        "mean_length": float(lengths.mean() or 0),  # type: ignore[arg-type]
        "spaced": _share(sample.str.strip_chars().str.contains(SPACED)),
        "words": tuple(lowered.to_list()) if sample.len() <= FEW else (),
    }


def _share(is_so: pl.Series) -> float:
    return float(is_so.mean() or 0)  # type: ignore[arg-type]
