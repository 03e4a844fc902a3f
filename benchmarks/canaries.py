"""Every report for every kind of reader, in both languages and every format: equal to its answers, and the same bytes
whether or not what its reader may not see exists.

``python -m benchmarks.canaries`` makes each report of a firm whose every text tells whose it is; and again of a firm
from which all that the reader may not see was taken away. Files, their names, letters and the messages of chats must be
the same; no hidden text may stand in them; and every file is read back by other libraries. Ends with 1 where one fails.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from analytics.access import Viewer
from answers import Snapshot
from display.words import LANGUAGES
from reports import catalogue, formats, letters, parts
from reports.content import Report
from reports.letters import Issue
from tests.analytics.firm import Firm
from tests.answers import canaries
from tests.answers.test_leaks import VIEWERS
from tests.reports import test_reports as rules

READERS: Mapping[str, Viewer] = {
    **VIEWERS,
    **{f"limited {role}": rules.viewer_of(role) for role in rules.LIMITS},
}
Rule = Callable[[tuple[Report, Viewer], dict[str, bytes]], None]
RULES: tuple[Rule, ...] = (
    rules.test_no_file_tells_what_its_reader_may_not_see,
    rules.test_a_workbook_holds_every_value_and_every_total,
    rules.test_csv_and_parquet_hold_every_value,
    rules.test_pages_and_slides_show_the_first_rows_as_text,
)
LINK = "https://tandem.firm.example"


@dataclass(frozen=True)
class Case:
    """A report for a reader in a language."""

    report: str
    reader: str
    language: str

    @property
    def viewer(self) -> Viewer:
        """Who reads it."""
        return READERS[self.reader]

    def made(self, version: Snapshot) -> Report:
        """The report; one of one's own holds every part."""
        asked = rules.asked(self.report, self.viewer, self.language, version)
        asked = replace(asked, parts=tuple(parts.PARTS)) if self.report == "own" else asked
        made = catalogue.made(self.report, asked)
        return replace(made, about=replace(made.about, snapshot_id="the same"))


def files(report: Report) -> dict[str, bytes]:
    """The report in every format."""
    return {name: formats.written(report, name) for name in formats.FORMATS}


def messages(report: Report) -> dict[str, str]:
    """What a letter and the chats say, and what the files are called."""
    issue = Issue(report=report, name="", mime="", content=b"", address=LINK, way_out=f"{LINK}/unsubscribe/x")
    told = {"subject": letters.subject(issue), "text": letters.text(issue), "page": letters.page(issue)}
    told |= {way: json.dumps(letters.posted(issue, way), ensure_ascii=False) for way in letters.HOOKS}
    return told | {f"name {form}": formats.file_name(report, form) for form in formats.FORMATS}


def cases() -> Iterator[Case]:
    """Each report for each reader who may have it, in each language."""
    for name, recipe in catalogue.REPORTS.items():
        for reader, viewer in READERS.items():
            if viewer.may(recipe.right):
                yield from (Case(name, reader, language) for language in LANGUAGES)


def faults(case: Case, whole: Snapshot, seen: Snapshot, hidden: set[str]) -> Iterator[str]:
    """What is wrong with a report."""
    report, without = case.made(whole), case.made(seen)
    made, said = files(report), messages(report)
    twice, again = files(without), messages(without)
    yield from (f"{name} changes with what is hidden" for name in made if made[name] != twice[name])
    yield from (f"{name} changes with what is hidden" for name in said if said[name] != again[name])
    yield from (f"messages tell {text}" for text in canaries.canaries(list(said.values())) & hidden)
    for rule in RULES:
        try:
            rule((report, case.viewer), made)
        except AssertionError as error:
            yield f"{rule.__name__}: {str(error)[:200]}"


def cells(case: Case, version: Snapshot) -> int:
    """How many cells its tables hold."""
    return sum(grid.table.frame.height * len(grid.table.columns) for grid in case.made(version).grids)


def published(place: str, name: str, tables: Firm) -> Snapshot:
    """A firm in a home of its own."""
    os.environ["TANDEM_HOME"] = f"{place}/{name}"
    return canaries.published(tables)


def run() -> int:
    """Makes all of them, and prints what is wrong."""
    wrong, made, compared = 0, 0, 0
    with tempfile.TemporaryDirectory() as place:
        whole = published(place, "whole", rules.FIRM)
        firms = {
            name: published(place, name, canaries.without_the_hidden(rules.FIRM, viewer))
            for name, viewer in READERS.items()
        }
        secrets = {name: canaries.hidden_texts(rules.FIRM, viewer) for name, viewer in READERS.items()}
        for case in cases():
            made, compared = made + 1, compared + cells(case, whole)
            for fault in faults(case, whole, firms[case.reader], secrets[case.reader]):
                wrong += 1
                print(f"{case.report}, {case.reader}, {case.language}: {fault}")
    told = f"{made} reports, {made * len(formats.FORMATS)} files, {compared:,} cells"
    print(f"{told}; {len(READERS)} readers, {sum(map(len, secrets.values())):,} hidden texts: {wrong} faults (aim: 0)")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(run())
