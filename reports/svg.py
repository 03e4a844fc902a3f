"""The figures of the screen as SVG: bars, lines, marks and bands on the same axes, drawn without a browser.

What a figure holds that is none of these is left out; reports take only figures that are made of them.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import plotly.graph_objects as go

from display.theme import LIGHT
from reports.cells import clean

FONT = "Inter, Noto Sans CJK SC"
SIZE, SMALL = 12.0, 11.0
WIDE, BROAD, CAPITAL, NARROW, SLIM = 1.0, 0.9, 0.7, 0.6, 0.32
THIN, BIG = frozenset("ijlI.,:;'|! ()[]"), frozenset("MW%@—…mw")
STRONG = ' font-weight="600"'
GAP, ROUND, BAR = 6.0, 2.5, 0.65
TOP, LEGEND, BOTTOM = 8.0, 26.0, 22.0
TAGS = re.compile(r"<[^>]*>")
EPOCH = np.datetime64("1970-01-01")


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is."""
    return size * sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    return SLIM if letter in THIN else BROAD if letter in BIG else CAPITAL if letter.isupper() else NARROW


def plain(text: str) -> str:
    """The text of a label without the tags that a browser would read."""
    return html.unescape(TAGS.sub("", text)).replace("\u2002", "").strip()


def is_strong(text: str) -> bool:
    """Whether a label is written strong."""
    return text.startswith("<b>")


def numbers(values: Any) -> np.ndarray:
    """Places on an axis as numbers; days as days since 1970."""
    found = np.asarray(list(values) if isinstance(values, tuple) else values)
    if found.dtype.kind == "M":
        return (found - EPOCH) / np.timedelta64(1, "D")
    if found.dtype.kind == "O":
        return np.array([_number(value) for value in found], dtype=np.float64)
    return found.astype(np.float64)


def _number(value: Any) -> float:
    if value is None:
        return float("nan")
    if isinstance(value, date | datetime):
        return float((np.datetime64(value) - EPOCH) / np.timedelta64(1, "D"))
    return float(value)


@dataclass(frozen=True)
class Axis:
    """Where values lie between two edges of the picture, and the labels beside them."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]
    has_lines: bool

    def at(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / ((self.high - self.low) or 1.0) * (self.end - self.start)


def drawn(figure: go.Figure, width: float) -> tuple[str, float]:
    """The figure as SVG of that width, and its height."""
    height = float(figure.layout.height or 260)
    across, down = _axes(figure, width, height)
    parts = [*_lines(across, down), *_labels(across, down, height)]
    for trace in figure.data:
        parts += _bars(trace, across, down) if isinstance(trace, go.Bar) else _marks(trace, across, down)
    parts += [*_shapes(figure, across, down), *_annotations(figure, across, down), *_legend(figure)]
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>', height


def _axes(figure: go.Figure, width: float, height: float) -> tuple[Axis, Axis]:
    layout = figure.layout
    below, left = _ticks(layout.xaxis), _ticks(layout.yaxis)
    room = max((width_of(text) for _, text in left), default=0.0) + (GAP if left else 0.0)
    top = LEGEND if _named(figure) else TOP
    right = width - max(TOP, (width_of(below[-1][1]) / 2) if below else 0.0)
    bottom = height - (BOTTOM if below else TOP)
    low, high = _range(figure, "x")
    across = Axis(low, high, room, right, below, has_lines=False)
    low, high = _range(figure, "y")
    has_lines = layout.yaxis.showgrid is not False
    return across, Axis(low, high, bottom, top, left, has_lines)


def _ticks(axis: Any) -> tuple[tuple[float, str], ...]:
    if axis.visible is False or axis.showticklabels is False or axis.tickvals is None:
        return ()
    return tuple((float(at), plain(text)) for at, text in zip(numbers(axis.tickvals), axis.ticktext, strict=True))


def _range(figure: go.Figure, name: str) -> tuple[float, float]:
    """From where to where an axis goes: as it says, else as far as what is drawn."""
    axis = figure.layout[f"{name}axis"]
    if axis.range is not None:
        low, high = numbers(axis.range)
        return float(low), float(high)
    places = np.concatenate([numbers(trace[name]) for trace in figure.data])
    is_across = any(isinstance(trace, go.Bar) and trace.orientation == "h" for trace in figure.data)
    has_bars = any(isinstance(trace, go.Bar) for trace in figure.data) and (name == "y") == is_across
    room = 0.5 if has_bars else 0.0
    low, high = float(np.nanmin(places)) - room, float(np.nanmax(places)) + room
    return (high, low) if axis.autorange == "reversed" else (low, high)


def _lines(across: Axis, down: Axis) -> Iterator[str]:
    """Quiet horizontal lines at the values that are named, and a line at zero where bars go both ways."""
    if down.has_lines:
        for at, _ in down.ticks:
            yield _line(across.start, down.at(at), across.end, down.at(at), LIGHT.lines, 1.0)
    elif across.low < 0 < across.high:
        yield _line(across.at(0), down.start, across.at(0), down.end, LIGHT.context, 1.0)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, dash: str = "") -> str:
    look = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{colour}" stroke-width="{width:.1f}"{look}/>'


def _label(x: float, y: float, text: str, *, colour: str = LIGHT.ink, anchor: str = "start") -> str:
    """A label as a browser would read it: its tags are no part of it, and may make it strong."""
    return _text(x, y, plain(text), colour=colour, anchor=anchor, look=STRONG if is_strong(text) else "")


def _text(
    x: float,
    y: float,
    text: str,
    *,
    colour: str = LIGHT.ink,
    anchor: str = "start",
    size: float = SIZE,
    look: str = "",
) -> str:
    """A text as it is: what looks like a tag in it is text too."""
    told = f'font-family="{FONT}" font-size="{size:.1f}" fill="{colour}" text-anchor="{anchor}"{look}'
    return f'<text x="{x:.1f}" y="{y:.1f}" {told}>{html.escape(clean(text), quote=False)}</text>'


def _labels(across: Axis, down: Axis, height: float) -> Iterator[str]:
    for at, text in across.ticks:
        yield _text(across.at(at), height - 6, text, colour=LIGHT.muted, anchor="middle", size=SMALL)
    for at, text in down.ticks:
        yield _text(across.start - GAP, down.at(at) + SIZE * 0.35, text, colour=LIGHT.muted, anchor="end", size=SMALL)


def _each(value: Any, number: int) -> list[Any]:
    """One value for all, or one for each."""
    return list(value) if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str) else [value] * number


def _bars(trace: go.Bar, across: Axis, down: Axis) -> Iterator[str]:
    is_across = trace.orientation == "h"
    lengths, places = numbers(trace.x if is_across else trace.y), numbers(trace.y if is_across else trace.x)
    count = len(lengths)
    bases = [_number(base) if base is not None else 0.0 for base in _each(trace.base, count)]
    colours, faint = _each(trace.marker.color or LIGHT.series[0], count), _each(trace.marker.opacity, count)
    texts = _each(trace.text, count)
    width = float(trace.width or BAR) if not isinstance(trace.width, Sequence) else BAR
    for at, length, base, colour, opacity, text in zip(places, lengths, bases, colours, faint, texts, strict=True):
        if np.isnan(length):
            continue
        ends = (base, base + length)
        if is_across:
            (left, right), (top, bottom) = map(across.at, ends), (down.at(at + width / 2), down.at(at - width / 2))
        else:
            (bottom, top), (left, right) = map(down.at, ends), (across.at(at - width / 2), across.at(at + width / 2))
        yield _box(left, right, top, bottom, colour, opacity)
        if text and is_across:
            yield _beside(text, across.at(ends[1]), (top + bottom) / 2, is_left=length < 0)


def _box(left: float, right: float, top: float, bottom: float, colour: str, opacity: float | None) -> str:
    x, y, width, height = min(left, right), min(top, bottom), abs(right - left), abs(bottom - top)
    look = f' fill-opacity="{opacity:.2f}"' if opacity is not None else ""
    corner = min(ROUND, width / 2, height / 2)
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{corner:.1f}"'
    return f'<rect {place} fill="{colour}"{look}/>'


def _beside(text: str, x: float, y: float, *, is_left: bool) -> str:
    """The number at the end of a bar."""
    place = x - GAP if is_left else x + GAP
    return _label(place, y + SIZE * 0.35, text, anchor="end" if is_left else "start")


def _marks(trace: go.Scatter, across: Axis, down: Axis) -> Iterator[str]:
    """A line, or marks, or both; parts of a line without values are left open."""
    points = [(across.at(x), down.at(y)) for x, y in zip(numbers(trace.x), numbers(trace.y), strict=True)]
    mode, colour = trace.mode or "lines", trace.line.color or trace.marker.color or LIGHT.series[0]
    if "lines" in mode and (trace.line.width is None or trace.line.width > 0):
        yield _way(points, colour, trace.line.width or 2.0)
    if "markers" in mode:
        is_plan = (trace.marker.symbol or "").startswith("line-ew")
        for x, y in points:
            if not np.isnan(y):
                yield (
                    _line(x - 9, y, x + 9, y, trace.marker.color, 2.0)
                    if is_plan
                    else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>'
                )


def _way(points: list[tuple[float, float]], colour: str, width: float) -> str:
    steps, is_drawing = [], False
    for x, y in points:
        if np.isnan(y):
            is_drawing = False
            continue
        steps.append(f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}")
        is_drawing = True
    return f'<path d="{"".join(steps)}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"/>'


def _shapes(figure: go.Figure, across: Axis, down: Axis) -> Iterator[str]:
    for shape in figure.layout.shapes:
        x0, x1 = (across.at(_number(value)) for value in (shape.x0, shape.x1))
        ends = (shape.y0, shape.y1)
        y0, y1 = (_paper(down, value) if shape.yref == "paper" else down.at(_number(value)) for value in ends)
        yield _line(x0, y0, x1, y1, shape.line.color, shape.line.width or 1.0, "3 3" if shape.line.dash else "")


def _paper(axis: Axis, share: float) -> float:
    return axis.start + share * (axis.end - axis.start)


def _annotations(figure: go.Figure, across: Axis, down: Axis) -> Iterator[str]:
    anchors = {"left": "start", "right": "end"}
    for note in figure.layout.annotations:
        x = _paper(across, note.x) if note.xref == "paper" else across.at(_number(note.x))
        y = _paper(down, note.y) if note.yref == "paper" else down.at(_number(note.y))
        colour = note.font.color or LIGHT.ink
        anchor = anchors.get(note.xanchor, "middle")
        yield _label(x + (note.xshift or 0), y + SIZE * 0.35, note.text, colour=colour, anchor=anchor)


def _named(figure: go.Figure) -> list[go.Scatter | go.Bar]:
    """The traces that a legend tells apart: none where there is only one."""
    named = [trace for trace in figure.data if trace.name and trace.showlegend is not False]
    return named if len(named) > 1 else []


def _legend(figure: go.Figure) -> Iterator[str]:
    x = 0.0
    for trace in _named(figure):
        colour = _colour(trace)
        yield f'<rect x="{x:.1f}" y="4.0" width="14.0" height="4.0" rx="2.0" fill="{colour}"/>'
        yield _text(x + 20, 10.5, trace.name, colour=LIGHT.muted, size=SMALL)
        x += 20 + width_of(trace.name, SMALL) + 22


def _colour(trace: go.Scatter | go.Bar) -> str:
    found = trace.marker.color if isinstance(trace, go.Bar) or trace.mode == "markers" else trace.line.color
    return found if isinstance(found, str) else LIGHT.series[0]
