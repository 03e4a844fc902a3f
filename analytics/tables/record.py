"""What every row of the unified model carries, whatever its subject."""

from functools import cache

import dataframely as dy

from analytics.tables import columns as c

SHARED = "*"


class Record(dy.Schema):
    """One current row per source record.

    A subclass is a table: its docstring says what one row is.
    """

    company_id = c.name("The company the row belongs to; * where the source shares the record among companies")
    source = c.name("The source system that the row came from")
    source_id = c.name("The record's own key in its source system")
    load_id = dy.Int64(
        nullable=True,
        min=0,
        description="The run that brought this state of the row",
        metadata={"unit": "sync_runs.sync_run_id"},
    )
    deleted_at = c.instant(
        "When the record was found gone at its source while other rows still refer to it; null for a living row"
    )

    @classmethod
    @cache
    def columns(cls) -> dict[str, dy.Column]:
        """The columns by name. Asked for thousands of times in a refresh, and named anew each time by dataframely."""
        return super().columns()


BASE = tuple(Record.column_names())
