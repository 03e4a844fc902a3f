"""One text in every language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A text with ``{placeholders}``. ``one``: the English singular, where a count changes the sentence."""

    en: str
    zh: str
    one: str | None = None

    def text(self, language: str, *, singular: bool) -> str:
        """The text in one language, before its placeholders are filled."""
        if language == "zh":
            return self.zh
        return self.one if singular and self.one is not None else self.en
