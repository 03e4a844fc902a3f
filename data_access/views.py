"""Saved views: a page and what stands in its address, under a name. One file per user in each home. A view may be
shared with roles: then it stands in their lists too.

A view holds no rights and no data: who opens it sees what that person may see.
"""

import contextlib
import fcntl
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from data_access.home import Home, write_atomically

MOST_VIEWS = 200
LONGEST_NAME = 80
LARGEST_PARAMETERS = 8_000
FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
RULES = ("no_name", "long_name", "odd_name", "taken", "too_many", "too_large", "gone")
# They join letters in scripts of Asia, and pictures.
JOINERS = "\u200c\u200d"

DAMAGE = (ValueError, LookupError, TypeError, AttributeError)

Parameters = Mapping[str, Sequence[str]]


class ViewRefused(ValueError):
    """What was asked of the saved views cannot be done; ``rule``, one of ``RULES``, says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"The view is refused: {rule}.")
        self.rule = rule


@dataclass(frozen=True, kw_only=True)
class View:
    """A page by its name, the parameters of its address, what the user calls it, and the roles it is shared with."""

    view_id: str
    name: str
    page: str
    parameters: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a name that nobody can read and parameters of any length."""
        _check_name(self.name)
        if len(json.dumps(self.parameters)) > LARGEST_PARAMETERS:
            raise ViewRefused("too_large")


def _check_name(name: str) -> None:
    kinds = [unicodedata.category(letter) for letter in name if letter not in JOINERS]
    if not any(kind[0] in "LNPS" for kind in kinds):
        raise ViewRefused("no_name")
    if len(name) > LONGEST_NAME:
        raise ViewRefused("long_name")
    if FORBIDDEN.intersection(kinds):
        raise ViewRefused("odd_name")


def views(home: Home, user: str) -> tuple[View, ...]:
    """The user's views, by name."""
    return _read(_file(home, user))


def save(home: Home, user: str, name: str, page: str, parameters: Parameters) -> View:
    """Keeps a page and its parameters under a name that is still free."""
    kept = {key: tuple(values) for key, values in sorted(parameters.items())}
    view = View(view_id=secrets.token_hex(8), name=name.strip(), page=page, parameters=kept)
    with _changing(home, user) as saved:
        if len(saved) >= MOST_VIEWS:
            raise ViewRefused("too_many")
        _put(saved, view)
    return view


def rename(home: Home, user: str, view_id: str, name: str) -> View:
    """Gives a view another name that is still free."""
    with _changing(home, user) as saved:
        if view_id not in saved:
            raise ViewRefused("gone")
        view = replace(saved[view_id], name=name.strip())
        _put(saved, view)
    return view


def share(home: Home, user: str, view_id: str, roles: Sequence[str]) -> View:
    """Shares a view with those roles, and with no others any more."""
    with _changing(home, user) as saved:
        if view_id not in saved:
            raise ViewRefused("gone")
        saved[view_id] = replace(saved[view_id], roles=tuple(sorted(set(roles))))
        return saved[view_id]


def shared(home: Home, user: str, role: str) -> tuple[View, ...]:
    """The views of others that are shared with a role, by name."""
    own = _file(home, user)
    found = [view for path in sorted(own.parent.glob("*.json")) if path != own for view in _read(path)]
    seen = (view for view in found if role in view.roles)
    return tuple(sorted(seen, key=lambda view: (view.name.casefold(), view.view_id)))


def remove(home: Home, user: str, view_id: str) -> None:
    """Forgets a view; one that is gone already is gone."""
    with _changing(home, user) as saved:
        saved.pop(view_id, None)


def _put(saved: dict[str, View], view: View) -> None:
    others = {other.name.casefold() for other in saved.values() if other.view_id != view.view_id}
    if view.name.casefold() in others:
        raise ViewRefused("taken")
    saved[view.view_id] = view


def _file(home: Home, user: str) -> Path:
    """A user's file; its name is a hash, for users may be called anything."""
    return home.folder / "views" / f"{hashlib.sha256(user.encode()).hexdigest()[:32]}.json"


@contextlib.contextmanager
def _changing(home: Home, user: str) -> Iterator[dict[str, View]]:
    """The user's views by key; what they have become is written when the block ends well. One change at a time."""
    path = _file(home.made(), user)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    with path.with_suffix(".lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        saved = {view.view_id: view for view in _read(path)}
        yield saved
        _keep_aside(path)
        content = {"views": [_entry(view) for view in saved.values()]}
        write_atomically(path, json.dumps(content, indent=1))


def _entry(view: View) -> dict[str, Any]:
    """A view as it is written; one that nobody shares says nothing of it."""
    return {name: value for name, value in asdict(view).items() if name != "roles" or value}


def _read(path: Path) -> tuple[View, ...]:
    """The views of a file, by name; none where there is no file, or a damaged one."""
    try:
        found = _parsed(path)
    except (FileNotFoundError, *DAMAGE):
        return ()
    return tuple(sorted(found, key=lambda view: (view.name.casefold(), view.view_id)))


def _parsed(path: Path) -> list[View]:
    entries = json.loads(path.read_text(encoding="utf-8"))["views"]
    return [
        View(
            view_id=str(entry["view_id"]),
            name=entry["name"],
            page=str(entry["page"]),
            parameters={name: tuple(map(str, values)) for name, values in entry["parameters"].items()},
            roles=tuple(map(str, entry.get("roles", ()))),
        )
        for entry in entries
    ]


def _keep_aside(path: Path) -> None:
    """Moves a file that cannot be read out of the way: it is never written over."""
    try:
        _parsed(path)
    except FileNotFoundError:
        return
    except DAMAGE:
        path.replace(path.with_suffix(f".{secrets.token_hex(4)}.damaged"))
