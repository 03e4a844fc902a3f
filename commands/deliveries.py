"""A delivery date of the firm itself, asked without a browser: the page's answer, by the firm's own rules."""

from datetime import UTC, datetime
from pathlib import Path

from analytics.access import Viewer
from analytics.promise_rules import LEVELS
from analytics.scope import Scope
from answers import NoSnapshot, delivery, promise_rules, promises, snapshot
from answers.delivery import How, Promised
from commands.loading import make_servable
from commands.terminal import refusing, usage
from data_access.given import NotUsable, handed_back
from data_access.home import served_home
from display.messages import delivery as messages
from display.messages import promise_rules as ruled
from display.messages import promises as waiting

BETWEEN = "*"
LANGUAGE = "en"


def answered(lines: list[str], customer: str, sure: int | None, out: Path | None) -> list[str]:
    """The sentences of the answer to lines as ``CP-001*40``; its parts go into ``out``. ``customer``: a key or a name;
    ``sure``: percent, else as the firm rules."""
    with refusing(NoSnapshot):
        if not served_home().pointer.exists():
            raise NotUsable("No data yet. Load a source (python cli.py sync ...), then ask again.")
        make_servable(served_home())
        answer, wishes = _promised(lines, customer, sure)
        if out is not None:
            handed_back(answer.parts, out)
    return _told(answer, wishes)


def _promised(lines: list[str], customer: str, sure: int | None) -> tuple[Promised, tuple[tuple[str, str], ...]]:
    viewer, known = Viewer(user="owner", role="owner"), snapshot()
    rules, now = promise_rules.rules(viewer, version=known), datetime.now(UTC)
    level = rules.level if sure is None else sure
    if level not in LEVELS:
        usage(f"--sure is {level}. Write one of {', '.join(map(str, sorted(LEVELS)))}.")
    how = How(
        level=level,
        customer_id=_customer(viewer, customer) if customer else None,
        rules=rules,
        passed=promise_rules.passed(viewer, version=known, at=now),
    )
    wishes = tuple(_wish(line) for line in lines)
    held = promises.holds(viewer, version=known, at=now)
    return delivery.promised(viewer, Scope(), wishes, how, version=known, held=held), wishes


def _wish(line: str) -> tuple[str, str]:
    code, found, quantity = line.rpartition(BETWEEN)
    return (code, quantity) if found else (quantity, "1")


def _customer(viewer: Viewer, written: str) -> str:
    rows = delivery.customers(viewer, Scope()).iter_rows()
    found = [key for key, name in rows if written.casefold() in (key.casefold(), name.casefold())]
    if len(found) != 1:
        usage(f"No customer, or more than one, is called {written!r}. Write its key or its whole name.")
    return str(found[0])


def _told(answer: Promised, wishes: tuple[tuple[str, str], ...]) -> list[str]:
    title = messages.title(answer.lines, answer.first_on, answer.last_on, answer.as_of, LANGUAGE, answer.arrives_on)
    if answer.arrives_on is None:
        sure = messages.caption(answer.first_on, answer.last_on, answer.confidence, answer.as_of, LANGUAGE)
    else:
        sure = messages.arrival(answer.last_on, answer.arrives_sure, answer.as_of, LANGUAGE)
    reasons = waiting.reasons(answer.lines, answer.problems, LANGUAGE)
    problems = messages.problems(answer.lines, wishes, answer.left_out, delivery.MOST_LINES, LANGUAGE, reasons)
    parts = [messages.why(row, answer.as_of, answer.level, LANGUAGE) for row in answer.parts.iter_rows(named=True)]
    ruling = ruled.applied(answer.applied, LANGUAGE)
    return [title, sure, *problems, *waiting.binding(answer.waits, LANGUAGE), *ruling, *parts]
