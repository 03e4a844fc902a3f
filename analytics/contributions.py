"""Why a number moved: what each member of a dimension contributed to its change. Pure: frames in, frames out."""

import polars as pl

NUMERATORS = ("numerator_before", "numerator_after")
DENOMINATORS = ("denominator_before", "denominator_after")
ROUNDING = 1e-12


def settled_sum(values: pl.Expr) -> pl.Expr:
    """A sum that is exactly zero where its parts cancel out but for rounding; unknown parts count as nothing."""
    total = values.sum()
    return pl.when(total.abs() > ROUNDING * values.abs().sum()).then(total).otherwise(0.0)


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Null where there is nothing to divide by: that is no rate of zero, it is no answer."""
    return pl.when(denominator != 0).then(numerator / denominator)


def change(cells: pl.DataFrame, *, is_ratio: bool) -> pl.DataFrame:
    """One row: before, after, and the change, which is null where one of the two has no value.

    A sum over no cells is zero; a ratio whose denominators add up to zero has no value.
    """
    totals = cells.select(settled_sum(pl.col(column)) for column in _measures(is_ratio=is_ratio))
    return totals.select(**_values(is_ratio=is_ratio)).with_columns(change=pl.col("after") - pl.col("before"))


def by_member(cells: pl.DataFrame, dimension: str, *, is_ratio: bool) -> pl.DataFrame:
    """What each member of a dimension contributed to the change of the total: one row per member, the largest first.

    cells: one row per lowest cell, with the dimensions as text (null: unknown), numerator_before and numerator_after,
    and for a ratio denominator_before and denominator_after. The answer: member, before and after (the member's own
    value), contribution (in the unit of the total); for a ratio also rate_effect and mix_effect, its two parts.
    Contributions add up to the change of the total.

    A sum: the contribution is the member's own change. A ratio: a member contributes by its own rate, weighed as it
    weighs now (rate_effect), and by weighing more or less while its rate differs from the total's before (mix_effect).
    A member that has no rate in one of the two periods has no rate_effect: all of it is mix_effect. Where the total has
    no rate before or after, there is no change to contribute to, and all three are null.
    """
    sums = (settled_sum(pl.col(column)) for column in _measures(is_ratio=is_ratio))
    members = cells.group_by(member=pl.col(dimension)).agg(sums)
    valued = members.with_columns(**_values(is_ratio=is_ratio))
    parts = _ratio_parts if is_ratio else _sum_parts
    size = pl.col("contribution").abs()
    return parts(valued).sort(size, "member", descending=[True, False], nulls_last=True)


def _measures(*, is_ratio: bool) -> tuple[str, ...]:
    return (*NUMERATORS, *DENOMINATORS) if is_ratio else NUMERATORS


def _values(*, is_ratio: bool) -> dict[str, pl.Expr]:
    """The value before and after, of a row that holds sums."""
    before, after = (pl.col(column) for column in NUMERATORS)
    if not is_ratio:
        return {"before": before, "after": after}
    weight_before, weight_after = (pl.col(column) for column in DENOMINATORS)
    return {"before": ratio(before, weight_before), "after": ratio(after, weight_after)}


def _sum_parts(members: pl.DataFrame) -> pl.DataFrame:
    return members.select("member", "before", "after", contribution=pl.col("after") - pl.col("before"))


def _ratio_parts(members: pl.DataFrame) -> pl.DataFrame:
    """Each member's rate and mix effect.

    With weight w, own rate m and total rate t, now (1) and before (0): w1 (m1 - m0) + (w1 - w0) (m0 - t0). The sum of
    the two holds without m as well, so it is exact for members that are new, gone, or have no denominator.
    """
    parts = members.select("member", "before", "after", contribution=_against_total(), rate_effect=_rate_effect())
    return parts.with_columns(mix_effect=pl.col("contribution") - pl.col("rate_effect"))


def _against_total() -> pl.Expr:
    (before, after), (weight_before, weight_after) = map(pl.col, NUMERATORS), map(pl.col, DENOMINATORS)
    total_before, total_after = settled_sum(weight_before), settled_sum(weight_after)
    usual = ratio(settled_sum(before), total_before)
    return ratio(after - usual * weight_after, total_after) - ratio(before - usual * weight_before, total_before)


def _rate_effect() -> pl.Expr:
    moved = (pl.col("after") - pl.col("before")) * pl.col("denominator_after")
    total_before, total_after = (settled_sum(pl.col(column)) for column in DENOMINATORS)
    return pl.when(total_before != 0).then(ratio(moved.fill_null(0.0), total_after))
