"""The real application without a browser: Streamlit's agent interface runs it and returns the page as a tree."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import servers
from tests.test_house import HOUSE

APP = HOUSE / "app.py"


@dataclass(frozen=True)
class Screen:
    """What a visitor has on the screen."""

    answer: dict[str, Any]

    def elements(self, part: str = "main") -> list[dict[str, Any]]:
        """Every element of a part, in order, however deep it lies."""
        (root,) = [child for child in self.answer["tree"]["children"] if child["type"] == part]
        return list(_below(root))

    def texts(self, kind: str, part: str = "main") -> list[str]:
        """What the elements of a kind say."""
        return [element["props"]["body"] for element in self.elements(part) if element["type"] == kind]

    @property
    def title(self) -> str:
        """The title of the page; empty where it has none."""
        return next(iter(self.texts("title")), "")

    @property
    def menu(self) -> list[str]:
        """The addresses of the pages in the menu."""
        return [page["url_path"] for page in self.answer["pages"] if not page.get("hidden")]

    def keyed(self, part: str = "main") -> set[str]:
        """The keys of all elements of a part."""
        return {element["key"] for element in self.elements(part) if element.get("key")}

    def element(self, key: str) -> dict[str, Any]:
        """The element with that key."""
        (found,) = [e for part in ("main", "sidebar") for e in self.elements(part) if e.get("key") == key]
        return found


def _below(element: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in element.get("children", []):
        yield child
        yield from _below(child)


@dataclass(frozen=True)
class Visitor:
    """One session."""

    address: str

    def ask(self, **request: Any) -> Screen:
        """Sends a request and returns the screen after it."""
        return Screen(_post(f"{self.address}/_stcore/agent/interact", request))

    def open(self, page: str, /, **parameters: str | list[str]) -> Screen:
        """Opens a page by its address in a new session."""
        listed = {name: value if isinstance(value, list) else [value] for name, value in parameters.items()}
        return self.ask(page=page, query_params=listed)


def _post(url: str, request: dict[str, Any]) -> dict[str, Any]:
    sent = urllib.request.Request(  # noqa: S310  the address is our own
        url, json.dumps(request).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(sent, timeout=60) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as refused:
        answer = json.load(refused)
    return answer


@contextmanager
def application(home: Path, script: Path = APP, *options: str) -> Iterator[Visitor]:
    """A freshly started server of the application, its data in ``home``."""
    visitors = ("--server.enableAgentApi", "true", "--server.agentMaxSessions", "1000")
    with servers.streamlit(script, home, *visitors, *options) as address:
        yield Visitor(address)
