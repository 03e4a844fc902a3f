"""Studies of a published snapshot: each is worked out once, sees everything, and its failure stops no other."""

from collections.abc import Mapping

import polars as pl
import pytest
from typer.testing import CliRunner

import cli
from commands import loading
from data_access import studies as kept
from data_access.home import firm_home
from data_access.snapshot import NoSnapshot
from refresh import studies
from refresh.studies import StudyInput, work_out
from tests.refresh.deliveries import OWNER, Firm, small_firm

COUNTED: list[str] = []


def customers_of(asked: StudyInput) -> Mapping[str, pl.DataFrame]:
    COUNTED.append(asked.snapshot.id)
    rows = asked.table("customers").select("company_id", "customer_id", "name").collect()
    return {"customers": rows.with_columns(as_of_on=pl.lit(asked.as_of_on), earlier=len(asked.earlier))}


def broken(_asked: StudyInput) -> Mapping[str, pl.DataFrame]:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def _two_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    COUNTED.clear()
    monkeypatch.setattr(studies, "STUDIES", {"broken": broken, "customers": customers_of})
    monkeypatch.setattr(loading, "STUDIES", studies.STUDIES)


def test_what_is_missing_is_worked_out_once_and_a_failure_is_not_tried_again(firm: Firm) -> None:
    firm.send(small_firm())
    assert studies.missing(firm_home()) == ["broken", "customers"]
    assert work_out(firm_home()) == {"broken": studies.OUR_FAULT, "customers": None}
    assert studies.missing(firm_home()) == []
    assert work_out(firm_home()) == {}
    assert len(COUNTED) == 1


def test_a_study_sees_all_and_what_was_worked_out_before(firm: Firm) -> None:
    firm.send(small_firm())
    for earlier in (0, 1):
        work_out(firm_home(), ["customers"])
        found = kept.newest(firm_home(), "customers")
        assert found is not None
        rows = found.frame("customers", OWNER).collect()
        assert sorted(rows["name"]) == ["Customer C1", "Customer C2"]
        assert rows["earlier"].to_list() == [earlier] * 2
        assert rows["as_of_on"].to_list() == [found.as_of_on] * 2


def test_a_new_snapshot_is_studied_anew_and_one_named_in_any_case(firm: Firm) -> None:
    firm.send(small_firm())
    work_out(firm_home(), ["customers"])
    work_out(firm_home(), ["customers"])
    firm.send(small_firm())
    assert studies.missing(firm_home()) == ["broken", "customers"]
    work_out(firm_home())
    assert len(COUNTED) == 3


def test_without_a_snapshot_there_is_nothing_to_study() -> None:
    with pytest.raises(NoSnapshot):
        studies.missing(firm_home())


@pytest.mark.parametrize(
    ("asked", "code", "sentence"),
    [(["customers"], 0, "customers: ready"), ([], 1, "broken: It could not"), (["x"], 2, "There is no study x")],
)
def test_the_command_says_what_became_of_each(firm: Firm, asked: list[str], code: int, sentence: str) -> None:
    firm.send(small_firm())
    told = CliRunner().invoke(cli.app, ["study", *asked])
    assert (told.exit_code, sentence in told.output) == (code, True)


def test_the_command_says_that_there_are_no_data_yet() -> None:
    told = CliRunner().invoke(cli.app, ["study"])
    assert (told.exit_code, "No data" in told.output) == (2, True)
