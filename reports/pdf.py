"""A report as PDF: paged, with our own fonts, its text never read as markup.

The template is ``report.typ``; everything that a report says reaches it as JSON, and is put on the page as text.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import typst

from display.numbers import day
from display.tables import Shown
from display.words import say
from reports import cells, svg
from reports.about import About
from reports.content import Drawing, Grid, Report, Section

PLACE = Path(__file__).parent
FONTS, TEMPLATE = PLACE / "fonts", PLACE / "report.typ"
WIDE, HALF = 600.0, 400.0
MOST_ROWS = 5_000
# Of a page, in points: its width and most of its height, a line of a cell, what is left free around it.
ACROSS, DOWN, LINE, INSETS, CELL, FILLED = 751.0, 440.0, 12.5, 8.0, 8.0, 0.8
MOST_WHOLE = 25
# How much of its place a figure fills, in percent.
ALONE, ABOVE_ROWS, WHOLE = 66, 54, 100
WHOLE_KINDS = ("day", "number", "money", "amount", "share", "bar")
LEFT_KINDS = ("text", "chip", "day", "instant")
MOST_UNDRAWN = 40


def written(report: Report) -> bytes:
    """The report as a PDF file; equal reports give equal bytes."""
    content = _content(report)
    at = report.about.made_at.astimezone(UTC)
    content["made_at"] = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    inputs = {"report": json.dumps(content, ensure_ascii=False, sort_keys=True)}
    options: dict[str, Any] = {"root": str(PLACE), "font_paths": [str(FONTS)], "ignore_system_fonts": True}
    made = typst.compile(str(TEMPLATE), sys_inputs=inputs, format="pdf", **options)
    return bytes(made)


def of_table(table: Shown, about: About) -> bytes:
    """One table as PDF, whole: for at most ``MOST_ROWS`` rows, for nobody leafs through more."""
    grid = Grid(table=table, title=about.title, most=MOST_ROWS, none=say(about.language, "report.no_rows"))
    filters = "; ".join(f"{name}: {value}" for name, value in about.filters.items())
    caption = " · ".join(
        part for part in (f"{say(about.language, 'about.as_of')} {day(about.as_of, about.language)}", filters) if part
    )
    section = Section(name="", message=about.title, grids=(grid,))
    return written(Report(about=about, message=about.title, caption=caption, sections=(section,)))


def _content(report: Report) -> dict[str, Any]:
    about, language = report.about, report.about.language
    told = {
        "language": language,
        "title": about.title,
        "message": report.message,
        "caption": report.caption,
        "foot": foot(report),
        "page": say(language, "report.page"),
        "sections": [_section(section, report) for section in report.sections],
        "about": {"title": say(language, "report.about"), "lines": _about(report)},
        "definitions": {
            "title": say(language, "report.definitions"),
            "lines": [[name, meaning] for name, meaning in report.definitions.items()],
        },
    }
    shown: dict[str, Any] = _cleaned(told)
    undrawn = undrawable(_letters(shown))
    shown["undrawn"] = say(language, "report.undrawn", letters=undrawn) if undrawn else ""
    return shown


def foot(report: Report) -> str:
    """What every page says of where it comes from."""
    about, language = report.about, report.about.language
    sample = [say(language, "about.sample.yes")] if about.is_sample else []
    as_of = f"{say(language, 'about.as_of')} {day(about.as_of, language)}"
    return " · ".join([about.title, *sample, as_of, say(language, f"role.{about.viewer.role}")])


def _about(report: Report) -> list[list[str]]:
    return [[label, str(value)] for label, value in report.about.lines(report.rows)]


def _section(section: Section, report: Report) -> dict[str, Any]:
    language = report.about.language
    return {
        "name": section.name,
        "message": section.message,
        "lines": list(section.lines),
        "cards": [
            [card.label, card.value, " · ".join(filter(None, (card.note, card.also))), card.tone]
            for card in section.cards
        ],
        "facts": [[fact.label, fact.value, fact.tone] for fact in section.facts],
        "drawings": [_drawing(drawing, section) for drawing in section.drawings],
        "grids": [_grid(grid, language) for grid in section.grids],
        "notes": list(section.notes),
    }


def _drawing(drawing: Drawing, section: Section) -> dict[str, Any]:
    """A figure as it lies on its page: half of one beside another, smaller above a table than alone."""
    is_alone = len(section.drawings) == 1
    picture, _ = svg.drawn(drawing.figure, WIDE if is_alone else HALF)
    share = (ABOVE_ROWS if section.grids else ALONE) if is_alone else WHOLE
    return {"title": drawing.title, "svg": picture, "alt": drawing.alt, "share": share}


def _grid(grid: Grid, language: str) -> dict[str, Any]:
    columns = cells.drawn(grid.table)
    return {
        "title": grid.title,
        "headings": [cells.breakable(cells.clean(grid.table.headings[column.name])) for column in columns],
        "widths": [cells.width_of(column, language) for column in columns],
        "whole": [column.kind in WHOLE_KINDS for column in columns],
        "right": [column.kind not in LEFT_KINDS for column in columns],
        "rows": [
            [cells.breakable(cell) for cell in row] for row in cells.rows(grid.table.part(slice(grid.most)), language)
        ],
        "total": cells.totals(grid, language),
        "fits": _fits(grid, language),
        "told": cells.told(grid, language),
        "none": grid.none,
    }


def _fits(grid: Grid, language: str) -> bool:
    """Whether what is shown of a table is surely shorter than a page: then it is not broken across two."""
    columns, part = cells.drawn(grid.table), grid.table.part(slice(grid.most))
    if part.frame.height > MOST_WHOLE:
        return False
    widths = [cells.width_of(column, language) for column in columns]
    room = [ACROSS * width / sum(widths) - INSETS for width in widths]
    lines = [max(map(_lines, row, room), default=1) for row in cells.rows(part, language)]
    return sum(number * LINE + INSETS for number in lines) < DOWN


def _lines(text: str, room: float) -> int:
    """How many lines a text takes at most: none of them is filled to its end."""
    return 1 + int(svg.width_of(text, CELL) / (FILLED * max(room, CELL)))


def _cleaned(content: Any) -> Any:
    """All texts without control characters; pictures are left as they are."""
    if isinstance(content, str):
        return content if content.startswith("<svg") else _without_controls(content)
    if isinstance(content, list):
        return [_cleaned(part) for part in content]
    return {name: _cleaned(part) for name, part in content.items()} if isinstance(content, dict) else content


def _without_controls(text: str) -> str:
    return cells.BREAK.join(cells.clean(part) for part in text.split(cells.BREAK))


def _letters(content: Any) -> Iterator[str]:
    """Every text of the pages."""
    if isinstance(content, str):
        yield html.unescape(re.sub(r"<[^>]*>", "", content)) if content.startswith("<svg") else content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _letters(part)


def undrawable(texts: Iterator[str] | Sequence[str]) -> str:
    """The letters that our fonts do not hold, each with its number: some of them where there are many."""
    known = _drawable()
    missing = sorted(
        {letter for text in texts for letter in text if ord(letter) not in known and letter != cells.BREAK}
    )
    return " ".join(f"U+{ord(letter):04X}" for letter in missing[:MOST_UNDRAWN])


@cache
def _drawable() -> frozenset[int]:
    """The letters of our fonts: one span of their numbers a line, in hexadecimal."""
    spans = (line.split("-") for line in (FONTS / "letters.txt").read_text(encoding="ascii").splitlines())
    return frozenset(
        number for first, *last in spans for number in range(int(first, 16), int((last or [first])[0], 16) + 1)
    )
