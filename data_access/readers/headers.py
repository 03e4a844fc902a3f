"""Rows around the data: which row names the columns, which rows are titles and totals."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from data_access.readers.delivery import LINE, Finding, TableRefused

MAX_COLUMNS = 2_000

TOTAL_WORDS = frozenset(
    {"total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "合计", "总计", "总和"}
)


def normalised(header: str) -> str:
    """A column name as people mean it: ' Order ID ' and 'order-id' are both order_id."""
    plain = re.sub(r"[\s\-]+", "_", unicodedata.normalize("NFKC", header).strip().strip("\ufeff").lower())
    return re.sub(r"[*^]", "_", plain)  # to Polars, * and ^...$ are patterns of names


def matches(cells: Iterable[str | None], known: Collection[str]) -> int:
    """How many of the known columns a row names."""
    return len({normalised(cell) for cell in cells if cell} & set(known))


def header_position(rows: Sequence[Sequence[str | None]], known: Collection[str]) -> int | None:
    """Position of the row that names most known columns; without one, of the first row that holds anything."""
    scores = [_score(row, known) for row in rows]
    best = max(scores, default=0)
    if best:
        return scores.index(best)
    return next((position for position, row in enumerate(rows) if not is_blank(row)), None)


def _score(row: Sequence[str | None], known: Collection[str]) -> int:
    named = matches(row, known)
    cells = sum(1 for cell in row if cell and cell.strip())
    needed = max(min(2, len(known)), min((len(known) + 1) // 2, (cells + 1) // 2))
    return named if named and named >= needed else 0


def column_names(cells: Sequence[str | None], file: str) -> list[str]:
    """Normalised names of all columns, nameless ones numbered; refuses a name that stands twice."""
    names = [normalised(cell or "") or f"unnamed_{number}" for number, cell in enumerate(cells, start=1)]
    if len(names) > MAX_COLUMNS:
        raise TableRefused("too_many_columns", f"{file} has {len(names)} columns; send at most {MAX_COLUMNS}.")
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise TableRefused(
            "duplicate_column",
            f"{file} has the column {', '.join(twice)} more than once; remove or rename one of them.",
        )
    if LINE in names:
        raise TableRefused(
            "reserved_column", f"{file} has a column named {LINE}, which is kept for line numbers; rename it."
        )
    return names


def is_blank(row: Iterable[str | None]) -> bool:
    """Nothing stands in this row."""
    return not any(cell and cell.strip() for cell in row)


def is_total(row: Sequence[str | None], width: int) -> bool:
    """A last row like 'TOTAL,20,,,' of a printed report: its first cell says so, and half of its cells are empty."""
    first = (row[0] or "").strip().rstrip(":：").strip().casefold() if row else ""
    filled = sum(1 for cell in row if cell and cell.strip())
    return first in TOTAL_WORDS and filled * 2 <= width


def furniture_warning(file: str, lines: Sequence[int]) -> tuple[Finding, ...]:
    """Says which rows were taken for titles or totals and left out; nothing where there were none."""
    if not lines:
        return ()
    where = ", ".join(str(line) for line in sorted(lines)[:5]) + (", ..." if len(lines) > 5 else "")
    rows = "row" if len(lines) == 1 else "rows"
    return (
        Finding(
            "report_rows_skipped",
            f"{file}: {len(lines)} {rows} of titles or totals (line {where}) left out; check that none is a record.",
        ),
    )
