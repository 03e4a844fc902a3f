"""Rows set aside with the money they hold, and who may correct them."""

import pytest

from analytics.access import NotAllowed, Viewer
from answers import health, repairs
from answers.repairs import CorrectionRefused
from data_access.home import firm_home
from data_access.journal import Journal
from tests.analytics.firm import firm
from tests.answers.served import served_tables
from tests.answers.test_health import NOON, OWNER, aside, run

KEEPER = Viewer(user="al", role="administrator")
LINE = {"source": "files", "source_table": "sales_order_lines", "table_name": "sales_order_lines"}
ROWS = [
    aside("q1", **LINE, rule="not_a_number", record='{"line_id":"L1","qty":"2","unit_price":"5.50","order_id":null}'),
    aside("q2", **LINE, rule="not_a_number", record='{"line_id":"L2","qty":"x","unit_price":"5.50","order_id":"S1"}'),
    aside("q3", source_table="account_move", table_name="invoices", record='{"amount_untaxed":"-70","currency":"EUR"}'),
    aside("q4", source_table="res_partner", table_name="customers", record=None),
]


def serve() -> None:
    served_tables(firm(quarantine=ROWS, sync_runs=[run(1, "x"), run(2, "y", source="files")]))


def test_rows_are_summed_by_place_and_rule_with_the_money_that_they_name() -> None:
    serve()
    told = repairs.held(OWNER).select("source_table", "rule", "rows", "amount", "known").rows()
    assert told == [
        ("account_move", "too_long", 1, -70.0, 1),
        ("sales_order_lines", "not_a_number", 2, 11.0, 1),
        ("res_partner", "too_long", 1, None, 0),
    ]


def test_who_may_not_see_what_is_in_rows_sees_no_money_and_corrects_nothing() -> None:
    serve()
    assert repairs.held(KEEPER)["amount"].null_count() == 3
    with pytest.raises(NotAllowed):
        repairs.correct(KEEPER, "q1", {"qty": "3"})
    with pytest.raises(NotAllowed):
        repairs.correct(Viewer(user="ed", role="executive"), "q1", {"qty": "3"})


def test_a_correction_keeps_the_row_as_it_came_and_only_what_is_other() -> None:
    serve()
    repairs.correct(OWNER, "q1", {"line_id": "L1", "qty": "3", "order_id": ""})
    (entry,) = Journal(firm_home(), "repairs").entries()
    assert entry.what["record"] == {"line_id": "L1", "qty": "2", "unit_price": "5.50", "order_id": None}
    assert entry.what["values"] == {"qty": "3"}
    assert repairs.corrections(OWNER).select("corrected_by", "was", "became").rows() == [("ada", "qty: 2", "qty: 3")]
    assert repairs.corrections(KEEPER)["became"].to_list() == [None]
    waiting = repairs.with_corrections(repairs.aside(OWNER), NOON)
    assert waiting.filter("is_corrected")["quarantine_id"].to_list() == ["q1"]


@pytest.mark.parametrize(
    ("key", "values", "rule"),
    [
        ("q9", {"qty": "3"}, "gone"),
        ("q4", {"name": "x"}, "gone"),
        ("q1", {"qty": "2"}, "nothing_changed"),
        ("q1", {"salary": "2"}, "unknown_column"),
        ("q1", {"qty": "2" * 200_000}, "too_large"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(key: str, values: dict[str, str], rule: str) -> None:
    serve()
    with pytest.raises(CorrectionRefused, match=rule):
        repairs.correct(OWNER, key, values)
    assert Journal(firm_home(), "repairs").entries() == ()


def test_without_rows_set_aside_every_answer_has_its_columns() -> None:
    serve()
    full = [repairs.aside(OWNER), repairs.held(OWNER), repairs.corrections(OWNER)]
    served_tables(firm())
    empty = [repairs.aside(OWNER), repairs.held(OWNER), repairs.corrections(OWNER)]
    assert [frame.schema for frame in empty] == [frame.schema for frame in full]
    assert all(frame.is_empty() for frame in empty)


def test_a_correction_can_be_taken_back_once_and_says_so() -> None:
    serve()
    repairs.correct(OWNER, "q1", {"qty": "3"})
    repairs.correct(OWNER, "q1", {"qty": "4"})
    assert repairs.corrections(OWNER).select("number", "state").rows() == [(2, "stands"), (1, "changed")]
    with pytest.raises(NotAllowed):
        repairs.take_back(KEEPER, 2)
    repairs.take_back(OWNER, 2)
    assert repairs.corrections(OWNER).select("number", "state").rows() == [(2, "taken_back"), (1, "changed")]
    assert not repairs.with_corrections(repairs.aside(OWNER), NOON)["is_corrected"].any()
    for number in (1, 2, 3, 9):
        with pytest.raises(CorrectionRefused) as refused:
            repairs.take_back(OWNER, number)
        assert refused.value.rule == "gone"


def test_whoever_sees_one_company_sees_its_rows_alone_and_corrects_no_other() -> None:
    whose = [dict(row) | {"company_id": company} for row, company in zip(ROWS, ("a:N", "a:S", "*", "a:N"), strict=True)]
    served_tables(firm(quarantine=whose, sync_runs=[run(1, "x"), run(2, "y", source="files")]))
    north, south = (Viewer(user="no", role="owner", companies=frozenset({key})) for key in ("a:N", "a:S"))
    assert set(repairs.aside(north)["quarantine_id"]) == {"q1", "q4"}
    assert health.quarantine(north).height == 2
    with pytest.raises(CorrectionRefused):
        repairs.correct(north, "q2", {"qty": "3"})
    repairs.correct(north, "q1", {"qty": "3"})
    assert (repairs.corrections(north).height, repairs.corrections(south).height) == (1, 0)
    assert repairs.corrections(OWNER).height == 1
    with pytest.raises(CorrectionRefused):
        repairs.take_back(south, 1)
