"""Sites: which warehouse, plant or shop a place belongs to, and in which region it lies."""

import polars as pl

MAIN_KINDS = ("warehouse", "plant", "shop")


def main_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """One row per site: site_id, the main_site_id it counts for, main_site (its name), region, is_transit.

    A site that names no main site counts for itself. The region is the main site's, and its own where that has none.
    """
    main = pl.coalesce("main_site_id", "site_id")
    named = sites.select(main_site_id="site_id", main_site="name", main_region="region")
    own = sites.select("site_id", "region", main_site_id=main, is_transit=pl.col("kind") == "transit")
    joined = own.join(named, on="main_site_id", how="left", validate="m:1")
    region = pl.coalesce("main_region", "region")
    return joined.select("site_id", "main_site_id", "main_site", region=region, is_transit="is_transit")


def only_main_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """One row per company that has exactly one active warehouse, plant or shop: company_id, only_site_id.

    What a company with several does not place at a site stays without one: nobody guesses which.
    """
    is_main = pl.col("kind").cast(pl.String).is_in(MAIN_KINDS) & pl.col("is_active")
    is_main &= pl.coalesce("main_site_id", "site_id") == pl.col("site_id")
    by_company = (
        sites.filter(is_main).group_by("company_id").agg(only_site_id=pl.col("site_id").first(), sites=pl.len())
    )
    return by_company.filter(pl.col("sites") == 1).select("company_id", "only_site_id")


def placed(rows: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """As ``at_main_site``, and where no site is stated, at the only main site of the row's company."""
    with_only = rows.join(only_main_sites(sites), on="company_id", how="left", validate="m:1")
    assumed = with_only.with_columns(site_id=pl.coalesce("site_id", "only_site_id")).drop("only_site_id")
    return at_main_site(assumed, sites)


def at_main_site(rows: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """The rows with site_id replaced by its main site, and that one's region; both null where no site is known."""
    places = main_sites(sites).select("site_id", "main_site_id", "region")
    placed = rows.drop("region", strict=False).join(places, on="site_id", how="left", validate="m:1")
    return placed.with_columns(site_id=pl.col("main_site_id")).drop("main_site_id")
