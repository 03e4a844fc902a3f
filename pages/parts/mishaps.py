"""When a page fails: the reader sees one sentence with a reference, the log has the traceback under that reference."""

import logging
from uuid import uuid4

import streamlit as st

from display.words import say
from pages.parts import address

LOG = logging.getLogger("tandem")


def told(failure: Exception) -> bool:
    """Tells the reader and the log; true, so that Streamlit shows nothing of its own.

    What failed may name data, files or commands of the database: none of it goes to the browser.
    """
    reference = uuid4().hex[:8]
    LOG.error("Reference %s", reference, exc_info=failure)
    st.markdown(say(address.language(), "mishap", reference=reference))
    return True


class Panicked(Exception):
    """A library broke off: most likely a file of the snapshot is gone or changed."""
