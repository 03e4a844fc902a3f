"""The table of what to offer a customer next."""

import polars as pl

from display.tables import Column, Shown, Table, shown

OFFERS = Table(
    "offers",
    (
        Column("product", width=210, pinned=True),
        Column("chance", "share", width=85),
        Column("is_known", width=95, words="offer.known."),
        Column("expected_amount", "money", width=105),
        Column("expected_margin", "money", width=105),
    ),
)


def offers(frame: pl.DataFrame, language: str) -> Shown:
    """Offers in their order."""
    return shown(OFFERS, frame, language)
