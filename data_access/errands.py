"""Errands run in a process of their own: the program is asked as a person at the terminal asks it, with a time limit.

What is asked travels by standard input: an address with its password stands in no list of processes.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from data_access.home import PROGRAM

LOG = logging.getLogger("tandem.errands")
FAILED = "Tandem could not try this out, by a fault of its own. Please report it."


class TookTooLong(Exception):
    """The errand was not done within its limit, and was ended; ``seconds`` says how long it was given."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"There was no answer within {seconds:.0f} seconds.")
        self.seconds = seconds


def run(asked: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
    """The answer to an errand; see ``refresh.errands`` for those that there are."""
    command = [sys.executable, str(PROGRAM / "cli.py"), "errand"]
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter and program, no shell
            command, input=json.dumps(asked), capture_output=True, text=True, timeout=seconds, cwd=PROGRAM, check=False
        )
    except subprocess.TimeoutExpired:
        raise TookTooLong(seconds) from None
    try:
        answer: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        LOG.error("The errand %s ended with code %d and no answer.", asked["errand"], ended.returncode)  # noqa: TRY400
        return {"outcome": "failed", "message": FAILED}
    return answer
