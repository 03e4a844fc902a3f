"""The formats of reports: what a file is called, what browsers take it for, and what makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports import csv, parquet, pdf, slides, workbook
from reports.about import file_name_of
from reports.content import Report
from reports.sealed import zipped


@dataclass(frozen=True)
class Format:
    """One format. ``of_tables``: whether it holds tables alone, each a file of its own."""

    suffix: str
    mime: str
    written: Callable[[Report], bytes]
    of_tables: bool = False


def _csv(report: Report) -> bytes:
    return _bundle(report, "csv", csv.written)


def _parquet(report: Report) -> bytes:
    return _bundle(report, "parquet", parquet.written)


def _bundle(report: Report, suffix: str, written: Callable[..., bytes]) -> bytes:
    """Every table as a file, numbered in their order."""
    named = [
        (f"{number:02d} {file_name_of(grid.title)}.{suffix}", (written(grid.table),))
        for number, grid in enumerate(report.grids, start=1)
    ]
    return zipped(named, report.about.made_at)


OFFICE = "application/vnd.openxmlformats-officedocument"
ZIP = "application/zip"
FORMATS: Mapping[str, Format] = {
    "pdf": Format("pdf", "application/pdf", pdf.written),
    "pptx": Format("pptx", f"{OFFICE}.presentationml.presentation", slides.written),
    "xlsx": Format("xlsx", f"{OFFICE}.spreadsheetml.sheet", workbook.of_report),
    "csv": Format("zip", ZIP, _csv, of_tables=True),
    "parquet": Format("zip", ZIP, _parquet, of_tables=True),
}
TABLES: Mapping[str, Callable[..., bytes]] = {"csv": csv.written, "parquet": parquet.written}


def written(report: Report, name: str) -> bytes:
    """The report as a file of that format."""
    return FORMATS[name].written(report)


def file_name(report: Report, name: str) -> str:
    """What the file is called; two files of one name hold the same."""
    kind = FORMATS[name]
    return report.about.file_name(kind.suffix if not kind.of_tables else f"{name}.{kind.suffix}")
