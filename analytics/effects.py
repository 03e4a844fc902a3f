"""Why money moved: price, volume, mix, currency, cost, products that are new or gone. Pure: frames in, frames out.

``lines`` here: a row, or several that add up, per product, company, currency and unit, with quantity_before and
quantity_after, amount_before and amount_after in the currency of the documents, converted_before and converted_after in
the reporting currency, cost_before and cost_after in the reporting currency (null, which counts as nothing, where only
what was sold matters). All are Float64.
"""

from collections.abc import Sequence

import polars as pl

from analytics.contributions import ratio, settled_sum

LINE = ("product_id", "company_id", "currency", "unit")
MEASURES = ("quantity", "amount", "converted", "cost")
MONEY = (("days_sold", "converted"), ("days_spent", "cost"))
BOTH_PERIODS = tuple(f"{measure}_{period}" for measure in MEASURES for period in ("before", "after"))
EFFECTS = ("working_days", "volume", "mix", "price", "currency", "cost", "new_products", "lost_products", "other")
STEPS = ("lost_products", "mix", "price", "currency", "cost", "new_products", "other")
LEAST_LEFT = 0.01


def effects(
    lines: pl.DataFrame, *, within: Sequence[str] = ("unit",), working_days: pl.DataFrame | None = None
) -> pl.DataFrame:
    """What moved an amount of money: one row per effect that is not nothing, effect and amount, as ``EFFECTS`` go.

    The amounts add up to the change of converted less cost. For what an effect is, see ``effects_by_product``.
    """
    return _in_order(effects_by_product(lines, within=within, working_days=working_days), EFFECTS)


def effects_by_product(
    lines: pl.DataFrame, *, within: Sequence[str] = ("unit",), working_days: pl.DataFrame | None = None
) -> pl.DataFrame:
    """What moved an amount of money, by product: product_id, effect, amount; rows that are nothing are left out.

    - currency: the quantity and price of now, times the change of the line's mean rate.
    - price: the quantity of now, times the change of the line's mean price, at the rate of before.
    - cost: the quantity of now, times the change of the line's mean unit cost, as a loss.
    - volume: the change of the quantity, worth the mean of its group before; groups are the lines of the same
      ``within``, of which one must be the unit, for pieces and litres are not added.
    - mix: what the same change is worth at the product's own price and cost before, beyond that mean.
    - working_days: what more or fewer working days alone would have brought: the amount before, times their ratio less
      one. Only where asked for: ``working_days`` gives company_id and ratio; a company without one counts as 1.
    - new_products, lost_products: all of a product that nobody had before, or has now.
    - other: what has no product or no quantity, and lines whose mean price is negative or whose rate is not positive.

    A line that is new or gone, of a product that is neither, is volume and mix: it sells at the price it has.
    """
    return _by_product(effects_by_line(judged(lines, within), working_days))


def rate_effects(lines: pl.DataFrame) -> pl.DataFrame:
    """What moved a margin rate, the sum of converted less cost over that of converted: effect and amount (share of 1).

    As ``STEPS`` go: lost products are taken out, then quantities, prices, rates of currencies and unit costs become
    those of now, then new products and all other lines come in. Each effect is what its step changes; they add up to
    the change of the rate. Volume is part of mix: as long as all quantities grow alike, a rate does not move. A step
    that leaves hardly anything to divide by is taken together with the next. No rows where one of the two rates does
    not exist.
    """
    return _in_order(rate_effects_by_product(lines), STEPS)


def rate_effects_by_product(lines: pl.DataFrame) -> pl.DataFrame:
    """``rate_effects`` by product: product_id, effect, amount. What a product moves is its change of margin, less what
    its change of revenue would have brought at the rate before the step, over the revenue after it.
    """
    return _by_product(rate_effects_by_line(judged(lines)))


def effects_by_line(judged_lines: pl.DataFrame, working_days: pl.DataFrame | None = None) -> pl.DataFrame:
    """``effects_by_product`` for each line: the columns of ``LINE``, effect, amount."""
    parts = _parts(_with_ratio(judged_lines, working_days))
    return parts.select(*LINE, "effect", amount=pl.col("sold") - pl.col("spent"))


def rate_effects_by_line(judged_lines: pl.DataFrame) -> pl.DataFrame:
    """``rate_effects_by_product`` for each line: the columns of ``LINE``, effect, amount."""
    sold_before, sold_after, spent_before = (
        judged_lines.select(settled_sum(pl.col(column))).item()
        for column in ("converted_before", "converted_after", "cost_before")
    )
    parts = _parts(_with_ratio(judged_lines, None)).with_columns(pl.col("effect").replace("volume", "mix"))
    if not sold_before or not sold_after:
        return parts.clear().select(*LINE, "effect", amount=pl.lit(0.0))
    least = LEAST_LEFT * min(abs(sold_before), abs(sold_after))
    merged = parts.with_columns(effect=_taken_together(parts, sold_before, least))
    steps = _stepped(merged, sold_before, sold_before - (spent_before or 0.0))
    beyond = pl.col("sold") * (1 - pl.col("rate")) - pl.col("spent")
    moved = merged.join(steps, on="effect", how="inner", validate="m:1")
    return moved.select(*LINE, "effect", amount=beyond / pl.col("left"))


def judged(lines: pl.DataFrame, within: Sequence[str] = ("unit",)) -> pl.DataFrame:
    """The lines with ``state`` (compared, new, lost, other) and the means before that they are compared with.

    price (in the currency of the documents), rate, unit_cost, worth (price in the reporting currency): the line's own
    before, or those of now where the line is new. mean_worth and mean_cost: those of its group.
    """
    known = lines.group_by(list(dict.fromkeys((*LINE, *within)))).agg(pl.col(BOTH_PERIODS).sum())
    means = known.with_columns(
        state=_state(),
        price=_mean("amount", "quantity"),
        rate=_mean("converted", "amount"),
        unit_cost=_mean("cost", "quantity"),
    )
    worth = pl.col("price") * pl.col("rate")
    return means.with_columns(worth=worth).with_columns(
        mean_worth=_group_mean("worth", within), mean_cost=_group_mean("unit_cost", within)
    )


def _state() -> pl.Expr:
    """Whether a line can be compared with before, belongs to a product that is new or lost, or is none of these."""
    has_product = pl.col("product_id").is_not_null()
    return (
        pl.when(has_product & ~_was_there("before") & _was_there("after"))
        .then(pl.lit("new"))
        .when(has_product & _was_there("before") & ~_was_there("after"))
        .then(pl.lit("lost"))
        .when(has_product & _is_sound("before") & _is_sound("after"))
        .then(pl.lit("compared"))
        .otherwise(pl.lit("other"))
    )


def _was_there(period: str) -> pl.Expr:
    """Whether the product had anything at all in the period, in whichever company, currency and unit."""
    anything = [pl.col(f"{measure}_{period}") != 0 for measure in MEASURES]
    return pl.any_horizontal(anything).any().over("product_id")


def _is_sound(period: str) -> pl.Expr:
    """Whether the line has a price that is not negative and a rate that is positive, or nothing in the period."""
    quantity, amount, converted, cost = (pl.col(f"{measure}_{period}") for measure in MEASURES)
    is_nothing = (quantity == 0) & (amount == 0) & (converted == 0) & (cost == 0)
    is_priced = (quantity != 0) & (amount * quantity >= 0)
    is_rated = (amount * converted > 0) | ((amount == 0) & (converted == 0))
    return is_nothing | (is_priced & is_rated)


def _mean(amount: str, per: str) -> pl.Expr:
    """The line's mean before, or that of now where there is none before; zero where there is none at all."""
    before = ratio(pl.col(f"{amount}_before"), pl.col(f"{per}_before"))
    return pl.coalesce(before, ratio(pl.col(f"{amount}_after"), pl.col(f"{per}_after")), 0.0)


def _group_mean(value: str, within: Sequence[str]) -> pl.Expr:
    """The mean of a unit of the group before; the line's own where the group had nothing before."""
    quantity = pl.when(pl.col("state") == "compared").then("quantity_before")
    total = (quantity * pl.col(value)).sum().over(within)
    units = quantity.sum().over(within)
    return pl.coalesce(pl.when(units > 0).then(total / units), pl.col(value))


def _with_ratio(lines: pl.DataFrame, working_days: pl.DataFrame | None) -> pl.DataFrame:
    """The lines with ``usual_growth``: what working days alone add, as a share of before; nothing if not asked for."""
    if working_days is None:
        return lines.with_columns(usual_growth=0.0)
    ratios = working_days.select("company_id", usual_growth=pl.col("ratio").fill_null(1.0) - 1)
    joined = lines.join(ratios, on="company_id", how="left", validate="m:1")
    return joined.with_columns(pl.col("usual_growth").fill_null(0.0))


def _parts(lines: pl.DataFrame) -> pl.DataFrame:
    """What each line moved, by effect: the columns of ``LINE``, effect, sold and spent (added to converted and cost).

    ``lines`` as ``judged`` gives them, with ``usual_growth``.
    """
    by_days = {name: pl.col(f"{measure}_before") * pl.col("usual_growth") for name, measure in MONEY}
    told = lines.with_columns(**by_days)
    parts = [_part(told.filter(_is(state)), effect, *moved) for effect, (state, *moved) in _own_parts().items()]
    return pl.concat(parts)


def _own_parts() -> dict[str, tuple[str | None, pl.Expr, pl.Expr]]:
    """For each effect the state of the lines that have it (null: all), what it adds to converted, and what to cost."""
    days_sold, days_spent, nothing = pl.col("days_sold"), pl.col("days_spent"), pl.lit(0.0)
    quantity = _moved("quantity")
    volume_sold, volume_spent = quantity * pl.col("mean_worth"), quantity * pl.col("mean_cost")
    at_old_price = pl.col("quantity_after") * pl.col("worth")
    at_old_rate = pl.col("amount_after") * pl.col("rate")
    at_old_cost = pl.col("quantity_after") * pl.col("unit_cost")
    all_of_it = _moved("converted") - days_sold, _moved("cost") - days_spent
    return {
        "working_days": (None, days_sold, days_spent),
        "volume": ("compared", volume_sold - days_sold, volume_spent - days_spent),
        "mix": ("compared", quantity * pl.col("worth") - volume_sold, quantity * pl.col("unit_cost") - volume_spent),
        "price": ("compared", at_old_rate - at_old_price, nothing),
        "currency": ("compared", pl.col("converted_after") - at_old_rate, nothing),
        "cost": ("compared", nothing, pl.col("cost_after") - at_old_cost),
        "new_products": ("new", *all_of_it),
        "lost_products": ("lost", *all_of_it),
        "other": ("other", *all_of_it),
    }


def _is(state: str | None) -> pl.Expr:
    return pl.lit(True) if state is None else pl.col("state") == state


def _part(lines: pl.DataFrame, effect: str, sold: pl.Expr, spent: pl.Expr) -> pl.DataFrame:
    return lines.select(*LINE, effect=pl.lit(effect), sold=sold.cast(pl.Float64), spent=spent.cast(pl.Float64))


def _moved(measure: str) -> pl.Expr:
    return pl.col(f"{measure}_after") - pl.col(f"{measure}_before")


def _by_product(parts: pl.DataFrame) -> pl.DataFrame:
    summed = parts.group_by("product_id", "effect").agg(settled_sum(pl.col("amount")))
    return summed.filter(pl.col("amount") != 0).sort("product_id", "effect", nulls_last=True)


def _in_order(by_product: pl.DataFrame, order: Sequence[str]) -> pl.DataFrame:
    """One row per effect that is not nothing, in the order given."""
    summed = by_product.group_by("effect").agg(settled_sum(pl.col("amount"))).filter(pl.col("amount") != 0)
    return summed.sort(pl.col("effect").replace_strict(list(order), list(range(len(order)))))


def _taken_together(parts: pl.DataFrame, sold_before: float, least: float) -> pl.Expr:
    """The step that each step counts as: itself, or the next one after which there is enough to divide by."""
    steps = _summed_steps(parts)
    is_enough = ((sold_before + pl.col("sold").cum_sum()).abs() >= least) | (pl.col("effect") == STEPS[-1])
    counted = steps.select("effect", counts_as=pl.when(is_enough).then("effect").backward_fill())
    return pl.col("effect").replace_strict(counted["effect"], counted["counts_as"], default=STEPS[-1])


def _summed_steps(parts: pl.DataFrame) -> pl.DataFrame:
    """One row per step, in order: what it adds to converted and to cost."""
    order = pl.DataFrame({"effect": STEPS})
    sums = parts.group_by("effect").agg(pl.col("sold", "spent").sum())
    joined = order.join(sums, on="effect", how="left", validate="1:1", maintain_order="left")
    return joined.with_columns(pl.col("sold", "spent").fill_null(0.0))


def _stepped(parts: pl.DataFrame, sold: float, margin: float) -> pl.DataFrame:
    """One row per step: effect, rate (the margin rate before it), left (converted after it)."""
    gained = pl.col("sold") - pl.col("spent")
    running = _summed_steps(parts).with_columns(left=sold + pl.col("sold").cum_sum(), margin=margin + gained.cum_sum())
    rate = (pl.col("margin") / pl.col("left")).shift(1, fill_value=margin / sold)
    return running.select("effect", "left", rate=rate)
