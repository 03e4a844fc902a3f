"""One run of a page: who looks, in which language and light, at which data and which part of the firm."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from analytics.access import ALL, Viewer
from analytics.scope import Scope
from answers import Snapshot, studied
from display.words import say


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What is known before a page runs. ``as_of``: the day the data stands for; ``zone``: the reader's time zone;
    ``filters``: what is chosen, in words; ``studied``: what changes whenever something was worked out after a refresh.

    One run sees one version: a refresh that ends meanwhile shows in the next run.
    """

    viewer: Viewer
    language: str
    dark: bool
    zone: str | None
    version: Snapshot
    as_of: date
    scope: Scope = field(default_factory=Scope)
    filters: Mapping[str, str] = field(default_factory=dict)
    studied: str = field(default_factory=lambda: repr(studied()))

    def say(self, key: str, /, **values: object) -> str:
        """A text in the reader's language."""
        return say(self.language, key, **values)

    @property
    def sees_all_customers(self) -> bool:
        """Whether the viewer sees more than own customers. Nothing is told to others of what is known of all together:
        neither what it is, nor that it is not."""
        return self.viewer.customers == ALL

    def by(self, grouping: str) -> "Visit":
        """The same question, summed by a grouping."""
        return replace(self, scope=replace(self.scope, grouping=grouping))
