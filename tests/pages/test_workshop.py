"""Reports that are made beside the visitors: each for those who may have it, in its turn, failures told."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.access import Viewer
from analytics.scope import Scope
from pages.parts import workshop
from pages.parts.workshop import MOST_WAITING, Crowded, Order, Workshop
from reports import catalogue
from reports.request import Request
from tests.pages import firms

OWNER = Viewer(user="ada", role="owner")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Request:
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path))
    return Request(viewer=OWNER, version=firms.busy(), language="en")


def finished(shop: Workshop, order: Order) -> workshop.File:
    shop.order(order)
    return shop._made[order.key].result()


def test_a_finished_file_is_found_by_who_asks_the_same_within_the_same_rights(asked: Request) -> None:
    shop, order = Workshop(), Order("stock_valuation", "xlsx", asked)
    made = finished(shop, order)
    assert (made.failed, made.title) == ("", "Stock valuation and ageing")
    assert made.name.startswith("Stock valuation and ageing ")
    assert shop.file(Order("stock_valuation", "xlsx", replace(asked))) is made
    north = replace(OWNER, regions=frozenset({"north"}))
    others = [
        replace(asked, viewer=north),
        replace(asked, viewer=replace(OWNER, role="manager")),
        replace(asked, language="zh"),
        replace(asked, scope=Scope(companies=("alder",))),
    ]
    assert [shop.file(Order("stock_valuation", "xlsx", other)) for other in others] == [None] * 4
    assert shop.file(Order("stock_valuation", "pdf", asked)) is None


def test_what_fails_is_told_by_a_reference_and_may_be_tried_again(asked: Request) -> None:
    shop = Workshop()
    order = Order("customer_sheet", "pdf", replace(asked, customer="nobody"))
    first, second = finished(shop, order), finished(shop, order)
    assert first.failed
    assert second.failed not in ("", first.failed)
    assert not first.content


def test_a_crowd_is_told_to_wait_and_holds_up_nobody(asked: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    door = threading.Event()
    recipe = catalogue.REPORTS["stock_valuation"]
    waiting = replace(recipe, made=lambda request: (door.wait(60), recipe.made(request))[1])
    monkeypatch.setitem(catalogue.REPORTS, "stock_valuation", waiting)
    shop = Workshop()
    orders = [Order("stock_valuation", "csv", replace(asked, customer=str(number))) for number in range(MOST_WAITING)]
    for order in orders:
        shop.order(order)
    with pytest.raises(Crowded):
        shop.order(Order("stock_valuation", "csv", replace(asked, customer="one more")))
    assert shop.file(orders[0]) is None
    door.set()
    assert not shop._made[orders[-1].key].result().failed
