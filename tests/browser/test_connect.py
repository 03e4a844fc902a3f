"""Files that are dropped into the browser are tested, loaded and served, while the screen stands open."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data_access import connections as kept
from data_access import work
from data_access.home import firm_home
from refresh import worker
from tests import servers
from tests.browser.test_screens import rest, visiting
from tests.pages import firms
from tests.pages.agent import APP
from tests.refresh.deliveries import customers, products, write

pytestmark = pytest.mark.browser


def test_dropped_files_are_tested_connected_and_served(browser: Browser, home: Path, tmp_path: Path) -> None:
    firms.sample()
    files = write(tmp_path / "inbox", {"customers": customers("C1", "C2"), "products": products("P1")})
    with servers.streamlit(APP, home) as served, visiting(browser, f"{served}/connect") as page:
        page.get_by_role("radio", name="Files", exact=True).click()
        rest(page)
        page.locator("input[type=file]").set_input_files(sorted(files.iterdir()))
        rest(page)
        page.get_by_role("button", name="Test").click()
        page.get_by_text("3 of 3 rows fit, in 2 tables.").wait_for()
        page.get_by_role("button", name="Connect and load").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Files is next to be loaded")
        (connection,) = kept.connections(firm_home())
        worker.refreshed(firm_home(), connection)
        work.rest(firm_home())
        expect(page.get_by_role("heading", level=1)).to_have_text("1 system is connected and fresh", timeout=30_000)
        expect(page.get_by_text("Sample company")).to_have_count(0)
        page.get_by_text("Add a system").click()
        page.get_by_role("radio", name="Salesforce", exact=True).click()
        rest(page)
        account = tmp_path / "Account.csv"
        account.write_text("Id,Name\n001000000000001AAA,Buyer\n", encoding="utf-8")
        page.locator("input[type=file]").last.set_input_files(account)
        rest(page)
        page.get_by_role("button", name="Test", exact=True).last.click()
        expect(page.get_by_role("button", name="Connect and load")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("heading", name="What was loaded", exact=True)).to_be_visible()
