"""Words of overview."""

from display.words.phrase import Phrase

PHRASES: dict[str, Phrase] = {}
