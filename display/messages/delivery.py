"""What Delivery says in words: the day in its title, why that day, what an earlier one breaks, the customer's text."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from display.numbers import count, day, percent, quantity
from display.words import say

Row = Mapping[str, Any]
MOST_BROKEN = 3
LONGEST = 40
PROBLEMS = ("unknown_product", "not_stocked", "not_a_number", "no_quantity", "too_many", "no_supply")


def item(row: Row, language: str) -> str:
    """What a product is called: its number and its name."""
    name = row["name_zh"] or row["name"] if language == "zh" else row["name"]
    return " · ".join(part for part in (row["sku"], name) if part)


def title(
    lines: pl.DataFrame,
    first_on: date | None,
    last_on: date | None,
    as_of: date,
    language: str,
    arrives_on: date | None = None,
) -> str:
    """The message of the page: the customer's day where it is known, else that of leaving, or that there is none."""
    if lines.is_empty():
        return say(language, "delivery.title.ask")
    if last_on is None:
        undated = lines["promised_on"].null_count()
        if undated == lines.height:
            return say(language, "delivery.title.none")
        return say(language, "delivery.title.undated", count=undated, lines=count(lines.height, language))
    if arrives_on is not None:
        return say(language, "delivery.title.arrives", day=day(arrives_on, language))
    words = "today" if last_on == as_of else "on" if first_on == last_on else "by"
    return say(language, f"delivery.title.{words}", day=day(last_on, language))


def arrival(last_on: date | None, sure: float, as_of: date, language: str) -> str:
    """How sure the customer's day is, when all has left our site, and of which day the stock is."""
    told = [
        say(language, "delivery.caption", day=day(as_of, language)),
        say(language, "delivery.caption.sure", share=percent(sure, language)),
        say(language, "delivery.caption.leaves", day=day(last_on, language) if last_on else ""),
    ]
    return " · ".join([*told, say(language, "delivery.caption.how")])


def caption(first_on: date | None, last_on: date | None, confidence: float | None, as_of: date, language: str) -> str:
    """How sure the day is, from when to when goods leave, and of which day the stock is."""
    told = [say(language, "delivery.caption", day=day(as_of, language))]
    if confidence is not None:
        words = "certain" if confidence == 1.0 else "sure"
        told.append(say(language, f"delivery.caption.{words}", share=percent(confidence, language)))
    if first_on and last_on:
        told.append(say(language, "delivery.caption.span", first=day(first_on, language), last=day(last_on, language)))
    elif first_on:
        told.append(say(language, "delivery.caption.first", first=day(first_on, language)))
    return " · ".join([*told, say(language, "delivery.caption.how")])


def problems(
    lines: pl.DataFrame,
    wishes: Sequence[tuple[str, str]],
    left_out: int,
    most: int,
    language: str,
    reasons: Mapping[int, str] | None = None,
) -> list[str]:
    """One sentence for each line that has no day. ``wishes``: the lines as they were written, code and quantity;
    ``reasons``: by line, a sentence that knows more."""
    known = reasons or {}
    rows = zip(lines.iter_rows(named=True), wishes, strict=False)
    told = [
        known.get(row["line"]) or _problem(row, *written, language)
        for row, written in rows
        if row["status"] in PROBLEMS
    ]
    if left_out:
        told.append(say(language, "delivery.problem.left_out", count=left_out, most=most))
    return told


def _problem(row: Row, code: str, written: str, language: str) -> str:
    values = {"item": item(row, language), "code": code.strip()[:LONGEST], "written": written.strip()[:LONGEST]}
    return say(language, f"delivery.problem.{row['status']}", **values)


def why(row: Row, as_of: date, level: int, language: str) -> str:
    """Why a part leaves on its day. ``row``: see ``answers.delivery_told.PARTS``."""
    values = {
        "item": item(row, language),
        "quantity": quantity(row["quantity"], language, row["unit"]),
        "day": day(row["leaves_on"], language),
        "site": row["site"] or say(language, "delivery.unnamed.site"),
        "number": row["number"] or say(language, "delivery.unnamed.number"),
        "party": row["party"] or say(language, "delivery.unnamed.supplier"),
        "due": day(row["due_on"], language) if row["due_on"] else "",
        "days": _days(row, language),
        "late": _late(row, level, language),
    }
    return say(language, f"delivery.why.{_reason(row, as_of)}", **values)


def _reason(row: Row, as_of: date) -> str:
    if row["source"] == "new_order":
        return "new_order" if row["party"] or not row["site"] else "made"
    if row["source"] == "receipt":
        return "receipt" if row["party"] else "make"
    if row["transfer_days"]:
        return "transfer"
    return "stock.today" if row["leaves_on"] == as_of else "stock"


def _days(row: Row, language: str) -> str:
    days = row["lead_time_days"] if row["source"] == "new_order" else row["transfer_days"]
    return quantity(days, language) if days is not None else say(language, "none")


def _late(row: Row, level: int, language: str) -> str:
    if row["source"] != "receipt":
        return ""
    days = row["days_late"]
    if days is None:
        return say(language, "delivery.late.unknown")
    if not row["party"]:
        return say(language, "delivery.late.make", level=level, count=max(0, days))
    return say(language, "delivery.late" if days > 0 else "delivery.late.on_time", level=level, count=max(0, days))


def broken(lines: pl.DataFrame, rows: pl.DataFrame, as_of: date, language: str) -> str:
    """Whose promises an earlier day would break; that none is in the way, where goods have to come first."""
    is_later = (pl.col("promised_on") > as_of) | (pl.col("status") == "no_supply")
    if lines.filter(is_later).is_empty():
        return ""
    if rows.is_empty():
        return say(language, "delivery.broken.none")
    named = [_promise(row, language) for row in rows.head(MOST_BROKEN).iter_rows(named=True)]
    if rows.height > MOST_BROKEN:
        named.append(say(language, "delivery.broken.more", count=rows.height - MOST_BROKEN))
    return say(language, "delivery.broken", promises=("; " if language == "en" else "；").join(named))


def _promise(row: Row, language: str) -> str:
    due = day(row["due_on"], language) if row["due_on"] else say(language, "delivery.broken.undated")
    values = {
        "number": row["number"] or say(language, "delivery.unnamed.number"),
        "party": row["party"],
        "due": due,
        "quantity": quantity(row["quantity"], language),
        "item": row["sku"] or item(row, language),
    }
    if row["kind"] == "work_order":
        words = "work_order"
    else:
        words = "order" if row["party"] and row["number"] else "numbered" if row["number"] else "nameless"
    return say(language, f"delivery.broken.{words}", **values)


def letter(
    lines: pl.DataFrame,
    parts: pl.DataFrame,
    customer: str | None,
    as_of: date,
    language: str,
    arrives_on: date | None = None,
) -> str:
    """The text for the customer: what leaves when, and when all of it is there where that is known; no suppliers, no
    sites, no stock. Empty where no line has a day."""
    if parts.is_empty():
        return ""
    told = [say(language, "delivery.text.greeting", customer=customer)] if customer else []
    told.append(say(language, "delivery.text.intro"))
    by_day = parts.group_by("line", "leaves_on", maintain_order=True).agg(
        pl.col("quantity").sum(), pl.col("sku", "name", "name_zh", "unit").first()
    )
    for row in lines.filter(pl.col("quantity") > 0).iter_rows(named=True):
        mine = by_day.filter(pl.col("line") == row["line"]).sort("leaves_on").rows(named=True)
        told += [_sentence("part", part, part["quantity"], language, day(part["leaves_on"], language)) for part in mine]
        rest = row["quantity"] - sum(part["quantity"] for part in mine)
        if row["status"] == "no_supply" and rest > 0:
            told.append(_sentence("open", row, rest, language))
    last = lines["promised_on"].max()
    if isinstance(last, date) and not lines["promised_on"].null_count():
        told.append(say(language, "delivery.text.last", day=day(last, language)))
    if arrives_on is not None:
        told.append(say(language, "delivery.text.arrives", day=day(arrives_on, language)))
    told.append(say(language, "delivery.text.foot", day=day(as_of, language)))
    return "\n".join(told)


def _sentence(kind: str, row: Row, amount: float, language: str, on: str = "") -> str:
    values = {"quantity": quantity(amount, language, row["unit"]), "item": item(row, language), "day": on}
    return say(language, f"delivery.text.{kind}", **values)
