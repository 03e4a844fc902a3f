"""One run of a page: who looks, in which language and light, at which snapshot and part of the firm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analytics.access import Viewer
from analytics.scope import Scope
from display.words import say


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What ``app.py`` knows before it runs a page. ``zone``: the reader's time zone; ``filters``: what is chosen, in words."""

    viewer: Viewer
    language: str
    dark: bool
    zone: str | None
    snapshot_id: str
    made_at: datetime
    is_sample: bool
    scope: Scope = field(default_factory=Scope)
    filters: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, /, **values: object) -> str:
        """A text in the reader's language."""
        return say(self.language, key, **values)
