"""The way out: one function per question, from a viewer and a scope to a frame, over the snapshot."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar

from data_access import studies
from data_access.home import served_home
from data_access.snapshot import NoSnapshot, Snapshot, current, forget_held
from data_access.studies import Study

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_LET_GO: list[Callable[[], None]] = [forget_held]


def remembered(most: int) -> Callable[[Callable[_Asked, _Answer]], Callable[_Asked, _Answer]]:
    """Keeps the latest so many answers of a function in this process's memory, until ``forget``. Who may ask is to be
    checked before: what is kept is kept for everybody who asks the same."""

    def keeping(function: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
        known = lru_cache(maxsize=most)(function)
        _LET_GO.append(known.cache_clear)
        return known  # type: ignore[return-value]  # its arguments are those of the function, and can be hashed

    return keeping


def snapshot() -> Snapshot:
    """The version that is served now; ``NoSnapshot`` when there is none. Hand it on to answers that have to agree."""
    return current(served_home())


def newest(study: str) -> Study | None:
    """The newest of a study, by its name, of the firm that is served; None while it is being worked out."""
    return studies.newest(served_home(), study)


def forget() -> None:
    """Lets go of all rows that this process keeps in its memory: somebody was erased."""
    for let_go in _LET_GO:
        let_go()


def studied() -> tuple[str, ...]:
    """What changes whenever something was worked out after a refresh, for who shows it to come again."""
    return studies.marks(served_home())


__all__ = ["NoSnapshot", "Snapshot", "Study", "forget", "newest", "remembered", "snapshot", "studied"]
