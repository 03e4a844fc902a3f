"""Words of decisions."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {}
