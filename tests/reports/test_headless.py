"""Reports without a browser: what is named wrong is said with what exists, and an empty firm has reports too."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from analytics.access import RIGHTS, Viewer
from commands import takeaways
from data_access import accounts
from data_access.accounts import Account
from data_access.given import NotUsable
from data_access.home import firm_home
from reports import catalogue, formats, headless
from reports.headless import NotKnown, Refused, Wanted
from reports.parts import PARTS
from tests.pages import firms
from tests.refresh.deliveries import small_firm, write
from tests.reports import read_back as read

NO_DATA = "No data yet. Load a source (python cli.py sync ...), then ask again."
NO_QUEEN = f"There is no user and no role 'queen'. Roles are: {', '.join(RIGHTS)}."
USUAL = {"name": "stock_valuation", "format": "csv", "viewer": Viewer(user="ada", role="owner")}


def wanted(**named: object) -> Wanted:
    return Wanted(**(USUAL | named))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"name": "bored_pack"}, "There is no report 'bored_pack'. Known are: board_pack, "),
        ({"format": "docx"}, "There is no format 'docx'. Known are: pdf, pptx, xlsx, csv, parquet."),
        ({"language": "de"}, "There is no language 'de'. Known are: en, zh."),
        ({"period": "soon"}, "There is no period 'soon'."),
        ({"name": "customer-sheet"}, "A customer sheet is about one customer"),
        ({"customer": "odoo:1"}, "A customer sheet is about one customer"),
        ({"name": "own"}, "A report of your own is put together of parts"),
        ({"name": "own", "parts": ("weather",)}, "There is no part 'weather'. Known are: numbers, "),
    ],
)
def test_what_does_not_exist_is_said_with_what_does(named: Mapping[str, str], sentence: str) -> None:
    with pytest.raises(NotKnown) as refused:
        wanted(**named)
    assert str(refused.value).startswith(sentence)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("home")
def test_a_firm_without_anything_has_every_report() -> None:
    firms.empty()
    for number, (name, recipe) in enumerate(catalogue.REPORTS.items()):
        if recipe.of_customer:
            continue
        for form in formats.FORMATS:
            language = ("en", "zh")[number % 2]
            parts = (tuple(PARTS) if form == "pdf" else ("orders", "inventory")) if recipe.of_parts else ()
            made = headless.made(wanted(name=name, format=form, language=language, parts=parts), is_bundle=True)
            assert made.content


@pytest.mark.usefixtures("home")
def test_one_table_is_chosen_by_its_number() -> None:
    firms.busy()
    made = headless.made(wanted(table=2), is_bundle=False)
    assert made.sentence.startswith("Stock by category, ")
    assert read.comma_separated(made.content)[0][:2] == ["Category", "Items"]
    assert len(read.bundled(headless.made(wanted(), is_bundle=True).content)) == 6
    with pytest.raises(Refused, match=r"The report has 6 tables: 1 Stock by age, "):
        headless.made(wanted(table=9), is_bundle=False)


def test_the_command_writes_the_file_or_says_why_not(home: Path) -> None:
    def said(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(cli.app, ["report", *words, "--out", str(home / "r.pdf")])
        return answer.exit_code, answer.output

    assert said("board-pack", "--format", "pdf", "--as", "owner") == (3, f"{NO_DATA}\n")
    delivery = write(home / "delivery", small_firm())
    assert CliRunner().invoke(cli.app, ["sync", "files", "--path", str(delivery)]).exit_code == 0
    code, told = said("stock-valuation", "--format", "pdf", "--as", "owner")
    assert (code, told.count(f"{home / 'r.pdf'}: ")) == (0, 1)
    assert (home / "r.pdf").read_bytes().startswith(b"%PDF")
    assert said("board_pack", "--format", "pdf", "--as", "administrator")[0] == 3
    assert said("board_pack", "--format", "doc", "--as", "owner")[0] == 2
    assert said("board_pack", "--format", "pdf", "--as", "queen") == (2, f"{NO_QUEEN}\n")
    ada = Account(user="Ada", role="sales", companies=("c2",))
    accounts.add(firm_home(), ada, "correct horse battery")
    assert said("stock_valuation", "--format", "csv", "--as", "ada", "--table", "2")[0] == 0
    assert takeaways._reader("ADA") == Viewer(user="Ada", role="sales", companies=frozenset({"c2"}))
    assert [path.name for path in home.glob("*r.pdf*")] == ["r.pdf"]
    nowhere = CliRunner().invoke(
        cli.app, ["report", "board_pack", "--format", "pdf", "--as", "owner", "--out", "/no/r.pdf"]
    )
    assert (nowhere.exit_code, "cannot be written" in nowhere.output) == (3, True)
    (home / "folder" / "r.pdf").mkdir(parents=True)
    with pytest.raises(NotUsable, match="cannot be written"):
        takeaways._write(home / "folder" / "r.pdf", b"for somebody else's eyes")
    assert [path.name for path in (home / "folder").iterdir()] == ["r.pdf"]
