"""Errands: what is found out of a source before anything of it is loaded."""

import json
from pathlib import Path

import pytest

from data_access.home import firm_home
from refresh import errands
from tests.refresh.deliveries import customers, products, write


def test_a_rehearsal_checks_every_row_and_leaves_nothing(tmp_path: Path) -> None:
    files = {
        "products.csv": products("P1", "P2"),
        "customers.csv": customers("C1", country="nowhere"),
        "notes.txt": "x",
    }
    inbox = write(tmp_path / "inbox", files)
    told = errands.done({"errand": "rehearsal", "source": "files", "path": str(inbox)})
    assert (told["outcome"], told["message"], told["ignored"]) == ("loaded", None, ["notes.txt"])
    assert told["tables"]["products"]["loaded"] == 2
    assert (told["tables"]["customers"]["quarantined"], len(told["tables"]["customers"]["reasons"])) == (1, 1)
    assert not firm_home().folder.exists()


@pytest.mark.parametrize("errand", ["rehearsal", "proposal"])
def test_a_delivery_that_cannot_be_read_is_told_in_a_sentence(errand: str, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK")
    told = errands.done({"errand": errand, "source": "files", "path": str(tmp_path / "no.zip")})
    assert told["outcome"] == "rejected"
    assert "no.zip" in told["message"]


def test_a_source_in_a_way_that_it_is_not_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    told = errands.done({"errand": "rehearsal", "source": "erpnext", "path": str(tmp_path)})
    assert (told["outcome"], told["message"]) == ("rejected", "Say where erpnext is: --url URL.")


def test_a_fault_of_our_own_is_told_without_what_was_asked(caplog: pytest.LogCaptureFixture) -> None:
    told = errands.done({"errand": "look", "url": "s3cret"})
    assert told["outcome"] == "failed"
    assert "s3cret" not in json.dumps(told) + caplog.text


def test_a_server_that_does_not_answer_is_told_without_its_password(free_port: int) -> None:
    url = f"postgresql+psycopg://reader:s3cret@127.0.0.1:{free_port}/odoo"
    told = errands.done({"errand": "look", "source": "odoo", "url": url})
    assert told["outcome"] == "rejected"
    assert "127.0.0.1" in told["message"]
    assert "s3cret" not in told["message"]
