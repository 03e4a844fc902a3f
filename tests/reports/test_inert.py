"""Text is data in every format: no formula, link, markup, script or mark of direction in it comes to life."""

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from display.figures import bars
from display.messages import Card
from display.tables import Column, Shown
from reports import cells, csv, parquet, pdf, slides, svg, workbook
from reports.content import Grid, Report, Section, drawings
from tests.reports import read_back as read
from tests.reports.seen import TEXTS, about

HOUSE = Path(__file__).resolve().parents[2]
BAD_INPUTS = HOUSE.parent / "shared/data/badinputs/cases"
CASES = ("B071_formula/customers.csv", "B073_sql/customers.csv", "B074_path/customers.csv", "B076_prompt/tickets.csv")
OWN = (
    "#panic(1)",
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $ *bold* _it_ \\ @ref <label> // /* */",
    "]; #let x = read('/etc/passwd')",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "&amp;&#x3C;",
    "]]><!--",
    "\x00\x01\x0b\x0c\x1f\ufffe",
    "\u202egnp.exe",
    "_x0041_",
    "﹦1+1 ＝1+1",
    "喆堃璟 𠮷",
    "a" * 300,
    "{{7*7}} ${7*7} %s %n",
)


def hostile() -> list[str]:
    """Strings of our own, and, where they are at hand, those of bad deliveries."""
    found = [*OWN, *(text for text in TEXTS if text)]
    for case in CASES:
        if (path := BAD_INPUTS / case).exists():
            frame = pl.read_csv(path, infer_schema=False)
            found += [text for name in ("name", "body") if name in frame.columns for text in frame[name].drop_nulls()]
    return found


def table() -> Shown:
    frame = pl.DataFrame({"name": hostile()})
    return Shown("hostile", frame, (Column("name"),), {"name": "=1+1 #panic()"}, {})


def report() -> Report:
    """A report whose every text is hostile."""
    bad = hostile()
    figure = bars.ranked(bad[:12], [1.0] * 12, bad[:12], dark=False)
    card = Card("one", bad[0], bad[1], bad[2], bad[4])
    section = Section(
        name=bad[4],
        message="=1+1 #panic() <script>",
        lines=(bad[0], bad[2]),
        cards=(card,),
        drawings=drawings((bad[4], figure, bad[4])),
        grids=(Grid(table=table(), title="=1+1", most=500),),
        notes=(bad[3],),
    )
    return Report(about=about(title="=1+1 #panic()"), message="#panic()", caption="*x*", sections=(section,))


def test_the_files_of_bad_deliveries_are_at_hand() -> None:
    if not BAD_INPUTS.exists():
        pytest.skip("the bad deliveries are not beside the project: only strings of our own were tried")
    assert len(hostile()) > len(OWN) + 60


def test_a_workbook_runs_nothing() -> None:
    content = workbook.of_report(report())
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, xml in parts.items():
        assert b"<f>" not in xml, name
        assert b"<hyperlink" not in xml, name
        assert b'TargetMode="External"' not in xml, name
    _, sheet, _ = read.sheets(content)
    found = [re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), row[0]) for row in sheet[1:]]
    assert found == [text[: workbook.LONGEST_CELL] for text in hostile()]


def test_csv_runs_nothing_and_loses_nothing() -> None:
    _, *rows = read.comma_separated(csv.written(table()))
    assert [row[0] for row in rows] == [csv.guarded(text) for text in hostile()]
    assert not [row[0] for row in rows if row[0].startswith(csv.FORMULA_STARTS)]


def test_parquet_keeps_every_letter() -> None:
    assert pl.read_parquet(io.BytesIO(parquet.written(table()))).to_series().to_list() == hostile()


def test_pages_show_markup_as_it_is_written() -> None:
    content = pdf.written(report())
    reader = PdfReader(io.BytesIO(content))
    told = read.pages(content)
    drawn = [text for text in map(cells.short, hostile()) if not pdf.undrawable([text])]
    assert len(drawn) > len(OWN)
    assert [text for text in drawn if read.squeezed(text) not in told] == []
    for page in reader.pages:
        assert not page.get("/Annots")
    for name in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/URI"):
        assert name not in content


def test_pages_say_which_letters_they_cannot_draw() -> None:
    assert pdf.undrawable(["Valve, 喆堃璟, Łódź, Ünal", "螺母"]) == ""
    assert pdf.undrawable(["ก", "Valve"]) == "U+0E01"
    thai = Shown("t", pl.DataFrame({"name": ["ก"]}), (Column("name"),), {"name": "Name"}, {})
    assert "U+0E01" in read.pages(pdf.of_table(thai, about()))


def test_slides_run_nothing_and_their_charts_neither() -> None:
    content = slides.written(report())
    with zipfile.ZipFile(io.BytesIO(content)) as deck:
        names = deck.namelist()
        links = b"".join(deck.read(name) for name in names if name.endswith(".rels"))
        books = [deck.read(name) for name in names if name.endswith(".xlsx")]
    assert b'TargetMode="External"' not in links
    assert books
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as sheet:
            assert b"<f>" not in sheet.read("xl/worksheets/sheet1.xml")
            assert not [name for name in sheet.namelist() if "rels" in name and b"hyperlink" in sheet.read(name)]
    shown = [row[0] for rows in read.slides(content) for row in rows[1:]]
    assert shown == list(map(cells.short, hostile()))[: len(shown)]
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(content)).slides]
    assert "=1+1 #panic() <script>" in titles


def test_a_picture_is_sound_whatever_its_labels_say() -> None:
    figure = go.Figure(go.Bar(x=np.array([1.0]), y=np.array([0]), orientation="h", text=["</text><script>"], base=None))
    figure.update_layout(yaxis={"tickvals": [0], "ticktext": ["&lt;b&gt; \x01"]}, xaxis={"range": [0, 2]})
    picture, _ = svg.drawn(figure, 300)
    assert "<script" not in picture
    assert ">&lt;b&gt;</text>" in picture
