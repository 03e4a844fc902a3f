"""Period, filters and saved views as a person uses them: with the back button, a reload, and a link handed on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from analytics.access import Viewer
from answers import views
from tests import servers
from tests.browser.test_screens import rest, visiting
from tests.pages import firms
from tests.pages.agent import APP

pytestmark = pytest.mark.browser

OWNER = Viewer(user="owner", role="owner")
SHOP, NORTH = {"site": ["shop"]}, {"site": ["north"]}


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    """The application, serving the busy firm, with two saved views of one page."""
    firms.busy()
    for name, asked in (("Shop", SHOP), ("North", NORTH)):
        views.save(OWNER, name, "inventory", asked)
    with servers.streamlit(APP, home) as served:
        yield served


def open_view(page: Page, name: str) -> None:
    page.locator(".st-key-views").get_by_role("link", name=name).click()
    page.wait_for_timeout(500)
    rest(page)


def ground(page: Page, name: str) -> str:
    link = page.locator(".st-key-views").get_by_role("link", name=name)
    return str(link.evaluate("element => getComputedStyle(element).backgroundColor"))


def test_a_view_opens_from_its_own_page_and_the_back_button_leads_back(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/inventory?region=N&lang=zh") as page:
        title = page.locator("h1").inner_text()
        open_view(page, "Shop")
        assert page.url == f"{address}/inventory?period=month&site=shop&lang=zh"
        shop = page.locator("h1").inner_text()
        assert ground(page, "North") == "rgba(0, 0, 0, 0)" != ground(page, "Shop")
        page.reload()
        rest(page)
        assert page.locator("h1").inner_text() == shop
        page.go_back()
        page.wait_for_url("**/inventory?region=N&lang=zh")
        rest(page)
        assert page.locator("h1").inner_text() == title


def test_a_view_opens_from_another_page_and_the_back_button_leads_back(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/health?region=N") as page:
        open_view(page, "North")
        assert page.url == f"{address}/inventory?period=month&site=north"
        page.go_back()
        page.wait_for_url("**/health?region=N")
        rest(page)


def test_a_link_handed_on_shows_the_same_to_somebody_else(browser: Browser, address: str) -> None:
    with visiting(browser, f"{address}/inventory?site=shop&group=site&lang=zh") as page:
        page.locator(".st-key-share button").first.click()
        link = page.locator("[data-testid=stCode] code").first.inner_text()
        cards = page.get_by_test_id("stMetricValue").all_inner_texts()
    assert link == f"{address}/inventory?site=shop&group=site"
    with visiting(browser, f"{link}&lang=zh") as page:
        assert page.get_by_test_id("stMetricValue").all_inner_texts() == cards
