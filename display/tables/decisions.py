"""The table of what needs a decision."""

import polars as pl

from display.messages.decisions import sentence
from display.tables import Column, Shown, Table, shown

KINDS = {
    "item_runs_out": "red",
    "supplier_slipping": "orange",
    "supplier_dearer": "orange",
    "stock_too_much": "blue",
    "late_orders": "red",
    "overdue_receivables": "orange",
    "customers_leaving": "red",
    "demand_surging": "blue",
    "complaints_rising": "red",
    "margin_squeezed": "orange",
    "campaign_without_effect": "gray",
}

DECISIONS = Table(
    "decisions",
    (
        Column("headline", width=330, pinned=True),
        Column("evidence", width=360),
        Column("money", "money", width=100),
        Column("currency", width=70),
        Column("money_is", width=90, words="decisions.worth."),
        Column("who", width=190),
        Column("act_by_on", "day", width=100),
        Column("kind", "chip", width=140, words="decisions.kind.", colours=KINDS),
    ),
)


def decisions(frame: pl.DataFrame, language: str) -> Shown:
    """Decisions in their order, each in words."""
    told = [sentence(row, language) for row in frame.iter_rows(named=True)]
    texts = {
        name: pl.Series(name, [getattr(one, name) for one in told], dtype=pl.String)
        for name in ("headline", "evidence", "who")
    }
    return shown(DECISIONS, frame.with_columns(**texts), language)
