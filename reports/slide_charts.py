"""The figures of the screen as native charts of slides: their numbers can be edited, and nothing in them runs."""

import copy
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
import xlsxwriter
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Pt

from display.theme import LIGHT
from reports import svg
from reports.cells import clean
from reports.workbook import OPTIONS

Place = tuple[int, int, int, int]
LABEL_SIZE = 12
GAP_WIDTH, ROOM = 55, 0.3
MOST_NAMES, EACH_NAME = 8, 3
LINES = f"""<c:lineChart {nsdecls("c")}>
<c:grouping val="standard"/><c:varyColors val="0"/><c:marker val="1"/></c:lineChart>"""


@dataclass(frozen=True)
class _Series:
    """One row of numbers. ``is_line``: drawn as a line; ``is_mark``: as marks alone."""

    name: str
    values: tuple[float | None, ...]
    colours: tuple[str, ...]
    is_line: bool = False
    is_mark: bool = False


def colour(hexadecimal: str) -> RGBColor:
    """A colour of our palette as the library takes it."""
    return RGBColor.from_string(hexadecimal.lstrip("#").upper())


def is_broken(figure: go.Figure) -> bool:
    """Whether bars are longer than they are drawn: their axis does not start at zero."""
    bases = [trace.base for trace in figure.data if isinstance(trace, go.Bar) and trace.base is not None]
    return any(float(base[0]) != 0 for base in bases)


def add(slide: Slide, figure: go.Figure, place: Place, name: str, alt: str) -> None:
    """Puts the figure on the slide as a chart with these words for who does not see it."""
    is_across = any(isinstance(trace, go.Bar) and trace.orientation == "h" for trace in figure.data)
    chart = _across(slide, figure, place, name) if is_across else _upright(slide, figure, place)
    frame = slide.shapes[-1]
    properties = frame._element.nvGraphicFramePr.cNvPr  # noqa: SLF001 - the library has no alternative text
    properties.set("name", clean(name))
    properties.set("descr", clean(alt))
    chart.font.size = Pt(LABEL_SIZE)
    chart.font.color.rgb = colour(LIGHT.ink)


def _values(found: Any) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else float(value) for value in svg.numbers(found))


def _made(slide: Slide, kind: Any, names: Sequence[str], series: Sequence[_Series], place: Place) -> Chart:
    data = CategoryChartData()
    data.categories = [clean(name) or "–" for name in names]
    for one in series:
        data.add_series(clean(one.name), one.values)
    chart = slide.shapes.add_chart(kind, *place, data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(list(data.categories), series))
    chart.has_title = False
    return chart


def _workbook(categories: Sequence[Any], series: Sequence[_Series]) -> bytes:
    """The chart's own workbook: names as text, never as formulas or links, which the library would make of them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet("Sheet1")
        for row, category in enumerate(categories, start=1):
            sheet.write_string(row, 0, category.label)
        for column, one in enumerate(series, start=1):
            sheet.write_string(0, column, clean(one.name))
            for row, value in enumerate(one.values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return out.getvalue()


def _across(slide: Slide, figure: go.Figure, place: Place, alone: str) -> Chart:
    """Horizontal bars with their numbers at the end; those that start elsewhere than at zero stand on an unseen one."""
    (bars,) = [trace for trace in figure.data if isinstance(trace, go.Bar)]
    at, lengths = svg.numbers(bars.y), svg.numbers(bars.x)
    down = -1 if figure.layout.yaxis.autorange == "reversed" else 1
    order = np.argsort(at * down, kind="stable")
    texts = _texts(bars, len(lengths))
    ticks = zip(svg.numbers(figure.layout.yaxis.tickvals), figure.layout.yaxis.ticktext, strict=True)
    names = {round(float(tick), 3): svg.plain(text) for tick, text in ticks}
    labels = [names.get(round(float(at[number]), 3), "") for number in order]
    paints = [bars.marker.color] * len(lengths) if isinstance(bars.marker.color, str) else list(bars.marker.color)
    paint = tuple(paints[number] for number in order)
    shown = tuple(float(lengths[number]) for number in order)
    told = [texts[number] for number in order]
    if bars.base is None:
        series = _Series(alone, shown, paint)
        chart = _made(slide, XL_CHART_TYPE.BAR_CLUSTERED, labels, [series], place)
        _painted(chart.plots[0].series[0], series)
        _labelled(chart.plots[0].series[0], told, XL_LABEL_POSITION.OUTSIDE_END)
    else:
        bases = tuple(float(bars.base[number]) for number in order)
        chart = _bridge(slide, labels, shown, bases, paint, told, place, figure, alone)
    _quiet(chart, figure, is_across=True)
    return chart


def _bridge(  # noqa: PLR0913, PLR0917 - what one bar is made of, row by row
    slide: Slide,
    labels: Sequence[str],
    lengths: tuple[float, ...],
    bases: tuple[float, ...],
    paint: tuple[str, ...],
    told: Sequence[str],
    place: Place,
    figure: go.Figure,
    name: str,
) -> Chart:
    """The way from one value to another: each bar stands where the one before it ended, on the lowest of them."""
    floor = bases[0]
    spans = [(0.0 if base == floor else base, base + length) for base, length in zip(bases, lengths, strict=True)]
    starts, seen = tuple(min(span) for span in spans), tuple(max(span) - min(span) for span in spans)
    room = max(map(max, spans)) - min(floor, *map(min, spans[1:-1]), *map(max, spans))
    series = [
        _Series("\u2013", starts, ()),
        _Series(name, seen, paint),
        _Series("\u2014", (room * ROOM,) * len(seen), ()),
    ]
    chart = _made(slide, XL_CHART_TYPE.BAR_STACKED, labels, series, place)
    for number in (0, 2):
        chart.plots[0].series[number].format.fill.background()
    _painted(chart.plots[0].series[1], series[1])
    chart.plots[0].overlap = 100
    _labelled(chart.plots[0].series[2], told, XL_LABEL_POSITION.INSIDE_BASE)
    low, high = figure.layout.xaxis.range
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = (
        max(float(low), 0.0) if floor > 0 else float(low),
        float(high),
    )
    return chart


def _texts(bars: go.Bar, count: int) -> list[str]:
    return [svg.plain(text) for text in bars.text] if bars.text is not None else [""] * count


def _labelled(series: Any, texts: Sequence[str], position: Any) -> None:
    """The numbers of the figure as labels."""
    for number, text in enumerate(texts):
        if not clean(text):
            continue
        label = series.points[number].data_label
        label.text_frame.text = clean(text)
        label.position = position
        font = label.text_frame.paragraphs[0].runs[0].font
        font.size = Pt(LABEL_SIZE)
        font.color.rgb = colour(LIGHT.ink)


def _painted(series: Any, of: _Series) -> None:
    if len(set(of.colours)) == 1:
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(of.colours[0])
        return
    for number, paint in enumerate(of.colours):
        fill = series.points[number].format.fill
        fill.solid()
        fill.fore_color.rgb = colour(paint)


def _upright(slide: Slide, figure: go.Figure, place: Place) -> Chart:
    """Columns, with lines and marks above them; lines alone where the figure has no columns."""
    series = [_upright_series(trace) for trace in figure.data]
    bars, lines = [one for one in series if not one.is_line], [one for one in series if one.is_line]
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if bars else XL_CHART_TYPE.LINE_MARKERS
    chart = _made(slide, kind, _names(figure), [*bars, *lines], place)
    _drawn(chart, [*bars, *lines], has_bars=bool(bars))
    if bars and lines:
        _lines_apart(chart, len(bars), lines)
    _quiet(chart, figure, is_across=False)
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    return chart


def _upright_series(trace: go.Bar | go.Scatter) -> _Series:
    paint = trace.marker.color if isinstance(trace, go.Bar) or trace.mode == "markers" else trace.line.color
    name = trace.name or "–"
    is_line = isinstance(trace, go.Scatter)
    return _Series(name, _values(trace.y), (paint,), is_line=is_line, is_mark=is_line and trace.mode == "markers")


def _names(figure: go.Figure) -> list[str]:
    """What each place across is called: all months, of which the screen names only some."""
    told = figure.data[0].hovertext
    if told is not None and not isinstance(told, str):
        return [text.split(": ")[0] for text in told]
    ticks = zip(svg.numbers(figure.layout.xaxis.tickvals), figure.layout.xaxis.ticktext, strict=True)
    named = {float(at): svg.plain(text) for at, text in ticks}
    return [named.get(float(at), "–") for at in svg.numbers(figure.data[0].x)]


def _drawn(chart: Chart, series: Sequence[_Series], *, has_bars: bool) -> None:
    for made, of in zip(chart.plots[0].series, series, strict=True):
        if has_bars and not of.is_line:
            _painted(made, of)
        elif not has_bars:
            _line(made, of)


def _line(made: Any, of: _Series) -> None:
    made.smooth = False
    if of.is_mark:
        made.format.line.fill.background()
    else:
        made.format.line.color.rgb = colour(of.colours[0])
        made.format.line.width = Pt(2.25)
    made.marker.format.fill.solid()
    made.marker.format.fill.fore_color.rgb = colour(of.colours[0])
    made.marker.format.line.color.rgb = colour(of.colours[0])


def _lines_apart(chart: Chart, bars: int, drawn: Sequence[_Series]) -> None:
    """Takes the series behind the columns into a line chart on the same axes, which the library cannot make."""
    columns = chart._chartSpace.plotArea.find(qn("c:barChart"))  # noqa: SLF001 - no other way to two kinds in one chart
    series = columns.findall(qn("c:ser"))[bars:]
    lines = parse_xml(LINES)
    for one in series:
        inverted = one.find(qn("c:invertIfNegative"))
        if inverted is not None:
            one.remove(inverted)
        lines.find(qn("c:marker")).addprevious(one)
    for axis in columns.findall(qn("c:axId")):
        lines.append(copy.deepcopy(axis))
    columns.addnext(lines)
    for made, of in zip(chart.plots[1].series, drawn, strict=True):
        _line(made, of)


def _quiet(chart: Chart, figure: go.Figure, *, is_across: bool) -> None:
    """Light lines, no frames, labels at the edge, the range of the figure."""
    values, names = chart.value_axis, chart.category_axis
    values.has_major_gridlines = not is_across
    values.visible = not is_across
    names.format.line.color.rgb = colour(LIGHT.lines)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    for plot in chart.plots:
        if hasattr(plot, "gap_width"):
            plot.gap_width = GAP_WIDTH
            plot.vary_by_categories = False
    if is_across:
        return
    _sparse(chart, names)
    values.major_gridlines.format.line.color.rgb = colour(LIGHT.lines)
    values.format.line.fill.background()
    values.tick_labels.number_format = "0%" if _is_share(figure) else "#,##0"
    values.tick_labels.number_format_is_linked = False
    if figure.layout.yaxis.range is not None:
        low, high = figure.layout.yaxis.range
        values.minimum_scale, values.maximum_scale = float(low), float(high)


def _sparse(chart: Chart, names: Any) -> None:
    """Only every third of many names, so that each stays on one line."""
    if len(chart.plots[0].categories) > MOST_NAMES:
        ends = names._element.find(qn("c:noMultiLvlLbl"))  # noqa: SLF001 - the library cannot leave names out
        ends.addprevious(parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{EACH_NAME}"/>'))


def _is_share(figure: go.Figure) -> bool:
    return any("%" in text for text in figure.layout.yaxis.ticktext or ())
