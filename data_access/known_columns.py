"""Which columns each table of a source had when it was last loaded: what drift is told against."""

import json
from collections.abc import Mapping

from data_access.home import Home, write_atomically

Columns = Mapping[str, Mapping[str, str]]
"""By source table: from column to its type, empty where a source does not tell."""


def known(home: Home, source: str) -> Columns:
    """The columns of a source's tables; none before its first load, and where the file cannot be read."""
    found: Columns = _read(home).get(source, {})
    return found


def keep(home: Home, source: str, columns: Columns) -> None:
    """Keeps the columns of the tables that were loaded; what is known of others stays."""
    whole = _read(home)
    now = {**whole.get(source, {}), **{table: dict(told) for table, told in columns.items()}}
    if now != whole.get(source):
        text = json.dumps(whole | {source: now}, ensure_ascii=False, sort_keys=True)
        write_atomically(home.made().folder / "columns.json", text)


def _read(home: Home) -> dict[str, dict[str, dict[str, str]]]:
    try:
        kept = json.loads((home.folder / "columns.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
