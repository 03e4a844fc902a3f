"""The study of voices: topic and tone of what customers wrote and said, from the texts of a snapshot."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from analytics import voices

if TYPE_CHECKING:
    from refresh.studies import StudyInput


def said(known: "StudyInput") -> Mapping[str, pl.DataFrame]:
    """See ``analytics.voices.voices``. No text is kept, so that what it is about can be told where the text cannot."""
    return {"voices": voices.voices({name: known.table(name).collect() for name in voices.NEEDS})}
