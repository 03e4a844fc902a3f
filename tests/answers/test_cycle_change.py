"""Whether orders take longer since a day, as it is told: of the viewer's orders, by days that somebody knows."""

from datetime import timedelta

from analytics.access import Viewer
from analytics.scope import Scope
from answers import cycle_change
from tests.analytics.firm import COMPANIES, DAY, SITES, Row, firm, merged, noon, order
from tests.answers.served import served

SALES = Viewer(user="ada", role="sales")
SINCE = DAY - timedelta(days=40)


def test_what_has_arrived_on_a_day_that_nobody_knows_is_not_still_on_its_way() -> None:
    """Ten orders on each side of the day, all delivered; of those nobody says when."""
    known: dict[str, list[Row]] = {
        "companies": COMPANIES,
        "sites": SITES,
        "products": [{"product_id": "bolt", "sku": "B", "name": "Bolt", "kind": "storable"}],
        "customers": [{"customer_id": "k1", "name": "Kim", "region": "N", "is_company": True}],
    }
    done = [
        order(f"S{days}", "bolt", 1, site_id="north", delivered_quantity=1, ordered_at=noon(DAY - timedelta(days=days)))
        for days in range(30, 50)
    ]
    served(firm(**merged(known, *done)))
    assert cycle_change.kinds(SALES, Scope(), SINCE).is_empty()
    assert cycle_change.change(SALES, Scope(), SINCE).is_empty()
