"""What promises say in words: what decides a date, and why there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from display.messages.delivery import item
from display.numbers import day
from display.words import say

Row = Mapping[str, Any]
GRAVEST = ("cycle", "no_time", "no_hours", "no_source", "never_sure")


def binding(waits: pl.DataFrame, language: str) -> list[str]:
    """One sentence for each line that has to wait: what decides its day. ``waits``: see ``answers.delivery_told``."""
    rows = waits.filter("is_binding").sort("line").iter_rows(named=True)
    return list(dict.fromkeys(_binding(row, language) for row in rows))


def _binding(row: Row, language: str) -> str:
    kind = "make" if row["kind"] == "receipt" and not row["party"] else row["kind"]
    values = {
        "item": item(row, language),
        "number": row["number"] or say(language, "delivery.unnamed.number"),
        "party": row["party"] or say(language, "delivery.unnamed.supplier"),
        "site": row["site"] or say(language, "delivery.unnamed.site"),
        "center": row["work_center"] or say(language, "delivery.wait.work_center"),
        "day": day(row["to_on"], language),
    }
    return say(language, f"delivery.binding.{kind}", **values)


def reasons(lines: pl.DataFrame, problems: pl.DataFrame, language: str) -> dict[int, str]:
    """By line without a day, the sentence that says why, where more is known than that there is no supply."""
    rows = problems.sort("line").rows(named=True)
    found: dict[int, str] = {}
    for line in lines.filter(pl.col("status") == "no_supply").iter_rows(named=True):
        own = [row for row in rows if row["line"] == line["line"]]
        if own:
            found[line["line"]] = _reason(line, own, language)
    return found


def _reason(line: Row, problems: Sequence[Row], language: str) -> str:
    first = min(problems, key=lambda row: GRAVEST.index(row["kind"]))
    products = first["products"]
    values = {
        "item": item(line, language),
        "product": products[0] if products else item(line, language),
        "path": " → ".join(products),
    }
    return say(language, f"delivery.reason.{first['kind']}", **values)


def taken(register: pl.DataFrame, language: str) -> list[str]:
    """One sentence for each hold whose goods are taken. ``register``: see ``answers.promises.REGISTER``."""
    held = register.filter(pl.col("state") == "held")
    later = held.filter((pl.col("can_leave_on") > pl.col("promised_on")).fill_null(value=True))
    return [_taken(row, language) for row in later.iter_rows(named=True)]


def _taken(row: Row, language: str) -> str:
    values = {"number": row["number"], "items": row["items"], "promised": day(row["promised_on"], language)}
    if row["can_leave_on"] is None:
        return say(language, "promises.taken.never", **values)
    return say(language, "promises.taken", **values, day=day(row["can_leave_on"], language))
