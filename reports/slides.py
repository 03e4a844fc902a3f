"""A report as slides: one message a slide, native charts and tables, nothing that runs."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from display.messages import Card, Fact
from display.theme import LIGHT
from display.words import say
from reports import cells, slide_charts, svg
from reports.cells import clean
from reports.content import Drawing, Grid, Report, Section
from reports.pdf import LEFT_KINDS, foot
from reports.sealed import resealed
from reports.slide_charts import colour
from reports.slide_master import EDGE, INNER, deck

TOP, BOTTOM = Inches(1.85), Inches(6.85)
CARD_HEIGHT, CARD_GAP = Inches(1.25), Inches(0.15)
BODY, SMALL, CELL = 14, 11, 10.5
MOST_ROWS = 12
# What a row of a table takes beside its lines, in the program that takes most.
AROUND_LINE = Inches(0.18)
MOST_BESIDE, LEAST_ROOM = 2, Inches(2.6)
CARDS_ACROSS, FEW_CARDS, VALUE, NARROW_VALUE = 6, 3, 24, 18
POINTS_OF_INCH = 72
TONES = {"quiet": LIGHT.ink, "warn": LIGHT.warn, "bad": LIGHT.bad}
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def written(report: Report) -> bytes:
    """The report as a PPTX file; equal reports give equal bytes."""
    made = deck()
    _cover(made, report)
    for section in report.sections:
        _section(made, section, report)
    _about(made, report)
    _described(made, report)
    out = io.BytesIO()
    made.save(out)
    return resealed(out.getvalue(), report.about.made_at)


def _described(made: Deck, report: Report) -> None:
    told = made.core_properties
    at = report.about.made_at.replace(tzinfo=None)
    told.title, told.subject, told.author = clean(report.about.title)[:255], report.about.snapshot_id, "Tandem"
    told.last_modified_by, told.created, told.modified, told.revision = "Tandem", at, at, 1


def _slide(made: Deck, message: str, name: str, report: Report) -> Slide:
    """A slide with its message, what it is about above it, and where it comes from below."""
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = clean(message)
    _text(slide, name, (EDGE, Inches(0.32), INNER, Inches(0.3)), SMALL, LIGHT.series[0])
    below = (EDGE, Inches(7.02), INNER, Inches(0.3))
    _text(slide, f"{foot(report)} · {len(made.slides)}", below, 9, LIGHT.muted)
    return slide


def _text(
    slide: Slide, text: str, place: tuple[int, int, int, int], size: float, paint: str, strong: bool = False
) -> Any:
    box = slide.shapes.add_textbox(*place)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _run(frame.paragraphs[0], text, size, paint, strong=strong)
    return frame


def _run(paragraph: Any, text: str, size: float, paint: str, *, strong: bool = False) -> None:
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.size, run.font.bold = Pt(size), strong
    run.font.color.rgb = colour(paint)


def _cover(made: Deck, report: Report) -> None:
    slide = _slide(made, report.message, report.about.title, report)
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = EDGE, Inches(2.2), Emu(INNER - Inches(1.5)), Inches(1.9)
    title.text_frame.paragraphs[0].runs[0].font.size = Pt(34)
    _text(slide, report.caption, (EDGE, Inches(4.25), INNER, Inches(0.5)), BODY, LIGHT.muted)
    facts = report.about.lines(report.rows)[1:]
    told = " · ".join(f"{label}: {value}" for label, value in facts[:3])
    _text(slide, told, (EDGE, Inches(4.75), INNER, Inches(0.5)), SMALL, LIGHT.muted)


def _section(made: Deck, section: Section, report: Report) -> None:
    """Its message with cards, sentences, facts and figures, or its first table where it has none; then the rest, one a
    slide, as what there is no room for."""
    slide = _slide(made, section.message, section.name, report)
    top = _words(slide, section)
    has_room = top == TOP or BOTTOM - top >= LEAST_ROOM
    beside = section.drawings[:MOST_BESIDE] if has_room else ()
    if beside:
        _beside(slide, beside, top, report)
    for drawing in section.drawings[len(beside) :]:
        _beside(_slide(made, drawing.title, section.name, report), (drawing,), TOP, report)
    is_listed = has_room and not section.drawings and bool(section.grids)
    if is_listed:
        _listing(slide, section.grids[0], top, report)
    for grid in section.grids[is_listed:]:
        _listing(_slide(made, grid.title, section.name, report), grid, TOP, report)


def _beside(slide: Slide, drawings: Sequence[Drawing], top: int, report: Report) -> None:
    """Figures side by side, each under its title where there are several."""
    gap = Inches(0.4)
    width = Emu((INNER - gap * (len(drawings) - 1)) // len(drawings))
    for number, drawing in enumerate(drawings):
        left = EDGE + number * (width + gap)
        if len(drawings) > 1:
            _text(slide, drawing.title, (left, top, width, Inches(0.3)), BODY, LIGHT.ink, strong=True)
        start = top + (Inches(0.35) if len(drawings) > 1 else 0)
        place = (left, start, width, Emu(BOTTOM - start - Inches(0.1)))
        slide_charts.add(slide, drawing.figure, place, drawing.title, drawing.alt)
        if slide_charts.is_broken(drawing.figure):
            told = say(report.about.language, "report.broken_axis")
            _text(slide, told, (left, BOTTOM - Inches(0.1), width, Inches(0.25)), 9, LIGHT.muted)


def _words(slide: Slide, section: Section) -> int:
    """Cards, sentences, facts and notes; gives where they end."""
    top = _cards(slide, section.cards) if section.cards else TOP
    if section.lines:
        top = _paragraphs(slide, section.lines, top)
    if section.facts:
        top = _facts(slide, section.facts, top)
    if section.notes:
        told = " · ".join(section.notes)
        _text(slide, told, (EDGE, min(top, Inches(6.3)), INNER, Inches(0.6)), SMALL, LIGHT.muted)
        top += _height(told, INNER, SMALL) + Inches(0.15)
    return top


def _cards(slide: Slide, cards: Sequence[Card]) -> int:
    """Up to six cards a row, narrow where there are many; gives where they end."""
    across = min(len(cards), CARDS_ACROSS)
    width = Emu((INNER - CARD_GAP * (across - 1)) // across)
    for number, card in enumerate(cards):
        left = EDGE + (number % across) * (width + CARD_GAP)
        top = TOP + (number // across) * (CARD_HEIGHT + CARD_GAP)
        _card(slide, card, (left, top, width, CARD_HEIGHT), VALUE if across <= FEW_CARDS else NARROW_VALUE)
    return TOP + -(-len(cards) // across) * (CARD_HEIGHT + CARD_GAP) + Inches(0.1)


def _card(slide: Slide, card: Card, place: tuple[int, int, int, int], size: float) -> None:
    shape = slide.shapes.add_shape(1, *place)
    shape.shadow.inherit = False
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour("#F5F7FA")
    shape.line.color.rgb = colour(LIGHT.lines)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(0.1)
    first = frame.paragraphs[0]
    for paragraph in (first, second := frame.add_paragraph(), third := frame.add_paragraph()):
        paragraph.alignment = PP_ALIGN.LEFT
    _run(first, card.label, SMALL, LIGHT.muted)
    _run(second, card.value, size, TONES[card.tone], strong=True)
    _run(third, " · ".join(filter(None, (card.note, card.also))), SMALL, LIGHT.muted)


def _paragraphs(slide: Slide, lines: Sequence[str], top: int) -> int:
    frame = _text(slide, lines[0], (EDGE, top, INNER, Inches(0.4)), BODY, LIGHT.ink)
    for line in lines[1:]:
        paragraph = frame.add_paragraph()
        paragraph.space_before = Pt(8)
        _run(paragraph, line, BODY, LIGHT.ink)
    return top + sum(_height(line, INNER, BODY) + Inches(0.12) for line in lines) + Inches(0.15)


def _facts(slide: Slide, facts: Sequence[Fact], top: int) -> int:
    """Names and values, one below the other."""
    frame = _text(slide, "", (EDGE, top, INNER, Inches(0.4)), BODY, LIGHT.ink)
    for number, fact in enumerate(facts):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_before = Pt(4)
        _run(paragraph, f"{fact.label}:", BODY, LIGHT.muted)
        paragraph.add_run().text = "  "
        _run(paragraph, fact.value, BODY, TONES[fact.tone], strong=True)
    return top + len(facts) * Inches(0.32) + Inches(0.15)


def _height(text: str, width: int, size: float) -> int:
    """How high a text will be at that width."""
    lines = max(1, -(-int(svg.width_of(text, size)) // max(1, int(width / 914_400 * POINTS_OF_INCH))))
    return lines * int(size * 1.25 / POINTS_OF_INCH * 914_400)


def _listing(slide: Slide, grid: Grid, top: int, report: Report) -> None:
    """As many rows as the slide has room for, and of how many they are the first."""
    language = report.about.language
    columns = cells.drawn(grid.table)
    if grid.table.frame.is_empty():
        _text(slide, grid.none, (EDGE, top, INNER, Inches(0.5)), BODY, LIGHT.muted)
        return
    widths = _widths([cells.width_of(column, language) for column in columns])
    rows = cells.rows(grid.table.part(slice(MOST_ROWS)), language)
    heights = [
        max(_height(cell, width - Inches(0.14), CELL) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    fitting = list(_fitting(heights, BOTTOM - top - Inches(0.85)))
    is_whole = len(fitting) == grid.table.frame.height
    sums = cells.totals(grid, language, len(fitting))
    total = [sums] if sums else []
    shown = [[clean(grid.table.headings[column.name]) for column in columns], *rows[: len(fitting)], *total]
    table = _table(slide, len(shown), widths, top)
    for number, row in enumerate(shown):
        for column, text, cell in zip(columns, row, table.rows[number].cells, strict=True):
            is_strong = bool(total) and number == len(shown) - 1
            _cell(cell, text, is_heading=number == 0, is_right=column.kind not in LEFT_KINDS, is_strong=is_strong)
    if not is_whole:
        counted = {"shown": str(len(fitting)), "all": f"{grid.table.frame.height:,}"}
        told = say(language, "report.first", **counted)
        _text(slide, told, (EDGE, BOTTOM, INNER, Inches(0.25)), 9, LIGHT.muted)


def _fitting(heights: Sequence[int], room: int) -> Iterator[int]:
    used = 0
    for height in heights:
        used += height + AROUND_LINE
        if used > room:
            return
        yield height


def _widths(wanted: Sequence[int]) -> list[int]:
    return [INNER * width // sum(wanted) for width in wanted]


def _table(slide: Slide, rows: int, widths: Sequence[int], top: int) -> Any:
    frame = slide.shapes.add_table(rows, len(widths), EDGE, top, INNER, Emu(rows * Inches(0.3)))
    properties = frame._element.graphic.graphicData.tbl.tblPr  # noqa: SLF001 - the library has no name for the style
    properties.find(qn("a:tableStyleId")).text = NO_STYLE
    properties.set("bandRow", "0")
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = Emu(width)
    for row in frame.table.rows:
        row.height = Inches(0.3)
    return frame.table


def _cell(cell: Any, text: str, *, is_heading: bool, is_right: bool, is_strong: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(0.07)
    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_heading else MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
    _run(paragraph, text, CELL, LIGHT.muted if is_heading else LIGHT.ink, strong=is_strong)
    line = f'<a:lnB {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="{LIGHT.lines[1:]}"/></a:solidFill></a:lnB>'
    cell._tc.get_or_add_tcPr().append(parse_xml(line))  # noqa: SLF001 - the library knows no borders of cells


def _about(made: Deck, report: Report) -> None:
    language = report.about.language
    slide = _slide(made, say(language, "report.about"), report.about.title, report)
    facts = [Fact(label, str(value)) for label, value in report.about.lines(report.rows)]
    _facts(slide, facts, TOP)
