"""How old stock is: what is left of what came in from outside, the oldest leaving first. Pure: frames in, frames out.

A company's stock of a product is one pile: where in the firm it lies does not matter for its age, so a transfer between
own sites never makes it younger. What came in from outside (from a supplier, from production, back from a customer, by
a count that found more) is a layer with its day. The oldest leave first, so what is left is the latest that came in.
"""

from datetime import date

import polars as pl

from analytics.demand import Tables, living
from analytics.sites import at_main_site, main_sites
from analytics.tables import SHARED
from analytics.tables.columns import DECIMAL

INSIDE = ("internal", "transit")
PILE = ("pile_id", "product_id")
PLACE = ("product_id", "site_id", "company_id", "region")
UP_TO_DAYS = {"to_30": 30, "to_90": 90, "to_180": 180, "to_365": 365}
BUCKETS = (*UP_TO_DAYS, "over_365", "unrecorded", "below_zero")
OLD = ("over_365", "unrecorded")


def bucket(came_on: pl.Expr, quantity: pl.Expr, as_of: date) -> pl.Expr:
    """Which of ``BUCKETS`` a layer belongs to: by the days since it came in, or unrecorded where the records do not
    reach back so far; below_zero for levels that are recorded below zero and have no age."""
    days = (pl.lit(as_of) - came_on).dt.total_days()
    named = pl.when(quantity < 0).then(pl.lit("below_zero")).when(came_on.is_null()).then(pl.lit("unrecorded"))
    for name, most in UP_TO_DAYS.items():
        named = named.when(days <= most).then(pl.lit(name))
    return named.otherwise(pl.lit("over_365"))


def stock_ages(tables: Tables) -> pl.DataFrame:
    """The layers of today's stock: one row per product, main site, company and day on which it came in: PLACE, came_on,
    quantity.

    came_on is null for what was there before the first recorded movement, and for levels below zero, whose quantity is
    negative. Each site holds of each layer what it holds of the pile: the quantities of a site add up to its stock on
    hand. What is in transit belongs to the pile and to no site.
    """
    standing = _standing(tables)
    piled = _shared_out(standing.filter(pl.col("on_hand") > 0), layers(standing, incoming(tables)))
    below = standing.filter((pl.col("on_hand") < 0) & ~pl.col("is_transit"))
    negative = below.select(*PLACE, came_on=pl.lit(None, dtype=pl.Date), quantity="on_hand")
    return pl.concat([piled, negative]).sort(*PLACE, "came_on", nulls_last=True)


def _pile(own: str, sites: str) -> pl.Expr:
    """The company whose pile it is: the row's own, and the site's where a source shares the row among companies."""
    return pl.when(pl.col(own) == SHARED).then(sites).otherwise(own)


def _standing(tables: Tables) -> pl.DataFrame:
    """The latest levels: one row per product, main site and company, transit sites too: PLACE, pile_id, is_transit,
    on_hand."""
    latest = _owned_levels(tables).sort("as_of_on").unique(("product_id", "site_id"), keep="last", maintain_order=True)
    places = main_sites(tables["sites"]).select("site_id", pl.col("is_transit").fill_null(value=False))
    flagged = latest.join(places, on="site_id", how="left", validate="m:1")
    piled = at_main_site(flagged, tables["sites"])
    return piled.group_by(*PLACE, "pile_id", "is_transit").agg(pl.col("on_hand").sum().cast(DECIMAL))


def _owners(tables: Tables) -> pl.DataFrame:
    return tables["sites"].select("site_id", owner_id="company_id")


def incoming(tables: Tables) -> pl.DataFrame:
    """What came in from outside: one row per pile, product and day (UTC): pile_id, product_id, came_on, quantity.

    What a count found on the very first day of a company's records was there before: it has no day.
    """
    moves = living(tables["stock_moves"]).filter((pl.col("status") == "done") & pl.col("moved_at").is_not_null())
    owned = moves.join(_owners(tables), left_on="to_site_id", right_on="site_id", how="left", validate="m:1")
    dated = owned.with_columns(pile_id=_pile("company_id", "owner_id"), day_on=pl.col("moved_at").dt.date())
    is_opening = (pl.col("from_place") == "adjustment") & (pl.col("day_on") == pl.col("day_on").min().over("pile_id"))
    came = dated.with_columns(came_on=pl.when(~is_opening).then("day_on")).filter(
        pl.col("to_place").cast(pl.String).is_in(INSIDE) & ~pl.col("from_place").cast(pl.String).is_in(INSIDE)
    )
    return came.group_by(*PILE, "came_on").agg(pl.col("quantity").sum().cast(DECIMAL))


def layers(standing: pl.DataFrame, came: pl.DataFrame) -> pl.DataFrame:
    """What is left of what came in: one row per pile, product and day: pile_id, product_id, came_on, left, below.

    ``below`` is what lies beneath the layer, older than it. The oldest leave first, so that what is left is the latest
    that came in, back to where it makes up all that stands; what no record explains has no day and lies lowest.
    """
    piles = standing.filter(pl.col("on_hand") > 0).group_by(PILE).agg(pile=pl.col("on_hand").sum().cast(DECIMAL))
    newest_first = came.filter((pl.col("quantity") > 0) & pl.col("came_on").is_not_null()).sort(
        *PILE, "came_on", descending=[False, False, True]
    )
    above = pl.col("quantity").cum_sum().over(PILE) - pl.col("quantity")
    reached = newest_first.join(piles, on=PILE, how="inner", validate="m:1", maintain_order="left").with_columns(
        room=(pl.col("pile") - above).clip(lower_bound=0)
    )
    left = reached.with_columns(left=pl.min_horizontal("quantity", "room")).filter(pl.col("left") > 0)
    dated = left.select(*PILE, "came_on", "pile", "left", below=pl.col("room") - pl.col("left"))
    explained = dated.group_by(PILE).agg(explained=pl.col("left").sum())
    rest = piles.join(explained, on=PILE, how="left", validate="1:1").with_columns(
        left=pl.col("pile") - pl.col("explained").fill_null(0)
    )
    undated = rest.filter(pl.col("left") > 0).select(
        *PILE, "pile", "left", came_on=pl.lit(None, dtype=pl.Date), below=pl.lit(0, dtype=DECIMAL)
    )
    exact = [pl.col(name).cast(DECIMAL) for name in ("pile", "left", "below")]
    return pl.concat([dated.select(*PILE, "came_on", *exact), undated.select(*PILE, "came_on", *exact)])


def _shared_out(standing: pl.DataFrame, lying: pl.DataFrame) -> pl.DataFrame:
    """Each layer shared out to the sites by what lies there: rounded so that the shares of a site make up its stock."""
    places = standing.filter(~pl.col("is_transit"))
    both = places.join(lying, on=PILE, how="inner")
    up_to = _part(pl.col("below") + pl.col("left"))
    shared = both.with_columns(quantity=(up_to - _part(pl.col("below"))).cast(DECIMAL))
    return shared.filter(pl.col("quantity") != 0).select(*PLACE, "came_on", "quantity")


def _part(depth: pl.Expr) -> pl.Expr:
    """How much of a site's stock lies in the pile up to so deep."""
    share = depth.cast(pl.Float64) / pl.col("pile").cast(pl.Float64)
    return (pl.col("on_hand").cast(pl.Float64) * share).round(6).cast(DECIMAL)


def stock_uses(tables: Tables) -> pl.DataFrame:
    """When stock was last used: one row per product, main site and company with stock: PLACE, last_used_on, came_on,
    recorded_from.

    All three days are those of the company's whole pile. last_used_on: the last delivery to a customer or consumption
    by production; a transfer between own sites, a count or scrap is no use. came_on: the first time that any came in
    from outside; null where some was there before the records. recorded_from: the company's first recorded day.
    """
    standing = _standing(tables).filter((pl.col("on_hand") != 0) & ~pl.col("is_transit"))
    recorded = _first_days(tables)
    known = (
        standing.join(_days_of_use(tables), on=PILE, how="left", validate="m:1")
        .join(_first_stock(tables), on=PILE, how="left", validate="m:1")
        .join(recorded, on="pile_id", how="left", validate="m:1")
    )
    is_recorded = pl.col("first_on") > pl.col("recorded_from")
    dated = known.with_columns(came_on=pl.when(is_recorded).then("first_on"))
    return dated.select(*PLACE, "last_used_on", "came_on", "recorded_from").sort(*PLACE, nulls_last=True)


def _days_of_use(tables: Tables) -> pl.DataFrame:
    """One row per pile and product that was ever used: pile_id, product_id, last_used_on."""
    moves = living(tables["stock_moves"]).filter(
        (pl.col("status") == "done") & pl.col("kind").cast(pl.String).is_in(["delivery", "consumption"])
    )
    owned = moves.join(_owners(tables), left_on="from_site_id", right_on="site_id", how="left", validate="m:1")
    piled = owned.with_columns(pile_id=_pile("company_id", "owner_id"))
    return piled.group_by(PILE).agg(last_used_on=pl.col("moved_at").dt.date().max())


def _first_stock(tables: Tables) -> pl.DataFrame:
    """One row per pile and product that ever was in stock: pile_id, product_id, first_on."""
    held = _owned_levels(tables).filter(pl.col("on_hand") > 0).select(*PILE, first_on="as_of_on")
    came = incoming(tables).select(*PILE, first_on="came_on")
    return pl.concat([held, came]).group_by(PILE).agg(pl.col("first_on").min())


def _first_days(tables: Tables) -> pl.DataFrame:
    """One row per pile: pile_id, recorded_from: the first day of any movement or level."""
    place = pl.coalesce("to_site_id", "from_site_id")
    moves = living(tables["stock_moves"]).with_columns(site_id=place)
    owned = moves.join(_owners(tables), on="site_id", how="left", validate="m:1")
    moved = owned.select(_pile("company_id", "owner_id").alias("pile_id"), day_on=pl.col("moved_at").dt.date())
    counted = _owned_levels(tables).select("pile_id", day_on="as_of_on")
    return pl.concat([moved, counted]).group_by("pile_id").agg(recorded_from=pl.col("day_on").min())


def _owned_levels(tables: Tables) -> pl.DataFrame:
    """The levels of all days, each with the pile that it belongs to."""
    levels = living(tables["inventory_levels"]).join(_owners(tables), on="site_id", how="left", validate="m:1")
    return levels.with_columns(pile_id=_pile("company_id", "owner_id"))


def transfers_by_item_day(tables: Tables) -> pl.DataFrame:
    """What left a site for another one of the firm: one row per product, main site, company and day (UTC)."""
    moves = living(tables["stock_moves"]).filter((pl.col("kind") == "transfer") & (pl.col("status") == "done"))
    to = main_sites(tables["sites"]).select(to_site_id="site_id", to_main_id="main_site_id")
    sent = moves.drop_nulls("moved_at").join(to, on="to_site_id", how="left", validate="m:1")
    transit = main_sites(tables["sites"]).filter(pl.col("is_transit")).select(from_site_id="site_id")
    rows = sent.join(transit, on="from_site_id", how="anti").select(
        "product_id",
        "company_id",
        "quantity",
        "to_main_id",
        site_id="from_site_id",
        day_on=pl.col("moved_at").dt.date(),
    )
    left = at_main_site(rows, tables["sites"]).filter(pl.col("site_id") != pl.col("to_main_id"))
    keys = ("product_id", "site_id", "company_id", "region", "day_on")
    return left.group_by(keys).agg(pl.col("quantity").sum().cast(DECIMAL)).sort(*keys, nulls_last=True)
