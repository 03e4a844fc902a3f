"""The terminal's way in: what it prints, in which words and with which exit code; never a traceback."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cli
from commands import loading
from data_access import snapshot
from data_access.home import firm_home, sample_home
from refresh.sources import SOURCES
from tests.refresh.deliveries import Firm, customers, lines, small_firm, write

HOUSE = Path(__file__).resolve().parent.parent

GOOD = "correct horse battery"
REPORT = {"source", "outcome", "snapshot", "tables"}
TABLE = {"read", "loaded", "quarantined", "duplicates", "deleted", "warnings", "reasons", "outcome"}
STATE = {"is_sample", "snapshot", "made_at", "rows", "message", "sources"}


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    out: str
    err: str
    code: int

    def __post_init__(self) -> None:
        """No command ever shows a traceback."""
        assert "Traceback" not in self.out + self.err

    @property
    def json(self) -> dict[str, Any]:
        """The one object that was printed."""
        said: dict[str, Any] = json.loads(self.out)
        return said

    @property
    def sentence(self) -> str:
        """The only line on the error's side."""
        (line,) = self.err.strip().splitlines()
        return line


def told(*words: str, typed: str = "", **environment: str) -> Said:
    """What a command says, run within this process; ``typed`` is what it reads."""
    ran = CliRunner().invoke(cli.app, words, input=typed, env=environment, prog_name="cli.py")
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return Said(ran.stdout, ran.stderr, ran.exit_code)


def ran(*words: str, **environment: str) -> Said:
    """The same of the program as a terminal runs it: its own process."""
    command = [sys.executable, "cli.py", *words]
    done = subprocess.run(command, cwd=HOUSE, env=os.environ | environment, capture_output=True, text=True, check=False)
    return Said(done.stdout, done.stderr, done.returncode)


def sync(*words: str, **environment: str) -> Said:
    """``sync`` with JSON."""
    return told("sync", *words, "--json", **environment)


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return write(tmp_path / "delivery", small_firm())


def test_a_loaded_delivery_is_reported_table_by_table(delivery: Path) -> None:
    said = sync("files", "--path", str(delivery))
    assert (said.code, said.err) == (0, "")
    assert set(said.json) >= REPORT
    assert (said.json["source"], said.json["outcome"]) == ("files", "loaded")
    assert set(said.json["tables"]) == set(small_firm())
    for table in said.json["tables"].values():
        assert set(table) >= TABLE
        assert (table["outcome"], table["warnings"], table["reasons"]) == ("accept", [], {})
        assert table["read"] == table["loaded"]
    assert said.json["snapshot"] == Firm(delivery.parent).snapshot().id


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("sync", "files", "--path", "{delivery}", "--json"), 0),
        (("sync", "files", "--path", "{delivery}/nowhere"), 3),
        (("sync", "abacus"), 2),
        (("fly",), 2),
        (("status",), 0),
    ],
)
def test_a_terminal_is_told_the_same_with_the_same_exit_code(
    delivery: Path, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    there = [word.format(delivery=delivery) for word in words]
    of_process = ran(*there, TANDEM_HOME=str(tmp_path / "other"))
    here = told(*there)
    assert of_process.code == here.code == code
    assert _without_run(of_process) == _without_run(here)


def _without_run(said: Said) -> tuple[Any, str]:
    """What was said, without what differs from run to run."""
    return (said.json | {"snapshot": ""} if said.out.startswith("{") else said.out), said.err


def test_rows_set_aside_are_counted_by_their_rule(delivery: Path) -> None:
    (delivery / "sales_order_lines.csv").write_text(lines("L1,S1,P1,2,2.50", "L2,S1,P1,oops,1", "L3,S9,P1,1,1"))
    table = sync("files", "--path", str(delivery)).json["tables"]["sales_order_lines"]
    assert (table["read"], table["loaded"], table["quarantined"], table["duplicates"]) == (3, 1, 2, 0)
    assert table["reasons"] == {"missing_reference": 1, "not_a_number": 1}
    assert table["outcome"] == "quarantine_rows"


def test_a_refused_table_ends_with_three_and_the_others_are_loaded(delivery: Path) -> None:
    (delivery / "products.csv").write_text("<html>Session expired</html>")
    said = sync("files", "--path", str(delivery))
    assert said.code == 3
    assert (said.json["outcome"], said.json["tables"]["products"]["outcome"]) == ("loaded", "reject_table")
    assert said.json["tables"]["customers"]["outcome"] == "accept"
    assert said.json["tables"]["products"]["warnings"][0]["detail"]


def _empty(place: Path) -> Path:
    place.mkdir()
    return place


def _unreadable(place: Path) -> Path:
    return write(place, {"products.zip": b"PK\x03\x04 and then nothing"})


def _missing(place: Path) -> Path:
    return place / "nowhere"


@pytest.mark.parametrize("made", [_empty, _unreadable, _missing])
def test_a_delivery_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, made: Any) -> None:
    path = made(tmp_path / "delivery")
    said = sync("files", "--path", str(path))
    assert said.code == 3
    assert (said.json["outcome"], said.json["snapshot"], said.json["tables"]) == ("rejected", None, {})
    assert said.json["message"].endswith(".")
    plain = told("sync", "files", "--path", str(path))
    assert (plain.code, plain.sentence) == (3, said.json["message"])
    assert plain.out == "files: rejected\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("abacus",), f"There is no source 'abacus'. Known are: {', '.join(SOURCES)}."),
        (("files",), "Say where files is: --path PATH."),
        (("files", "--url", "postgresql://h/d"), "Say where files is: --path PATH."),
        (("odoo",), "Say where odoo is: --url URL or --path PATH."),
        (("odoo", "--url", "postgresql://h/d", "--path", "d.zip"), "Say one place, not two: --url URL or --path PATH."),
        (("odoo", "--path", "d.zip", "--partial"), "--partial is for files: odoo is always read whole."),
    ],
)
def test_a_command_that_lacks_something_says_what_to_write(words: tuple[str, ...], sentence: str) -> None:
    said = told("sync", *words)
    assert (said.code, said.sentence, said.out) == (2, sentence, "")


@pytest.mark.parametrize("words", [("sync",), ("sync", "files", "--watch", "0"), ("sample", "--scale", "0"), ("fly",)])
def test_a_command_that_is_written_wrong_ends_with_two(words: tuple[str, ...]) -> None:
    assert told(*words).code == 2


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@127.0.0.1:1/odoo", "mysql://u:secret@h/d", "postgresql://u:secret@host.invalid/odoo"]
)
def test_a_wrong_address_is_refused_in_one_sentence_without_its_password(url: str) -> None:
    said = sync("odoo", "--url", url)
    assert said.code == 3
    assert said.json["outcome"] == "rejected"
    assert said.json["message"]
    assert "secret" not in said.out + said.err


def test_the_database_of_the_tables_that_is_away_is_our_fault(delivery: Path) -> None:
    said = sync("files", "--path", str(delivery), TANDEM_DATABASE_URL="postgresql://u:secret@127.0.0.1:1/d")
    assert (said.code, said.json["outcome"]) == (1, "failed")
    assert "secret" not in said.out + said.err


def test_a_home_that_is_no_folder_is_a_setting_to_correct(tmp_path: Path, delivery: Path) -> None:
    (tmp_path / "file").touch()
    said = sync("files", "--path", str(delivery), TANDEM_HOME=str(tmp_path / "file"))
    assert said.code == 2
    assert "TANDEM_HOME" in said.sentence


def test_of_two_at_once_one_loads_and_the_other_says_busy(delivery: Path) -> None:
    (delivery / "customers.csv").write_text(customers(*(f"C{number}" for number in range(1, 60_000))))
    command = [sys.executable, "cli.py", "sync", "files", "--path", str(delivery), "--json"]
    both = [
        subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted((json.loads(process.communicate()[0])["outcome"], process.returncode) for process in both)
    assert said == [("busy", 3), ("loaded", 0)]


def test_a_partial_delivery_deletes_nothing_and_an_empty_table_waits_for_a_person(delivery: Path) -> None:
    sync("files", "--path", str(delivery))
    for path in delivery.iterdir():
        path.unlink()
    (delivery / "customers.csv").write_text(customers("C1", "C3"))
    partly = sync("files", "--path", str(delivery), "--partial").json["tables"]["customers"]
    whole = sync("files", "--path", str(delivery)).json["tables"]["customers"]
    assert (partly["deleted"], whole["deleted"]) == (0, 1)
    (delivery / "customers.csv").write_text(customers())
    unsure = sync("files", "--path", str(delivery)).json["tables"]["customers"]
    sure = sync("files", "--path", str(delivery), "--confirm", "customers").json["tables"]["customers"]
    assert ([warning["rule"] for warning in unsure["warnings"]], unsure["deleted"]) == (["volume_drop"], 0)
    assert sure["deleted"] == 2


def test_what_a_person_reads_names_every_table_and_what_was_not_read(delivery: Path) -> None:
    (delivery / "product.csv").write_text("a,b\n1,2\n")
    said = told("sync", "files", "--path", str(delivery))
    assert said.code == 0
    assert "sales_order_lines: accept (3 read, 3 loaded)" in said.out
    assert "product.csv: not read" in said.out
    assert said.out.splitlines()[-1].startswith("files: loaded, snapshot ")


def test_before_anything_is_loaded_status_says_what_to_do() -> None:
    said = told("status")
    assert (said.code, said.err) == (0, "")
    assert "python cli.py sync" in said.out
    assert told("status", "--json").json == {"homes": []}


def test_status_tells_what_is_served_and_how_the_latest_attempt_went(delivery: Path) -> None:
    loaded = sync("files", "--path", str(delivery)).json
    sync("files", "--path", str(delivery.parent / "nowhere"))
    (state,) = told("status", "--json").json["homes"]
    assert set(state) >= STATE
    assert (state["snapshot"], state["is_sample"], state["message"]) == (loaded["snapshot"], False, None)
    assert (state["rows"]["customers"], state["rows"]["sales_order_lines"]) == (2, 3)
    assert state["sources"]["files"]["outcome"] == "rejected"
    assert "nowhere" in state["sources"]["files"]["message"]
    assert "files: rejected at" in told("status").out


def test_a_damaged_snapshot_without_an_earlier_one_is_said_and_the_next_sync_heals_it(delivery: Path) -> None:
    sync("files", "--path", str(delivery))
    for path in firm_home().snapshots.glob("*/tables/customers.parquet"):
        path.write_bytes(b"gone")
    (state,) = ran("status", "--json").json["homes"]
    assert state["snapshot"] is None
    assert "damaged" in state["message"]
    assert ran("sync", "files", "--path", str(delivery)).code == 0
    assert ran("status", "--json").json["homes"][0]["rows"]["customers"] == 2


def test_the_sample_company_is_built_in_a_home_of_its_own() -> None:
    said = ran("sample", "--scale", "0.02", "--seed", "3", "--json")
    assert said.code == 0, said.out
    assert said.json["outcome"] == "loaded"
    assert all(table["quarantined"] == table["duplicates"] == 0 for table in said.json["tables"].values())
    (state,) = told("status", "--json").json["homes"]
    assert (state["is_sample"], state["snapshot"]) == (True, said.json["snapshot"])
    assert (sample_home().folder / "tandem.db").exists()
    assert not (firm_home().folder / "tandem.db").exists()


def served(monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Serves with a browser that ends at once; the exit code and what was said."""
    monkeypatch.setattr(subprocess, "call", lambda *_words, **_more: 0)
    ran = CliRunner().invoke(cli.app, ["serve"])
    return ran.exit_code, ran.output


def test_after_an_update_the_tables_are_published_anew_before_they_are_served(
    delivery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = Firm(delivery.parent)
    firm.load(delivery)
    first = firm.snapshot().id
    assert served(monkeypatch)[0] == 0
    assert firm.snapshot().id == first
    for module in (snapshot, loading):
        monkeypatch.setattr(module, "program_mark", lambda: "a newer program")
    code, said = served(monkeypatch)
    assert (code, "Making the snapshot anew" in said) == (0, True)
    assert firm.snapshot().id != first


def test_when_the_tables_are_away_the_last_snapshot_is_served(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = Firm(delivery.parent)
    firm.load(delivery)
    first = firm.snapshot().id
    monkeypatch.setattr(loading, "program_mark", lambda: "a newer program")
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/d")
    code, said = served(monkeypatch)
    assert (code, firm.snapshot().id) == (0, first)
    assert "cannot be used" in said
    assert "secret" not in said


def test_a_proposal_of_what_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    said = told("propose", str(tmp_path / "none"))
    assert (said.code, said.sentence) == (3, f"There is no file or folder {tmp_path / 'none'}; check the path.")


def test_a_mapping_is_for_files_only(tmp_path: Path) -> None:
    said = told("sync", "sap", "--path", str(tmp_path), "--mapping", str(tmp_path / "m.json"))
    assert (said.code, said.sentence) == (2, "--mapping is for files: the tables of sap are known.")


def test_accounts_are_made_and_told_and_taken_away_from_a_terminal() -> None:
    words = ("user", "add", "ada", "--role", "owner")
    assert told("user", "add", "bob", "--role", "sales", typed=GOOD).code == 2
    assert told(*words, typed="short").sentence == "The password needs at least 12 characters."
    assert told(*words, typed=GOOD).out == "ada may sign in as owner.\n"
    assert told(*words, typed=GOOD).code == 2
    limits = ("--region", "DE", "--region", "AT", "--until", "2030-01-31")
    assert told("user", "add", "bob", "--role", "sales", *limits, typed=GOOD).code == 0
    assert told("user", "list").out.splitlines() == [
        "ada: owner, companies *, regions *",
        "bob: sales, companies *, regions DE,AT, until 2030-01-31",
    ]
    assert told("user", "password", "bob", typed=GOOD + "!").code == 0
    assert told("user", "remove", "ada").sentence.startswith("At least one account")
    assert told("user", "remove", "bob").code == told("user", "remove", "bob").code - 2 == 0


def test_who_signs_in_at_the_provider_is_invited_from_a_terminal_after_an_owner_with_a_password() -> None:
    words = ("user", "add", "eve@firm.example", "--role", "owner", "--provider", "email")
    assert told(*words).sentence.startswith("At least one account")
    assert told("user", "add", "ada", "--role", "owner", typed=GOOD).code == 0
    assert told(*words).code == 0
    assert told("user", "list").out.splitlines()[1].endswith(", signs in at the provider")
    refused = told("serve", TANDEM_OIDC_ISSUER="https://id.example")
    assert (refused.code, "TANDEM_OIDC_CLIENT_ID" in refused.sentence) == (2, True)


def test_a_home_is_kept_and_restored_from_a_terminal(tmp_path: Path) -> None:
    kept, again = tmp_path / "kept.zip", str(tmp_path / "again")
    assert told("backup", "--out", str(kept)).code == 3
    assert told("user", "add", "ada", "--role", "owner", typed=GOOD).code == 0
    assert "all equal" in told("backup", "--out", str(kept)).out
    assert (told("backup", "--out", str(kept)).code, told("restore", str(kept)).code) == (3, 3)
    assert "0 differences" in told("restore", str(kept), TANDEM_HOME=again).out
    assert told("user", "list", TANDEM_HOME=again).out == told("user", "list").out
    kept.write_bytes(b"no backup")
    assert told("restore", str(kept), TANDEM_HOME=str(tmp_path / "none")).sentence.endswith("take another one.")


@pytest.mark.parametrize(("has_account", "said"), [(False, "python cli.py user add"), (True, "TANDEM_SECRET")])
def test_other_machines_are_served_only_with_accounts_and_a_secret(has_account: bool, said: str) -> None:
    if has_account:
        assert told("user", "add", "ada", "--role", "owner", typed=GOOD).code == 0
    refused = told("serve", "--address", "0.0.0.0", TANDEM_SECRET="")  # noqa: S104 - it is refused
    assert (refused.code, said in refused.sentence) == (2, True)
