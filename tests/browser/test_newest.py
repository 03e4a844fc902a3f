"""A screen that stands open shows new data by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import servers
from tests.browser.test_screens import rest, visiting
from tests.pages import firms
from tests.pages.agent import APP

pytestmark = pytest.mark.browser


def test_data_that_arrives_while_a_screen_stands_open_is_shown_on_it(browser: Browser, home: Path) -> None:
    firms.empty()
    with servers.streamlit(APP, home) as served, visiting(browser, f"{served}/inventory") as page:
        tables = page.get_by_test_id("stDataFrame")
        assert tables.count() == 0
        firms.busy()
        tables.first.wait_for()
        rest(page)
