"""Taking a table away: as CSV or Excel, equal to what is seen. The file is made when it is asked for."""

import hashlib

import streamlit as st

from display.tables import Shown
from display.words import say
from pages.parts.visit import Visit
from reports import csv, workbook
from reports.about import About


def buttons(table: Shown, title: str, visit: Visit) -> None:
    """Two buttons. Both files hold the rows, columns, order and words of the table."""
    about = _about(title, table, visit)
    with st.container(horizontal=True, gap="xsmall", width="content", key=f"export_{table.name}"):
        st.download_button(
            say(visit.language, "export.csv"),
            lambda: csv.written(table),
            file_name=about.file_name("csv"),
            mime="text/csv",
            key=f"{table.name}_csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        st.download_button(
            say(visit.language, "export.xlsx"),
            lambda: workbook.written(table, about),
            file_name=about.file_name("xlsx"),
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key=f"{table.name}_xlsx",
            on_click="ignore",
            type="tertiary",
            icon=":material/table_view:",
        )


def _about(title: str, table: Shown, visit: Visit) -> About:
    seen = f"{visit.viewer.scope_key}|{visit.scope!r}|{visit.language}|{table.name}|{title}"
    return About(
        title=title,
        viewer=visit.viewer,
        snapshot_id=visit.version.id,
        seen=hashlib.sha256(seen.encode()).hexdigest()[:8],
        made_at=visit.version.made_at,
        as_of=visit.as_of,
        is_sample=visit.version.is_sample,
        filters=visit.filters,
        language=visit.language,
    )


def heading(text: str, table: Shown, title: str, visit: Visit) -> None:
    """A heading, and beside it the export of what it heads: the right end is where a table shows its own tools."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"heading_{table.name}"):
        st.subheader(text, anchor=False, width="content")
        if table.frame.height:
            buttons(table, title, visit)
