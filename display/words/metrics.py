"""Words of metrics."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {}
