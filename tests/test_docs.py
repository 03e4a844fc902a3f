"""The documents: what they say is what the code does, and their examples run."""

import ast
import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import cli
from analytics.tables import TABLES, parsing
from data_access import documentation, postgresql
from data_access import readers as reading
from data_access.readers import files as packing
from data_access.readers import headers, json_rows, problems, typed, workbook
from data_access.sources import files
from refresh import rules, translate

HOUSE = Path(__file__).resolve().parent.parent
PAGES = (HOUSE / "README.md", HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").rglob("*.md")))
README = (HOUSE / "README.md").read_text(encoding="utf-8")
FILES = (HOUSE / "docs/sources/files.md").read_text(encoding="utf-8")
RULES = (HOUSE / "docs/rules.md").read_text(encoding="utf-8")

FENCE = re.compile(r"^```(?P<kind>\w*) *(?P<file>\S*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\((?!https?:)([^)\s]+)\)")
ROW = re.compile(r"^\| `([a-z0-9_]+)` \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"[a-z][a-z0-9_]+")
NAMING = {"Notice", "Finding", "TableRefused", "DeliveryRefused", "SourceRefused", "Fault"}
NAMING |= {
    "_broken",
    "_breaking",
    "add",
    "listed",
    "refusal",
}
# A key that stands twice never gets as far as the schema: it was set aside before, or dropped as a duplicate.
NEVER_REACHED = {"primary_key"}


def name_of(page: Path) -> str:
    return str(page.relative_to(HOUSE))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# What is generated


def test_the_data_dictionary_is_current() -> None:
    kept = documentation.DICTIONARY.read_text(encoding="utf-8")
    assert kept == documentation.data_dictionary(), "Run: python -m data_access.documentation"


def test_the_templates_are_current() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in documentation.TEMPLATE_FOLDER.iterdir()}
    assert kept == documentation.templates(), "Run: python -m data_access.documentation"


# Rules


def named_in_code() -> set[str]:
    """The rules that the code names where it sets a row aside, refuses a table or a delivery, or warns."""
    modules = [*(HOUSE / "refresh").glob("*.py"), *(HOUSE / "data_access").rglob("*.py")]
    calls = (node for path in modules for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    return {rule for call in calls for rule in _first_word(call)} | _from_tables() | _from_schemas()


def _first_word(call: ast.Call) -> list[str]:
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    texts = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    return [text for text in texts if NAMED.fullmatch(text)][:1] if called in NAMING else []


def _from_tables() -> set[str]:
    failures = {rule for _, rule in translate.FAILURES} | {"not_text", *typed.ODD_ONES.values()}
    return failures | {rule for rule, _ in (*postgresql._CONNECTING.values(), postgresql._NO_ANSWER)}


def _from_schemas() -> set[str]:
    of_schemas = (name for schema in TABLES.values() for name in schema._validation_rules(with_cast=False))
    broken = {name.rpartition("|")[2] for name in of_schemas}
    return {rules.NAMES.get(rule, rule) for rule in broken} - NEVER_REACHED


def test_every_rule_is_explained() -> None:
    found = named_in_code()
    assert {"missing_key", "conflicting_key", "unclosed_quote", "login", "closed_after_opened", "volume_drop"} <= found
    assert sorted(found - {rule for rule, *_ in ROW.findall(RULES)}) == []


def test_every_explained_rule_exists_and_is_explained_once() -> None:
    explained = [rule for rule, *_ in ROW.findall(RULES)]
    assert sorted(set(explained) - named_in_code()) == []
    assert len(explained) == len(set(explained))


# Settings and commands


def settings() -> set[str]:
    """The environment variables that the program and its tests read."""
    ours = [HOUSE / "cli.py", HOUSE / "app.py", HOUSE / "tests/conftest.py", HOUSE / "tests/servers.py"]
    for folder in (
        "analytics",
        "answers",
        "commands",
        "data_access",
        "display",
        "pages",
        "refresh",
        "reports",
        "sample_data",
    ):
        ours += (HOUSE / folder).rglob("*.py")
    texts = [path.read_text(encoding="utf-8") for path in ours]
    read = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\(|envvar=)\s*["'](\w+)["']""")
    return {name for text in texts for name in read.findall(text)}


def test_every_setting_is_in_the_readme() -> None:
    assert {"TANDEM_HOME", "TANDEM_DATABASE_URL", "PORT"} <= settings()
    assert sorted(name for name in settings() if f"`{name}`" not in README) == []


def commands() -> dict[str, set[str]]:
    """Each command of the terminal with its options."""
    every: dict[str, set[str]] = {}
    for name, command in get_command(cli.app).commands.items():  # type: ignore[attr-defined]
        if not command.hidden:
            parts = {f"{name} {part}": each for part, each in getattr(command, "commands", {}).items()}
            every |= {
                called: {opt for each in found.params for opt in each.opts}
                for called, found in (parts or {name: command}).items()
            }
    return every


def told() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_command_and_option_is_told() -> None:
    known = [f"cli.py {name}" for name in commands()]
    known += sorted({option for options in commands().values() for option in options if option.startswith("--")})
    assert "--partial" in known
    assert [name for name in known if not re.search(rf"[\s`(]{re.escape(name)}\b", told())] == []


def command_lines() -> list[str]:
    fences = [match for page in PAGES for match in FENCE.finditer(page.read_text(encoding="utf-8"))]
    shown = [fence["body"] for fence in fences if fence["kind"] in ("", "sh", "console")]
    return [line.removeprefix("$ ") for body in shown for line in body.splitlines() if "python cli.py" in line]


def test_no_document_shows_a_command_or_an_option_that_does_not_exist() -> None:
    lines = command_lines()
    assert len(lines) > 10
    for line in lines:
        words = shlex.split(line.partition("python cli.py")[2], comments=True)
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        name = words[0] if words[0] in commands() else " ".join(words[:2])
        assert options <= commands()[name], line


def test_no_document_names_a_make_target_that_does_not_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", told(), re.MULTILINE))
    assert {"run", "test"} <= named <= targets


# Links and places


def links() -> list[tuple[Path, str]]:
    return [(page, target) for page in PAGES for target in LINK.findall(page.read_text(encoding="utf-8"))]


def test_every_link_between_documents_leads_somewhere() -> None:
    assert links()
    assert [f"{name_of(page)}: {target}" for page, target in links() if not _leads_somewhere(page, target)] == []


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = page if not path else page.parent / path
    return found.exists() and (not anchor or anchor in _anchors(found))


def _anchors(page: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    decisions = sorted((HOUSE / "docs/decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    architecture = (HOUSE / "docs/architecture.md").read_text(encoding="utf-8")
    for path in decisions:
        assert f"(decisions/{path.name})" in architecture
        parts = HEADING.findall(path.read_text(encoding="utf-8"))
        assert parts[1:] == ["What", "Why", "What else was possible"], path.name


def test_every_folder_that_the_readme_names_is_there() -> None:
    named = re.findall(r"^\| `([\w./]+)` \|", README, re.MULTILINE)
    assert len(named) > 10
    assert [name for name in named if name != "var/" and "/" in name and not (HOUSE / name).exists()] == []


# What files.md says of the readers


@pytest.mark.parametrize("ending", [*reading.TEXTS, *reading.CONTAINERS, ".parquet", ".gz", ".zip", *reading.INSTEAD])
def test_every_format_is_told(ending: str) -> None:
    assert f"`{ending}`" in FILES


@pytest.mark.parametrize("table", files.SHORT_FORMS)
def test_every_short_form_is_told(table: str) -> None:
    assert f"| `{table}` | {', '.join(files.SHORT_FORMS[table])} |" in FILES


def test_every_word_that_counts_as_missing_true_or_false_is_told() -> None:
    missing = [f"`{word.upper() if word != 'none' else 'None'}`" for word in parsing.MISSING_WORDS if word]
    assert [word for word in missing if word not in FILES] == []
    assert [word for word in (*parsing.TRUE_WORDS, *parsing.FALSE_WORDS) if f"`{word}`" not in FILES] == []


def test_every_word_of_totals_is_told() -> None:
    sentence = next(line for line in FILES.splitlines() if line.startswith("The words are"))
    assert set(re.split(r", | and |\.$", sentence.removeprefix("The words are "))) - {""} == headers.TOTAL_WORDS


WORDS = {
    "Status of orders": files.ORDER_WORDS,
    "Channel of tickets": files.CHANNEL_WORDS,
    "Status of tickets": files.TICKET_WORDS,
    "Priority of tickets": files.PRIORITY_WORDS,
}


def test_every_word_with_another_meaning_is_told() -> None:
    rows = re.findall(r"^\| ([A-Z][a-z ]+ of [a-z]+) \| (.+) \| (.+) \|$", FILES, re.MULTILINE)
    listed = {column: dict[str, str]() for column in WORDS}
    for column, words, meaning in rows:
        listed[column] |= dict.fromkeys(words.split(", "), meaning)
    assert listed == WORDS


LIMITS = (
    ("A file", packing.LARGEST_FILE, 2 * 1024**3, "2 GB"),
    ("A workbook, unpacked", workbook.LARGEST_WORKBOOK, 200 * 1024**2, "200 MB"),
    ("Files in a zip", packing.MOST_MEMBERS, 1_000, "1,000"),
    ("Growth when unpacked", packing.HIGHEST_RATIO, 200, "200 times"),
    ("A text field", problems.LONGEST_FIELD, 1_000_000, "1,000,000 characters"),
    ("Columns", headers.MAX_COLUMNS, 2_000, "2,000"),
    ("Nesting of JSON", json_rows.DEEPEST, 50, "50 levels"),
)


@pytest.mark.parametrize(("what", "limit", "size", "words"), LIMITS)
def test_every_limit_is_told(what: str, limit: int, size: int, words: str) -> None:
    assert limit == size
    assert f"| {what} | {words} |" in FILES


# Examples


@dataclass
class Example:
    """The files and commands of one section, run in an empty folder as a person would."""

    page: Path
    section: str
    fences: list[re.Match[str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{name_of(self.page)}: {self.section}"


def examples() -> Iterator[Example]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        sections = [(0, "beginning"), *((match.start(), match[1]) for match in re.finditer(r"(?m)^## (.*)$", text))]
        ends = [start for start, _ in sections[1:]] + [len(text)]
        for (start, section), end in zip(sections, ends, strict=True):
            fences = [
                match for match in FENCE.finditer(text, start, end) if match["file"] or match["kind"] == "console"
            ]
            if fences:
                yield Example(page, section, fences)


EXAMPLES = list(examples())


def test_there_are_examples() -> None:
    shown = [fence for example in EXAMPLES for fence in example.fences if fence["kind"] == "console"]
    assert len(shown) >= 8
    assert {name_of(example.page) for example in EXAMPLES} >= {"README.md", "docs/sources/files.md"}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_example_runs_as_it_is_shown(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_HOME", str(tmp_path / "var"))
    terminal = Terminal()
    for fence in example.fences:
        if fence["file"]:
            _write(tmp_path / fence["file"], fence["body"])
        else:
            terminal.check(fence["body"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Terminal:
    """A terminal that knows three commands: ours, sqlite3 and echo $?."""

    def __init__(self) -> None:
        self.exit_code = 0

    def check(self, session: str) -> None:
        """Runs the lines that begin with $; what follows each of them must be its output. ... stands for anything."""
        for command, *shown in (part.splitlines() for part in re.split(r"(?m)^\$ ", session) if part):
            printed = self.run(command)
            expected = "\n".join(re.escape(line).replace(r"\.\.\.", ".*") for line in shown)
            assert re.fullmatch(expected, printed), f"$ {command}\n{printed}"

    def run(self, command: str) -> str:
        words = shlex.split(command)
        if words[:2] == ["python", "cli.py"]:
            result = CliRunner().invoke(cli.app, words[2:])
            self.exit_code = result.exit_code
            return result.output.rstrip("\n")
        if words[0] == "sqlite3":
            return _queried(words[1], words[2])
        assert command == "echo $?", f"An example runs a command that this test does not know: {command}"
        return str(self.exit_code)


def _queried(file: str, sql: str) -> str:
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(sql).fetchall()
    return "\n".join("|".join("" if value is None else str(value) for value in row) for row in rows)
