"""The way out: one function per question, from a viewer and a scope to a frame, over the snapshot."""

from data_access import studies
from data_access.home import served_home
from data_access.snapshot import NoSnapshot, Snapshot, current, forget_held
from data_access.studies import Study


def snapshot() -> Snapshot:
    """The version that is served now; ``NoSnapshot`` when there is none. Hand it on to answers that have to agree."""
    return current(served_home())


def newest(study: str) -> Study | None:
    """The newest of a study, by its name, of the firm that is served; None while it is being worked out."""
    return studies.newest(served_home(), study)


def forget() -> None:
    """Lets go of all rows that this process keeps in its memory: somebody was erased."""
    forget_held()


def studied() -> tuple[str, ...]:
    """What changes whenever something was worked out after a refresh, for who shows it to come again."""
    return studies.marks(served_home())


__all__ = ["NoSnapshot", "Snapshot", "Study", "forget", "newest", "snapshot", "studied"]
