"""A table as a reader sees it, with everything in it that a spreadsheet could take for something else."""

from datetime import UTC, date, datetime

import polars as pl

from analytics.access import Viewer
from display.tables import Column, Shown
from reports.about import About

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://example.org","x")')
TEXTS = (*FORMULAS, '阀体, "DN50"\nzwei', "https://example.org", "007", "", "x" * 40_000)
COLUMNS = (
    Column("name", pinned=True),
    Column("amount", "money"),
    Column("days", "bar"),
    Column("weeks", "trend"),
    Column("on", "day"),
    Column("at", "instant"),
    Column("state", "chip"),
)


def seen() -> Shown:
    """One row for each text; the last one knows nothing else."""
    rows = len(TEXTS)
    frame = pl.DataFrame(
        {
            "name": TEXTS,
            "amount": [-1234.5] * (rows - 1) + [None],
            "days": [7.25] * (rows - 1) + [None],
            "weeks": [[0.0, 2.5]] * (rows - 1) + [None],
            "on": [date(2026, 11, 27)] * (rows - 1) + [None],
            "at": [datetime(2026, 11, 27, 8, 30)] * (rows - 1) + [None],  # noqa: DTZ001 - the reader's own clock
            "state": ["=Low"] * rows,
        }
    )
    headings = {column.name: f"= {column.name}" for column in COLUMNS}
    return Shown("seen", frame, COLUMNS, headings, {"state": {"=Low": "orange"}})


def about(**fields: object) -> About:
    """Who asked for it, and when."""
    told = {
        "title": "Inventory and demand",
        "viewer": Viewer(user="ada", role="manager"),
        "snapshot_id": "20261122T181615694597-1c3ac5e9e957",
        "seen": "932f3889",
        "made_at": datetime(2026, 11, 22, 18, 16, tzinfo=UTC),
        "as_of": date(2026, 11, 22),
        "is_sample": False,
        "filters": {},
        "language": "en",
    }
    return About(**(told | fields))  # type: ignore[arg-type]
