"""Pictures of every screen: ``python -m tests.browser.pictures HOME`` writes docs/pictures from the sample in HOME."""

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from pages.parts.menu import ENTRIES
from tests import servers
from tests.browser.test_screens import PATIENCE, rest
from tests.pages.agent import APP
from tests.test_house import HOUSE

PLACE = HOUSE / "docs" / "pictures"
COLOURS = 96
DESK, PHONE = ViewportSize(width=1440, height=1300), ViewportSize(width=390, height=1500)
LOOKS: dict[str, dict[str, Any]] = {
    "light-en": {"size": DESK, "lang": "en", "scheme": "light"},
    "phone-dark-zh": {"size": PHONE, "lang": "zh", "scheme": "dark"},
}
ASKED = {
    "rows": "metric=overdue_receivables",
    "metric": "metric=gross_margin_rate&dimension=category&period=last_quarter",
}


def main(home: Path, place: Path = PLACE) -> None:
    """One picture per screen and look."""
    place.mkdir(parents=True, exist_ok=True)
    with servers.streamlit(APP, home) as address, servers.chromium_browser(servers.chromium_program()) as browser:
        for entry in ENTRIES:
            for name, look in LOOKS.items():
                url = f"{address}/{entry.name}?lang={look['lang']}&{ASKED.get(entry.name, '')}"
                _saved(_taken(browser, url, look), place / f"{entry.name}-{name}.png")


def _taken(browser: Browser, url: str, look: dict[str, Any]) -> bytes:
    with browser.new_context(viewport=look["size"], color_scheme=look["scheme"], locale="en-GB") as visitor:
        visitor.set_default_timeout(PATIENCE)
        page = visitor.new_page()
        page.goto(url)
        rest(page)
        page.wait_for_timeout(1_500)
        return page.screenshot()


def _saved(picture: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(Path, sys.argv[2:]))
