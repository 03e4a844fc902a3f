"""Saved views: what a user keeps under a name, to open again or to change.

They are the user's own, whatever role the user looks through; opening one shows what the viewer may see then.
"""

from collections.abc import Mapping, Sequence

from analytics.access import RIGHTS, Viewer, entered
from data_access import views as kept
from data_access.home import served_home
from data_access.views import LONGEST_NAME, RULES, View, ViewRefused

# Whose eyes and which language: the reader's own, when a view is opened or a link is followed.
OF_THE_READER = ("role", "as_company", "as_region", "as_employee", "lang")


def asked(parameters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What the parameters of an address ask for, without who asks and in which language."""
    return {name: list(values) for name, values in parameters.items() if name not in OF_THE_READER}


def saved(viewer: Viewer) -> tuple[View, ...]:
    """The viewer's views in the home that is served, by name."""
    return kept.views(served_home(), entered(viewer).user)


def save(viewer: Viewer, name: str, page: str, parameters: Mapping[str, Sequence[str]]) -> View:
    """Keeps a page and what its address asks for; ``ViewRefused`` where the name is none or taken."""
    return kept.save(served_home(), entered(viewer).user, name, page, asked(parameters))


def rename(viewer: Viewer, view_id: str, name: str) -> View:
    """Gives a view of the viewer's own another name."""
    return kept.rename(served_home(), entered(viewer).user, view_id, name)


def shared(viewer: Viewer) -> tuple[View, ...]:
    """The views of others that are shared with the viewer's role, by name. They show what the viewer may see."""
    return kept.shared(served_home(), entered(viewer).user, viewer.role)


def share(viewer: Viewer, view_id: str, roles: Sequence[str]) -> View:
    """Shares a view of the viewer's own with roles; with none, it is nobody else's any more."""
    return kept.share(served_home(), entered(viewer).user, view_id, [role for role in roles if role in RIGHTS])


def remove(viewer: Viewer, view_id: str) -> None:
    """Forgets a view of the viewer's own."""
    kept.remove(served_home(), entered(viewer).user, view_id)


__all__ = [
    "LONGEST_NAME",
    "RULES",
    "View",
    "ViewRefused",
    "asked",
    "remove",
    "rename",
    "save",
    "saved",
    "share",
    "shared",
]
