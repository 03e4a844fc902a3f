"""What an issue says outside its file: as a mail, and as the message of a webhook. All of it is text, never markup."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from display.numbers import day
from display.words import say
from reports.cells import clean
from reports.content import Report

LONGEST_SUBJECT, MOST_LINES = 150, 12
PAGE = Template(
    """<!doctype html><html lang="$language"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>@media (prefers-color-scheme: dark) {
  .ground { background: #0f1622 !important; color: #e6ebf2 !important; }
  .card { background: #182232 !important; border-color: #2a3648 !important; }
  .quiet { color: #a5b1c2 !important; border-color: #2a3648 !important; }
  .quiet a { color: #7fb0ff !important; } }</style></head>
<body class="ground" style="margin:0;padding:24px 12px;background:#f7f9fb;color:#16202e;
font:15px/1.5 -apple-system,'Segoe UI','Microsoft YaHei',sans-serif">
<div class="card" style="max-width:640px;margin:0 auto;padding:24px;background:#fff;
border:1px solid #dce2ea;border-radius:8px"><p class="quiet" style="margin:0;color:#5a6675;font-size:13px">$kicker</p>
<h1 style="margin:4px 0 16px;font-size:20px;line-height:1.3">$message</h1>$body
<p class="quiet" style="margin:24px 0 0;padding-top:12px;border-top:1px solid #dce2ea;color:#5a6675;
font-size:12px">$foot</p>
</div></body></html>"""
)
HEADING = '<h2 style="margin:16px 0 4px;font-size:14px">{}</h2>'
ITEM = '<li style="margin:2px 0">{}</li>'
LINK = '<a href="{}" style="color:#1f5fbf">{}</a>'


@dataclass(frozen=True, kw_only=True)
class Issue:
    """A finished issue. ``changes``: what changed since the last one; ``notes``: what else its reader should know;
    ``way_out``: where the reader unsubscribes; ``address``: where Tandem is."""

    report: Report
    name: str
    mime: str
    content: bytes
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    way_out: str = ""
    address: str = ""

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.report.about.language

    @property
    def messages(self) -> tuple[str, ...]:
        """What its sections say, each once, without what the whole says."""
        told = (section.message for section in self.report.sections)
        return tuple(message for message in dict.fromkeys(told) if message != self.report.message)[:MOST_LINES]

    def say(self, key: str, /, **values: object) -> str:
        """A text in the reader's language."""
        return say(self.language, key, **values)


def subject(issue: Issue) -> str:
    """Title and message in a line; a sample says that it is one."""
    about = issue.report.about
    mark = f"[{issue.say('app.sample')}] " if about.is_sample else ""
    told = clean(f"{mark}{about.title}: {issue.report.message}")
    return told if len(told) <= LONGEST_SUBJECT else f"{told[: LONGEST_SUBJECT - 1]}…"


def _kicker(issue: Issue) -> str:
    about = issue.report.about
    sample = [issue.say("about.sample.yes")] if about.is_sample else []
    return " · ".join([clean(about.title), f"{issue.say('about.as_of')} {day(about.as_of, issue.language)}", *sample])


def _lists(issue: Issue) -> list[tuple[str, tuple[str, ...]]]:
    """Headings and what stands beneath them; those with nothing are left out."""
    told = [("letter.says", issue.messages), ("letter.changes", issue.changes), ("letter.notes", issue.notes)]
    return [(issue.say(key), tuple(map(clean, lines))) for key, lines in told if lines]


def text(issue: Issue) -> str:
    """The letter without any markup."""
    parts = [_kicker(issue), "", clean(issue.report.message), ""]
    for heading, lines in _lists(issue):
        parts += [heading, *(f"- {line}" for line in lines), ""]
    parts += [f"{issue.say('letter.open')}: {issue.address}"] if issue.address else []
    parts += [f"{issue.say('letter.unsubscribe')}: {issue.way_out}"] if issue.way_out else []
    return "\n".join([*parts, ""])


def page(issue: Issue) -> str:
    """The letter as a page; what it says of the data is escaped."""
    lists = (
        f"{HEADING.format(html.escape(heading))}<ul style='margin:0;padding-left:20px'>"
        f"{''.join(ITEM.format(html.escape(line)) for line in lines)}</ul>"
        for heading, lines in _lists(issue)
    )
    links = {"letter.open": issue.address, "letter.unsubscribe": issue.way_out}
    foot = (LINK.format(html.escape(url), html.escape(issue.say(key))) for key, url in links.items() if url)
    return PAGE.substitute(
        language=issue.language,
        kicker=html.escape(_kicker(issue)),
        message=html.escape(clean(issue.report.message)),
        body="".join(lists),
        foot=" · ".join(foot),
    )


def _plain(issue: Issue) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text(issue)}}


def _feishu(issue: Issue) -> Mapping[str, Any]:
    return {"msg_type": "text", "content": {"text": text(issue)}}


def _slack(issue: Issue) -> Mapping[str, Any]:
    """Three letters mean something to Slack; a block of plain text means nothing else."""
    return {"text": html.escape(subject(issue), quote=False), "blocks": [_block(text(issue))]}


def _block(told: str) -> Mapping[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": told[:3_000]}}


def _teams(issue: Issue) -> Mapping[str, Any]:
    """A card of plain lines, which is what incoming workflows of Teams take."""
    lines = [line for line in text(issue).split("\n") if line]
    body = [{"type": "TextBlock", "text": _unmarked(line), "wrap": True} for line in lines]
    card = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card}]}


def _unmarked(line: str) -> str:
    """A card reads Markdown: what could be a link or a list is not."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]()#" else letter for letter in line)


def _own(issue: Issue) -> Mapping[str, Any]:
    about = issue.report.about
    return {
        "title": clean(about.title),
        "message": clean(issue.report.message),
        "says": list(map(clean, issue.messages)),
        "changes": list(map(clean, issue.changes)),
        "notes": list(map(clean, issue.notes)),
        "as_of": f"{about.as_of}",
        "snapshot": about.snapshot_id,
        "is_sample": about.is_sample,
        "address": issue.address,
        "unsubscribe": issue.way_out,
    }


HOOKS: Mapping[str, Callable[[Issue], Mapping[str, Any]]] = {
    "slack": _slack,
    "teams": _teams,
    "wecom": _plain,
    "dingtalk": _plain,
    "feishu": _feishu,
    "webhook": _own,
}


def posted(issue: Issue, way: str) -> Mapping[str, Any]:
    """The issue as a webhook of that kind takes it; files do not travel this way."""
    return HOOKS[way](issue)
