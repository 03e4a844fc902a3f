"""Figures of Stock value and age: money by age, and by class."""

import numpy as np
import plotly.graph_objects as go
import polars as pl

from analytics.ageing import BUCKETS, OLD
from display.figures import bars
from display.numbers import compact, largest_first, money
from display.theme import palette, template
from display.words import say

IMPORTANT, EVEN = ("A", "B", "C"), ("X", "Y", "Z")
AGED = ("bucket", "products", "value")
MATRIX_HEIGHT = 264
FAINTEST, STRONGEST = 0.05, 0.55


def _main_currency(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows in the currency of most of the money: what cannot be converted cannot be compared by length."""
    sums = rows.drop_nulls(column).group_by("currency").agg(pl.col(column).sum())
    ordered = largest_first(dict(sums.drop_nulls("currency").iter_rows()))
    return rows.filter(pl.col("currency") == ordered[0][0]) if ordered else rows.clear()


def _aged(rows: pl.DataFrame, language: str) -> list[tuple[str, float, str]]:
    """Every age, the youngest first, with its length and its text: money, or items for who sees no money. What is older
    than the records is there only where any is."""
    known = _main_currency(rows, "value")
    money_known = not known.is_empty()
    counted = known if money_known else rows.group_by("bucket").agg(pl.col("products").sum(), value=None)
    found = {name: (products, value) for name, products, value in counted.select(AGED).iter_rows()}
    shown = [name for name in BUCKETS if name != "below_zero" and (name != "unrecorded" or name in found)]
    aged = []
    for name in shown:
        products, value = found.get(name, (0, 0.0))
        length = max(value or 0.0, 0.0) if money_known else float(products)
        text = money(length, known.item(0, "currency"), language) if money_known else _counted(products, language)
        aged.append((name, length, text))
    return aged


def _counted(products: int, language: str) -> str:
    text = say(language, "stock.matrix.cell", count=products)
    return text.replace(str(products), compact(products, language), 1)


def ages(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure | None:
    """The value of the stock by age (items, for who sees no money), the youngest on top, what is older than a year in
    another colour; no figure without stock. Only the currency of most of it."""
    aged = _aged(rows, language)
    if not any(length for _, length, _ in aged):
        return None
    names = [say(language, f"stock.age.{name}") for name, _, _ in aged]
    figure = bars.ranked(names, [length for _, length, _ in aged], [text for _, _, text in aged], dark=dark)
    colours = palette(dark=dark).series
    figure.data[0].marker.color = [colours[1 if name in OLD else 0] for name, _, _ in aged[::-1]]
    return figure


def ages_in_words(rows: pl.DataFrame, language: str) -> str:
    """What the figure of ages shows, for a reader who does not see it."""
    parts = [f"{say(language, f'stock.age.{name}')} {text}" for name, _, text in _aged(rows, language)]
    return say(language, "stock.ages.alt", parts="; ".join(parts))


def _cells(rows: pl.DataFrame) -> dict[tuple[str, str], tuple[int, float | None, str | None]]:
    """Items, value and currency by class; without amounts, items of all currencies."""
    known = _main_currency(rows, "stock_value")
    classed = (rows if known.is_empty() else known).drop_nulls("xyz")
    summed = classed.group_by("abc", "xyz").agg(
        pl.col("products").sum(), pl.col("stock_value").first(), pl.col("currency").first()
    )
    return {(abc, xyz): (products, value, currency) for abc, xyz, products, value, currency in summed.iter_rows()}


def matrix(rows: pl.DataFrame, language: str, *, dark: bool) -> go.Figure:
    """Items and money by importance (down) and evenness of demand (across); the more money, the stronger the colour."""
    cells, colours = _cells(rows), palette(dark=dark)
    weights = np.array([[_weight(cells.get((abc, xyz))) for xyz in EVEN] for abc in IMPORTANT[::-1]])
    texts = [[_text(cells.get((abc, xyz)), language) for xyz in EVEN] for abc in IMPORTANT[::-1]]
    heat = go.Heatmap(
        z=np.sqrt(weights).astype(np.float32),
        text=texts,
        texttemplate="%{text}",
        textfont={"color": colours.ink, "size": 13},
        colorscale=[[0, _faded(colours.series[0], FAINTEST)], [1, _faded(colours.series[0], STRONGEST)]],
        zmin=0,
        showscale=False,
        hoverinfo="skip",
        xgap=3,
        ygap=3,
    )
    layout = go.Layout(
        template=template(dark=dark),
        height=MATRIX_HEIGHT,
        xaxis={"side": "top"} | _ticks(EVEN, language),
        yaxis={"showgrid": False} | _ticks(IMPORTANT[::-1], language),
    )
    return go.Figure(heat, layout)


def _weight(cell: tuple[int, float | None, str | None] | None) -> float:
    if cell is None:
        return 0.0
    products, value, _ = cell
    return max(value, 0.0) if value is not None else float(products)


def _text(cell: tuple[int, float | None, str | None] | None, language: str) -> str:
    if cell is None:
        return say(language, "none")
    products, value, currency = cell
    counted = _counted(products, language)
    return counted if value is None or currency is None else f"<b>{money(value, currency, language)}</b><br>{counted}"


def _ticks(names: tuple[str, ...], language: str) -> dict[str, object]:
    texts = [f"{say(language, f'stock.matrix.{name}')}\u2002" for name in names]
    return {"tickmode": "array", "tickvals": list(range(len(names))), "ticktext": texts, "ticks": ""}


def _faded(colour: str, share: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def matrix_in_words(rows: pl.DataFrame, language: str) -> str:
    """What the figure of classes shows, for a reader who does not see it."""
    cells = _cells(rows)
    parts = [
        f"{abc}{xyz} {_text(cells[abc, xyz], language).replace('<b>', '').replace('</b><br>', ', ')}"
        for abc in IMPORTANT
        for xyz in EVEN
        if (abc, xyz) in cells
    ]
    return say(language, "stock.matrix.alt", parts="; ".join(parts))
