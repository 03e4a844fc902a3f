"""What the commands share: sentences with exit codes, and passwords."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from data_access.given import NotUsable

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextlib.contextmanager
def refusing(*others: type[Exception]) -> Iterator[None]:
    """Around an engine's work on somebody's files: what cannot be used is said in a sentence, with exit code 3.

    ``others``: the engine's own errors whose text is such a sentence.
    """
    told: tuple[type[Exception], ...] = (NotUsable, *others)
    try:
        yield
    except told as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(3) from error


def usage(sentence: str) -> NoReturn:
    """Ends with exit code 2 and a sentence."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def typed_password() -> str:
    """Typed twice where a person sits there, else the first line that is read."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
