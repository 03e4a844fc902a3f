"""Issues of subscriptions: made within the rights of their reader, and sent, each exactly once.

What happens to an issue is written down before and after each step. Until its last byte leaves, an issue that a kill
interrupted is begun anew; from then on it counts as sent, for nobody could know better.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from analytics.access import NotAllowed, Viewer
from answers import NoSnapshot, posting, snapshot
from answers import metrics as numbers
from answers.asked import NotKnownBy
from answers.posting import Busy, InDoubt, Letter, NotSent
from answers.subscriptions import SecretLost, Subscription, SubscriptionRefused, reader_of
from display.numbers import day
from display.words import say
from reports import asking, catalogue, formats, letters, since
from reports.content import Report, Section
from reports.letters import Issue

LOG = logging.getLogger("tandem.issues")
LARGEST_MAIL = 20_000_000
GONE, MAY_NOT, FAULT = "reader_gone", "reader_may_not", "fault"


class Skipped(Exception):
    """An issue is not sent, and that is no failure; ``why``: empty, unchanged, or the condition does not hold."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The issue is skipped: {why}.")
        self.why = why


def send(now: datetime | None = None) -> int:
    """Sends what is due; how many issues were looked at. None while another process sends."""
    at, looked_at = now or datetime.now(UTC), 0
    try:
        with posting.lock():
            for each in posting.due(at):
                looked_at += _attended(each, at)
    except Busy:
        return 0
    return looked_at


def _attended(each: Subscription, now: datetime) -> int:
    """Its open issues; one whose reader ends it meanwhile holds up no other."""
    try:
        return _attend(each, now)
    except SubscriptionRefused:
        return 1
    finally:
        posting.is_gone(each)


def _attend(each: Subscription, now: datetime) -> int:
    """All open issues of a subscription, until one fails or none is left."""
    reader, looked_at = reader_of(each.user), 0
    if reader is None:
        posting.note(each, f"{now.date()}", "refused", GONE)
        posting.stop(each)
        return 1
    while (issue := posting.open_issue(each, reader, now)) is not None:
        looked_at += 1
        posting.note(each, issue, "begun")
        if not _ended(each, issue, reader, now):
            return looked_at
    posting.plan(each, reader, now)
    return looked_at


def _ended(each: Subscription, issue: str, reader: Viewer, now: datetime) -> bool:
    """Makes and sends an issue; whether that came to an end, of whichever kind. What fails is tried again later."""
    try:
        _send(each, issue, _still_wanted(each, _made(each, issue, reader)), now)
        posting.note(each, issue, "sent")
    except SubscriptionRefused:
        raise
    except Skipped as skipped:
        posting.note(each, issue, "skipped", skipped.why)
    except InDoubt:
        posting.note(each, issue, "in_doubt")
    except NotAllowed:
        posting.note(each, issue, "refused", MAY_NOT)
    except SecretLost as lost:
        posting.note(each, issue, "refused", str(lost))
    except NotSent as why:
        return _failed(each, issue, str(why), now) if why.is_passing else _refused(each, issue, str(why))
    except NoSnapshot as why:
        return _failed(each, issue, str(why), now)
    except Exception:  # the edge of the process: one report that cannot be made holds up no other
        LOG.exception("Subscription %s: the issue %s could not be made", each.subscription_id, issue)
        return _failed(each, issue, FAULT, now)
    return True


def _still_wanted(each: Subscription, made: Issue) -> Issue:
    """The issue; ``SubscriptionRefused`` where its reader has ended the subscription while it was made."""
    if posting.is_gone(each):
        raise SubscriptionRefused("gone")
    return made


def _failed(each: Subscription, issue: str, why: str, now: datetime) -> bool:
    posting.failed(each, issue, why, now)
    return False


def _refused(each: Subscription, issue: str, why: str) -> bool:
    posting.note(each, issue, "refused", why)
    return True


def _made(each: Subscription, issue: str, reader: Viewer) -> Issue:
    """The issue as its reader gets it; raises ``Skipped``."""
    asked = asking.request(each.parameters, reader, snapshot(), each.language)
    if not posting.is_asked(issue):
        _check_number(each, reader, asked.scope)
    report = catalogue.made(each.report, asked)
    before, said = posting.last(each)
    found = since.compared(report, said, _told(before, each.language)) if said else None
    if not posting.is_asked(issue):
        _check_news(each, report, found)
    posting.keep_said(each, issue, since.said(report))
    marked, lines = (found.report, found.lines) if found is not None else (report, ())
    notes = tuple(_skip(key, why, each.language) for key, why in posting.skipped_since(each))
    told = _with_news(marked, lines, notes, _told(before, each.language), is_known=found is not None)
    address = posting.allowed().address
    return Issue(
        report=marked,
        name=formats.file_name(told, each.format),
        mime=formats.FORMATS[each.format].mime,
        content=formats.written(told, each.format) if each.way in ("mail", "folder") else b"",
        changes=lines or ((say(each.language, "since.nothing"),) if found is not None else ()),
        notes=notes,
        way_out=posting.way_out(each, address),
        address=address,
    )


def _check_number(each: Subscription, reader: Viewer, scope: object) -> None:
    """Raises ``Skipped`` where the number that an issue hangs on is not where it should be."""
    condition = each.condition
    if not condition.metric:
        return
    try:
        value = numbers.value(reader, scope, condition.metric, version=snapshot()).value  # type: ignore[arg-type]
    except NotKnownBy:
        value = None
    holds = {"above": lambda known: known > condition.bound, "below": lambda known: known < condition.bound}
    if value is None or not holds[condition.kind](value):
        raise Skipped("condition")


def _check_news(each: Subscription, report: Report, found: since.Changes | None) -> None:
    """Raises ``Skipped`` where an issue holds nothing, or nothing new though it is wanted only then."""
    has_more = any(section.cards or section.drawings or section.facts for section in report.sections)
    if report.rows == 0 and not has_more:
        raise Skipped("empty")
    if each.condition.kind == "changed" and found is not None and not found.lines:
        raise Skipped("unchanged")


def _told(issue: str, language: str) -> str:
    """An issue by its day; nothing where there was none."""
    return day(date.fromisoformat(issue[:10]), language) if issue else ""


def _skip(issue: str, why: str, language: str) -> str:
    return say(language, f"since.skipped.{why}", day=_told(issue, language))


def _with_news(report: Report, lines: tuple[str, ...], notes: tuple[str, ...], when: str, *, is_known: bool) -> Report:
    """The report with a first section of what changed; as it is where it is the first of its kind."""
    if not is_known and not notes:
        return report
    language = report.about.language
    message = say(language, "since.title", day=when) if lines else say(language, "since.nothing")
    heading = say(language, "letter.changes")
    news = Section(name=heading, message=message if is_known else heading, lines=lines, notes=notes)
    return replace(report, sections=(news, *report.sections))


def _send(each: Subscription, key: str, issue: Issue, now: datetime) -> None:
    """By the way that its reader chose; raises ``NotSent`` or ``InDoubt``."""
    ways: Mapping[str, Callable[[], None]] = {
        "mail": lambda: posting.mail(_letter(each, key, issue, now), each, key),
        "folder": lambda: posting.drop(each, key, _file_name(each, key, issue), issue.content),
    }
    ways.get(each.way, lambda: posting.post(each, key, letters.posted(issue, each.way)))()


def _file_name(each: Subscription, key: str, issue: Issue) -> str:
    """What a dropped file is called: no two issues alike."""
    name, _, suffix = issue.name.rpartition(".")
    return f"{name} {key} {each.subscription_id[:6]}.{suffix}"


def _letter(each: Subscription, key: str, issue: Issue, now: datetime) -> Letter:
    """The mail; a file that no mail server would take is named in it, not attached."""
    is_large = len(issue.content) > LARGEST_MAIL
    if is_large:
        size = f"{len(issue.content) / 1e6:.0f} MB"
        issue = replace(issue, content=b"", notes=(*issue.notes, issue.say("letter.too_large", size=size)))
    return Letter(
        key=f"{each.subscription_id}.{key.replace(':', '')}",
        to=each.to,
        subject=letters.subject(issue),
        text=letters.text(issue),
        html=letters.page(issue),
        at=now,
        way_out=issue.way_out,
        name=issue.name,
        mime=issue.mime,
        content=issue.content,
    )
