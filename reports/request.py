"""Who asks for a report, about which part of the firm, of which version, in which language."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from analytics.access import Viewer
from analytics.scope import Scope
from answers import Snapshot, inventory
from display.words import say
from reports.about import About


@dataclass(frozen=True, kw_only=True)
class Request:
    """One report for one reader. ``filters``: what is chosen, in the reader's words; ``customer``: the key of the
    customer that a report is about, empty for those that are about the firm; ``parts`` and ``title``: those of a report
    of one's own."""

    viewer: Viewer
    version: Snapshot
    language: str
    scope: Scope = field(default_factory=Scope)
    filters: Mapping[str, str] = field(default_factory=dict)
    customer: str = ""
    parts: tuple[str, ...] = ()
    title: str = ""

    @cached_property
    def as_of(self) -> date:
        """The day that the data stands for; the day of the snapshot for a viewer who does not see stock."""
        if self.viewer.may(inventory.RIGHT):
            return inventory.day(self.viewer, version=self.version)
        return self.version.made_at.date()

    def say(self, key: str, /, **values: object) -> str:
        """A text in the reader's language."""
        return say(self.language, key, **values)

    def about(self, title: str) -> About:
        """What the file says of itself."""
        return About(
            title=title,
            viewer=self.viewer,
            snapshot_id=self.version.id,
            seen=self._mark(title),
            made_at=self.version.made_at,
            as_of=self.as_of,
            is_sample=self.version.is_sample,
            filters=self.filters,
            language=self.language,
        )

    def _mark(self, title: str) -> str:
        seen = f"{self.viewer.scope_key}|{self.viewer.role}|{self.scope!r}|{self.language}|{title}|{self.customer}"
        seen += f"|{self.parts!r}" if self.parts else ""
        return hashlib.sha256(seen.encode()).hexdigest()[:8]
