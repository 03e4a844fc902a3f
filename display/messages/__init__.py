"""What a page says in words before anything else: its title, its caption, its cards."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["quiet", "warn", "bad"]


@dataclass(frozen=True)
class Card:
    """One number with its name, a line that puts it in place, and how it is computed.

    ``tone`` is loud only where a threshold is crossed. ``also``: a second number that belongs to it.
    """

    name: str
    label: str
    value: str
    note: str
    help: str
    tone: Tone = "quiet"
    also: str = ""


@dataclass(frozen=True)
class Fact:
    """One property of the thing that was chosen."""

    label: str
    value: str
    tone: Tone = "quiet"


__all__ = ["Card", "Fact", "Tone"]
