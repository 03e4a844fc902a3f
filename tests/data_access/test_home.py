"""Where a firm's data lives: one folder, one refresh at a time, and the sample company in a home of its own."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from data_access.home import (
    Busy,
    Home,
    HomeUnavailable,
    attempts,
    firm_home,
    new_sample_home,
    note_attempt,
    sample_home,
    served_home,
    write_atomically,
)


def load(home: Home, name: str) -> None:
    """Publishes something into a home."""
    home.made().pointer.write_text(name)


def test_a_firm_lives_where_tandem_home_says(home: Path) -> None:
    assert firm_home() == Home(home)
    assert firm_home().database_url == f"sqlite:///{home / 'tandem.db'}"
    assert not firm_home().is_sample


def test_a_firm_may_name_a_database_and_the_sample_company_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://h/d")
    assert firm_home().database_url == "postgresql://h/d"
    assert sample_home().database_url == f"sqlite:///{sample_home().folder / 'tandem.db'}"
    assert sample_home().folder.parent == firm_home().folder


def test_the_folder_is_closed_to_other_users() -> None:
    assert firm_home().made().folder.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_a_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(HomeUnavailable, match="TANDEM_HOME"):
            Home(folder).made()


def test_one_refresh_at_a_time_and_the_lock_goes_with_its_holder() -> None:
    with firm_home().refreshing():
        with pytest.raises(Busy), firm_home().refreshing():
            pass
        with sample_home().refreshing():
            pass
    with firm_home().refreshing():
        pass


def test_the_lock_of_a_killed_process_is_free() -> None:
    holding = "from data_access.home import firm_home as h; c = h().refreshing(); c.__enter__(); print(1); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ, cwd=Path.cwd()
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"1"
        with pytest.raises(Busy), firm_home().refreshing():
            pass
        child.kill()
    with firm_home().refreshing():
        assert child.returncode != 0


def test_the_firm_is_served_once_it_has_data_and_the_sample_company_before() -> None:
    assert served_home() == sample_home()
    load(firm_home(), "firm")
    assert served_home() == firm_home()


def test_a_new_sample_company_takes_the_place_of_the_old_one_when_it_is_whole() -> None:
    for name in ("first", "second"):
        with new_sample_home() as building:
            load(building, name)
            assert building.is_sample
        assert sample_home().pointer.read_text() == name
    assert sorted(path.name for path in firm_home().folder.iterdir()) == ["sample", "sample.lock"]


def test_a_sample_company_that_was_not_finished_leaves_the_old_one_served() -> None:
    with new_sample_home() as building:
        load(building, "first")
    with new_sample_home():
        pass
    assert sample_home().pointer.read_text() == "first"
    with pytest.raises(RuntimeError), new_sample_home():
        raise RuntimeError
    assert sample_home().pointer.read_text() == "first"


def test_two_sample_companies_are_not_built_at_once() -> None:
    with new_sample_home() as building:
        with pytest.raises(Busy), new_sample_home():
            pass
        load(building, "first")
    assert sample_home().pointer.read_text() == "first"


def test_a_reader_sees_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    path, texts, seen = tmp_path / "pointer", ("a" * 100_000, "b" * 100_000), set[str]()
    write_atomically(path, texts[0])
    stop = threading.Event()

    def watch() -> None:
        while not stop.is_set():
            seen.add(path.read_text())

    reader = threading.Thread(target=watch)
    reader.start()
    for number in range(100):
        write_atomically(path, texts[number % 2])
    stop.set()
    reader.join()
    assert seen <= set(texts)
    assert [entry.name for entry in tmp_path.iterdir()] == ["pointer"]


def test_the_latest_attempt_of_each_source_is_kept() -> None:
    assert attempts(firm_home()) == {}
    note_attempt(firm_home(), "files", {"outcome": "loaded"})
    note_attempt(firm_home(), "odoo", {"outcome": "rejected", "message": "密码"})
    note_attempt(firm_home(), "files", {"outcome": "busy"})
    assert attempts(firm_home()) == {"files": {"outcome": "busy"}, "odoo": {"outcome": "rejected", "message": "密码"}}


def test_attempts_that_cannot_be_read_are_no_attempts() -> None:
    firm_home().made().attempts.write_text("{")
    assert attempts(firm_home()) == {}
    note_attempt(firm_home(), "files", {"outcome": "loaded"})
    assert attempts(firm_home()) == {"files": {"outcome": "loaded"}}
