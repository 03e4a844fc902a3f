"""What two visitors of one server see and take away, one after the other, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from analytics.access import ALL, Viewer
from display.words import LANGUAGES, say
from tests import servers
from tests.answers import canaries
from tests.browser.test_screens import downloaded, rest, visiting
from tests.pages import twins
from tests.pages.agent import APP

pytestmark = pytest.mark.browser

MIB = 2**20


def text_of(page: Page) -> str:
    """All that stands in the page, drawn or not."""
    return str(page.evaluate("document.documentElement.outerHTML"))


def drawn_text_of(page: Page) -> str:
    """The same once the tables have drawn their cells, which they do after the page is at rest."""
    page.locator("[role=gridcell]").first.wait_for(state="attached")
    seen = ""
    for _ in range(20):
        before, seen = seen, text_of(page)
        if len(seen) == len(before):
            break
        page.wait_for_timeout(1_500)
    return seen


def test_two_visitors_each_take_away_their_own_large_file(browser: Browser, home: Path) -> None:
    twins.twins()
    taken = {}
    with servers.streamlit(APP, home) as address:
        for company in ("c1", "c2"):
            with visiting(browser, f"{address}/inventory?as_company={company}") as page:
                taken[company] = downloaded(page, "outlook_csv")
    (name, mine), (other_name, theirs) = taken.values()
    assert name != other_name
    assert len(mine) == len(theirs) > MIB
    assert twins.is_own(mine, "c1")
    assert twins.is_own(theirs, "c2")


def test_the_second_visitor_has_nothing_of_the_first_in_the_page(browser: Browser, home: Path) -> None:
    tables = canaries.whole_firm()
    canaries.published(tables)
    alder = Viewer(user="owner", role="owner", companies=frozenset({"alder"}), regions=ALL)
    secrets = canaries.hidden_texts(tables, alder) - canaries.company_names()
    with servers.streamlit(APP, home) as address:
        with visiting(browser, f"{address}/inventory?period=year") as page:
            assert canaries.canaries(drawn_text_of(page)) & secrets
        with visiting(browser, f"{address}/inventory?period=year&as_company=alder") as page:
            seen = canaries.canaries(drawn_text_of(page))
    assert seen
    assert seen & secrets == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_click_leads_back_to_the_owners_own_view(browser: Browser, home: Path, language: str) -> None:
    canaries.published(canaries.whole_firm())
    with (
        servers.streamlit(APP, home) as address,
        visiting(browser, f"{address}/inventory?lang={language}&role=sales&as_region=north") as page,
    ):
        banner = page.locator(".st-key-eyes")
        told = banner.inner_text()
        assert say(language, "role.sales") in told
        assert say(language, "eyes.only.as_region", names="north") in told
        banner.get_by_role("button").click()
        page.wait_for_url(f"**/inventory?lang={language}")
        rest(page)
        assert page.locator(".st-key-eyes").count() == 0
        assert page.get_by_role("link", name=say(language, "menu.health")).count() == 1
