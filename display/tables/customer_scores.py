"""The table of customers with every segment, score and topic: usual columns are seen, the others where asked for."""

import polars as pl

from analytics.demand import Types
from display.periods import quarter_name
from display.tables import Column, Shown, Table, shown
from display.tables.customer_outlook import STAGE_COLOURS
from display.tables.customers import CUSTOMERS, name
from display.tables.service import VERDICT_COLOURS

OFFERED = {"offer": "blue", "control": "gray"}
CLASSES = {"A": "blue", "B": "green", "C": "gray"}
SCORES = (
    Column("stage", "chip", width=95, words="stage.", colours=STAGE_COLOURS, is_extra=True),
    Column("value_class", "chip", width=95, words="value_class.", colours=CLASSES, is_extra=True),
    Column("cluster", width=90, is_extra=True),
    Column("cohort", width=110, is_extra=True),
    Column("p_active", "share", width=105, is_extra=True),
    Column("leaving_risk", "share", width=105, is_extra=True),
    Column("expected_amount", "money", width=110, is_extra=True),
    Column("amount_high", "money", width=110, is_extra=True),
    Column("offer", width=200, is_extra=True),
    Column("offer_amount", "money", width=110, is_extra=True),
    Column("offer_margin", "money", width=110, is_extra=True),
    Column("group", "chip", width=90, words="audience.group.", colours=OFFERED, is_extra=True),
    Column("topic", width=110, words="topic.", is_extra=True),
    Column("verdict", "chip", width=110, words="survey.", colours=VERDICT_COLOURS, is_extra=True),
    Column("may_mail", width=90, words="may_mail.", is_extra=True),
)
SCORED = Table("customers", (*CUSTOMERS.columns, *SCORES))
QUARTERS: Types = {"cohort_on": pl.Date, "cohort": pl.String}


def scored(frame: pl.DataFrame, language: str) -> Shown:
    """Customers in their order, of ``answers.customer_scores``."""
    days = frame.get_column("cohort_on").drop_nulls().unique().to_list()
    quarters = pl.DataFrame([(day, quarter_name(day, language)) for day in days], schema=QUARTERS, orient="row")
    named = frame.join(quarters, on="cohort_on", how="left", validate="m:1", maintain_order="left")
    return shown(SCORED, named.with_columns(name(language)), language)
