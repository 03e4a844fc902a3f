"""Taking a table away: as Excel, CSV, Parquet or PDF, equal to what is seen. The file is made when it is asked for."""

import functools
import hashlib
from collections.abc import Callable, Mapping

import streamlit as st

from display.tables import Shown
from display.tables.arrangement import USUAL
from display.words import say
from pages.parts import arranging
from pages.parts.visit import Visit
from reports import csv, parquet, pdf, workbook
from reports.about import About

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MIMES = {"xlsx": SHEET, "csv": "text/csv", "parquet": "application/vnd.apache.parquet", "pdf": "application/pdf"}
ICONS = {"xlsx": "table_view", "csv": "csv", "parquet": "database", "pdf": "picture_as_pdf"}


def buttons(table: Shown, title: str, visit: Visit) -> None:
    """The menu of a table; its content is drawn when it is opened. Every file holds the rows, columns, order and words
    of the table, all of them."""
    label, key = say(visit.language, "export"), f"export_{table.name}"
    menu = st.popover(label, icon=":material/download:", type="tertiary", width="content", key=key, on_change="rerun")
    if menu.open:
        with menu:
            _formats(arranging.arranged(table), about_table(title, table, visit))


def _formats(table: Shown, about: About) -> None:
    for name, written in files(table, about).items():
        _button(name, written, about, table.name)
    if table.frame.height > pdf.MOST_ROWS:
        st.caption(say(about.language, "export.pdf.long", count=table.frame.height))


def files(table: Shown, about: About) -> Mapping[str, Callable[[], bytes]]:
    """The formats, each with what makes it; pages only where a person could leaf through them."""
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": functools.partial(workbook.written, table, about),
        "csv": functools.partial(csv.written, table),
        "parquet": functools.partial(parquet.written, table),
    }
    if table.frame.height <= pdf.MOST_ROWS:
        made["pdf"] = functools.partial(pdf.of_table, table, about)
    return made


def _button(name: str, written: Callable[[], bytes], about: About, table: str) -> None:
    st.download_button(
        say(about.language, f"export.{name}"),
        written,
        file_name=about.file_name(name),
        mime=MIMES[name],
        key=f"{table}_{name}",
        on_click="ignore",
        type="tertiary",
        icon=f":material/{ICONS[name]}:",
    )


def about_table(title: str, table: Shown, visit: Visit) -> About:
    """What a file of a table says of itself."""
    seen = f"{visit.viewer.scope_key}|{visit.viewer.role}|{visit.scope!r}|{visit.language}|{table.name}|{title}"
    if visit.filters:
        seen += f"|{dict(visit.filters)!r}"
    if (wanted := arranging.wanted(table)) != USUAL:
        seen += f"|{wanted!r}"
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


def heading(text: str, table: Shown, title: str, visit: Visit, more: Callable[[], None] | None = None) -> None:
    """A heading, and beside it the export of what it heads: the right end is where a table shows its own tools.
    ``more``: what else stands there, also where the table is empty."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"heading_{table.name}"):
        st.subheader(text, anchor=False, width="content")
        if table.frame.height:
            buttons(table, title, visit)
            arranging.menu(table, visit)
        if more is not None:
            more()
