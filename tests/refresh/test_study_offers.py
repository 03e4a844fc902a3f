"""The study of offers: what a firm without orders, and one whose costs nobody knows, is told."""

from datetime import UTC, datetime, timedelta

import polars as pl

from analytics.access import Viewer
from analytics.scope import Scope
from answers import offers
from data_access import studies
from data_access.home import firm_home
from refresh import study_offers
from refresh.studies import StudyInput
from tests.analytics.firm import COMPANIES, DAY, firm
from tests.answers.served import served

AT = datetime(2026, 4, 1, tzinfo=UTC)


def test_a_firm_without_orders_is_offered_nothing(home: object) -> None:
    snapshot = served(firm(companies=COMPANIES))
    found = study_offers.offers(StudyInput(snapshot, DAY))
    studies.save(firm_home(), offers.STUDY, snapshot, found, as_of_on=DAY, at=AT)
    for viewer in (Viewer(user="ada", role="owner"), Viewer(user="bo", role="owner", regions=frozenset({"N"}))):
        assert offers.offers(viewer, Scope(), "C1").is_empty()
        assert offers.record(viewer, Scope()).is_empty()


def test_what_an_offer_leaves_is_unknown_where_no_cost_is_known() -> None:
    sold = pl.DataFrame(
        [
            ("C1", "pump", DAY, 6.0, None, "EUR"),
            ("C2", "pump", DAY, 2.0, None, "EUR"),
            ("C1", "bolt", DAY - timedelta(days=1), 3.0, 1.0, "EUR"),
        ],
        schema=["customer_id", "product_id", "day_on", "amount", "margin", "currency"],
        orient="row",
    )
    found = study_offers._worth(sold, DAY).sort("product_id")
    assert found.select("product_id", "amount", "margin").rows() == [("bolt", 3.0, 1.0), ("pump", 4.0, None)]
