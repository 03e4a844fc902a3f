"""Every segment, score and topic of a customer side by side: each from where it is answered, each within its right."""

from datetime import UTC, datetime

import polars as pl

from analytics.access import Viewer
from answers import customer_scores, offers, service
from answers.customer_scores import SCORES
from answers.customers import CUSTOMERS
from data_access.home import served_home
from data_access.studies import save
from refresh import study_offers
from tests.analytics.firm import DAY, firm
from tests.answers.served import served
from tests.answers.test_selling import EVERYTHING, OWNER, listened, selling_firm, viewer, worked_out


def offered(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Offers of the first company, in francs: customer, product, chance; a tenth of the chance in margin."""
    told = [
        {"company_id": "c1", "region": "N", "customer_id": customer, "product_id": product, "chance": chance,
         "expected_amount": 10 * chance, "expected_margin": chance, "currency": "CHF", "is_control": False}
        for customer, product, chance in rows
    ]  # fmt: skip
    return pl.DataFrame(told, schema=study_offers.OFFERS)


def studied(*rows: tuple[str, str, float], **changes: str) -> None:
    """The selling firm, with a consent, and all studies that tell of its customers."""
    granted = [{"consent_id": "y", "customer_id": "k1", "purpose": "marketing", "is_granted": True}]
    tables = {**selling_firm(), **{name: rows for name, rows in firm(consents=granted).items() if name == "consents"}}
    people = tables["customers"].with_columns(email=pl.lit("smith@example.com"))
    shown = served({**tables, "customers": people})
    listened(shown)
    worked_out(shown, **changes)
    frames = {"offers": offered(*rows), "offers_by_region": offered(*rows)}
    save(served_home(), offers.STUDY, shown, frames, as_of_on=DAY, at=datetime(2026, 4, 1, tzinfo=UTC))


def row(who: Viewer, customer: str = "k1") -> dict[str, object]:
    rows = customer_scores.scores(who, EVERYTHING)
    assert rows.columns == [*CUSTOMERS, *SCORES]
    return rows.row(by_predicate=pl.col("customer_id") == customer, named=True)


def test_a_customer_has_all_its_scores_and_the_likeliest_offer() -> None:
    studied(("k1", "bolt", 0.5), ("k1", "gone", 0.9))
    told = row(OWNER)
    assert (told["p_active"], told["leaving_risk"], told["expected_amount"]) == (0.75, 0.25, 50)
    assert (told["offer"], told["offer_amount"], told["offer_margin"]) == ("Bolt", 2.5, 0.25)
    assert (told["stage"], told["topic"], told["verdict"], told["may_mail"]) == ("new", "leak", "promoter", True)
    other = row(OWNER, "k2")
    assert (other["stage"], other["offer"], other["verdict"], other["may_mail"]) == ("prospect", None, None, False)


def test_each_score_needs_its_right() -> None:
    studied(("k1", "bolt", 0.5))
    manager = row(viewer("manager"))
    assert (manager["may_mail"], manager["offer_margin"], manager["offer_amount"]) == (None, None, 2.5)
    deaf = row(viewer(without=frozenset({"service.read"})))
    assert (deaf["topic"], deaf["verdict"], deaf["offer"]) == (None, None, "Bolt")
    assert customer_scores.scores(viewer(regions=frozenset({"S"})), EVERYTHING)["customer_id"].to_list() == ["k2"]


def test_without_studies_the_scores_are_not_known_and_the_customers_are_there() -> None:
    served(selling_firm())
    told = row(OWNER)
    assert {told[name] for name in ("p_active", "offer", "topic", "cluster", "leaving_risk")} == {None}


def test_answers_to_surveys_are_told_with_their_verdict_and_texts_need_personal_data() -> None:
    written = {"feedback_id": "g", "kind": "survey", "customer_id": "k2", "score": 1, "lowest_score": 1,
               "highest_score": 5, "given_at": datetime(2020, 1, 1, tzinfo=UTC), "text": "Old"}  # fmt: skip
    tables = selling_firm()
    old = firm(feedback=[written])["feedback"]
    served({**tables, "feedback": pl.concat([tables["feedback"].with_columns(text=pl.lit("Mine")), old])})
    assert service.answered(OWNER, EVERYTHING).select("verdict", "customer", "text").rows() == [
        ("promoter", "Smith", "Mine")
    ]
    assert service.answered(viewer("executive"), EVERYTHING)["text"].to_list() == [None]
