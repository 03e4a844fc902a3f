"""What a person sees and does in a browser."""

import base64
import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import openpyxl
import polars as pl
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

from analytics.access import Viewer
from analytics.scope import Scope
from answers import inventory
from display.messages import inventory as messages
from display.tables import inventory as tables
from display.words import LANGUAGES, say
from pages.parts.menu import ENTRIES
from pages.parts.tables import HEADER_HEIGHT, ROW_HEIGHT
from reports.csv import as_text
from tests import servers
from tests.pages import firms
from tests.pages.agent import APP

pytestmark = pytest.mark.browser

OWNER = Viewer(user="owner", role="owner")
PAGES = [entry.name for entry in ENTRIES]
WITHOUT_CARDS = {"access", "accuracy", "connect", "delivery", "lineage", "metric", "repairs", "report", "rows"}
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1440, height=1000)
GROUND: dict[Literal["light", "dark"], str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 22, 34)"}
GROUND_OF_APP = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
# Streamlit looks for itself beneath the page's address first, and finds itself one step up.
PROBES = re.compile(r"/_stcore/(health|host-config)$")
RESTING = "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the busy firm, all studies worked out."""
    return firms.studied(tmp_path_factory)


@pytest.fixture(scope="module")
def address(place: Path) -> Iterator[str]:
    """The application, serving the busy firm."""
    with servers.streamlit(APP, place) as served:
        yield served


@pytest.fixture
def of_busy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of this process come from the busy firm."""
    monkeypatch.setenv("TANDEM_HOME", str(place))


PATIENCE = 90_000  # milliseconds: a busy machine is no failure of the screens


@contextmanager
def visiting(browser: Browser, url: str, size: ViewportSize = DESK, **looks: Any) -> Iterator[Page]:
    """A page in a window of its own; ends with a failure when the browser had anything to complain about."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not PROBES.search(message.location.get("url", "")):
            complaints.append(message.text)

    with browser.new_context(viewport=size, locale="en-GB", **looks) as visitor:
        visitor.set_default_timeout(PATIENCE)
        page = visitor.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        rest(page)
        yield page
        assert complaints == []


def rest(page: Page) -> None:
    """Waits until the page is all there."""
    page.locator("h1").first.wait_for()
    page.wait_for_timeout(300)
    page.wait_for_function(RESTING)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(300)


def picture(page: Page) -> pl.DataFrame:
    """How often each colour is in the window, the most frequent first."""
    script = """async png => {
        const image = new Image(); image.src = 'data:image/png;base64,' + png; await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0);
        const seen = new Map(), dots = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
        for (const dot of dots) seen.set(dot, (seen.get(dot) || 0) + 1);
        return [...seen].map(([dot, count]) => [[dot & 255, dot >> 8 & 255, dot >> 16 & 255].join(','), count]);
    }"""
    colours = page.evaluate(script, base64.b64encode(page.screenshot()).decode())
    return pl.DataFrame(colours, schema=["colour", "dots"], orient="row").sort("dots", descending=True)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_every_language_and_light(browser: Browser, address: str, name: str) -> None:
    with visiting(browser, f"{address}/{name}?lang=en", color_scheme="light") as page:
        for language in LANGUAGES:
            speak(page, language)
            for scheme, ground in GROUND.items():
                page.emulate_media(color_scheme=scheme)
                page.wait_for_function(f"{GROUND_OF_APP} === '{ground}'")
                rest(page)
                is_whole(page, language, ground)


def speak(page: Page, language: str) -> None:
    """Chooses a language where it is chosen, if it is another one."""
    if page.url.partition("lang=")[2].partition("&")[0] != language:
        page.get_by_test_id("stSidebar").get_by_text(LANGUAGES[language], exact=True).click()
        page.wait_for_url(f"**lang={language}**")
        rest(page)


def is_whole(page: Page, language: str, ground: str) -> None:
    """One title, the menu in the language, the ground of the light, and something drawn on it."""
    assert page.locator("h1").inner_text().strip()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_role("dialog").count() == 0
    assert page.evaluate(GROUND_OF_APP) == ground
    assert say(language, "menu.inventory") in page.get_by_test_id("stSidebar").inner_text()
    seen = picture(page)
    assert seen.item(0, "colour") == ground.removeprefix("rgb(").removesuffix(")").replace(" ", "")
    assert seen.height > 100


@pytest.mark.parametrize("name", PAGES)
def test_a_deep_link_to_a_server_just_started_opens_the_page_at_once_and_nothing_runs_over_the_edge_of_a_phone(
    browser: Browser, place: Path, home: Path, name: str
) -> None:
    shutil.copytree(place, home)
    link = f"{name}?lang=zh"
    with servers.streamlit(APP, home) as new, visiting(browser, f"{new}/{link}", PHONE, color_scheme="dark") as page:
        assert page.url == f"{new}/{link}"
        assert page.get_by_text("Page not found").count() == 0
        is_within(page, PHONE["width"], cards_in_rows=(0, 0) if name in WITHOUT_CARDS else (6, 3))
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_test_id("stSidebarNav").wait_for(state="visible")


def is_within(page: Page, width: int, cards_in_rows: tuple[int, int]) -> None:
    """So many cards in so many rows, and nothing wider than the screen."""
    cards = [card.bounding_box() for card in page.get_by_test_id("stMetric").all()]
    tops = [round(card["y"]) for card in cards if card]
    assert (len(cards), len(set(tops))) == cards_in_rows
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert max((card["x"] + card["width"] for card in cards if card), default=0) <= width


def rows_of(page: Page) -> Callable[[int], None]:
    """Clicks into the choosing column of the ranked table, at a row."""
    box = page.locator(".st-key-outlook canvas").first.bounding_box()
    assert box
    return lambda row: page.mouse.click(box["x"] + 15, box["y"] + HEADER_HEIGHT + ROW_HEIGHT * (row + 0.5))


@pytest.mark.usefixtures("of_busy")
def test_choosing_a_row_moves_list_figure_and_address(browser: Browser, address: str) -> None:
    outlook = inventory.outlook(OWNER, Scope())
    names = tables.outlook(outlook, "en").frame["item"]
    with visiting(browser, f"{address}/inventory") as page:
        rows_of(page)(2)
        page.wait_for_url("**/inventory?item=*")
        rest(page)
        assert page.url.endswith(f"item={outlook.item(2, 'product_id')}")
        assert page.locator(".st-key-choose_item input").input_value() == names[2]
        assert names[2].split(" ")[0] in (
            page.locator(".st-key-projected_stock [aria-label]").first.get_attribute("aria-label") or ""
        )


def test_a_name_that_looks_like_markup_is_shown_as_it_is(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/inventory?item=bolt") as page:
        shown = page.locator(".st-key-choose_item input").input_value()
        assert shown == f"BOLT · {firms.HARD_NAMES['bolt']}"
        assert page.locator("[data-testid=stMain] .katex").count() == 0


def test_language_role_and_item_survive_the_menu_and_a_reload(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/inventory?item=desk&lang=zh&role=manager") as page:
        page.get_by_role("link", name=say("zh", "menu.health")).click()
        page.wait_for_url("**/health?*")
        page.get_by_role("link", name=say("zh", "menu.inventory")).click()
        page.wait_for_url("**/inventory?*")
        rest(page)
        page.reload()
        rest(page)
        assert set(page.url.partition("?")[2].split("&")) == {"item=desk", "lang=zh", "role=manager"}
        assert page.locator(".st-key-choose_item input").input_value().startswith("DESK")


def downloaded(page: Page, key: str) -> tuple[str, bytes]:
    """The file behind a button: its name and what is in it."""
    menu = page.locator(f".st-key-export_{key.rpartition('_')[0]} button").first
    if not page.locator(f".st-key-{key} button").is_visible():
        menu.click()
    with page.expect_download() as waiting:
        page.locator(f".st-key-{key} button").click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.usefixtures("of_busy")
@pytest.mark.parametrize(("language", "role"), [("en", "owner"), ("zh", "sales")])
def test_a_downloaded_file_is_the_answer_as_it_is_seen(
    browser: Browser, address: str, language: str, role: str
) -> None:
    outlook = inventory.outlook(Viewer(user="owner", role=role), Scope())
    expected = tables.outlook(outlook, language)
    headings = [expected.headings[column.name] for column in expected.columns]
    with visiting(browser, f"{address}/inventory?lang={language}&role={role}") as page:
        name, content = downloaded(page, "outlook_csv")
        _, book = downloaded(page, "outlook_xlsx")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert name.startswith(say(language, "menu.inventory"))
    assert heading == headings
    assert rows == [[as_text(value) for value in row] for row in expected.frame.iter_rows()]
    sheet, about = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    assert [cell.value for cell in sheet[1]] == headings
    assert [cell.value for cell in sheet["A"][1:]] == expected.frame["item"].to_list()
    assert [cell.value for cell in sheet["H"][1:]] == expected.frame["at_stake"].to_list()
    assert say(language, f"role.{role}") in {cell.value for cell in about["B"]}


@pytest.mark.usefixtures("of_busy")
def test_the_title_on_the_screen_is_the_message(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/inventory") as page:
        assert page.locator("h1").inner_text().strip() == messages.title(inventory.outlook(OWNER, Scope()), "en")
