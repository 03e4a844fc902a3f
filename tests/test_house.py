"""The house: who may know whom, where each file lies, and the lines that ruff, mypy and import-linter hold."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent

PLACES = {
    ".ci": "what CI runs",
    ".editorconfig": "how editors write files",
    ".gitattributes": "how git stores them",
    ".gitignore": "what git leaves alone",
    ".streamlit": "how Tandem serves and looks",
    "CHANGELOG.md": "what changed, for users",
    "LICENSE": "Apache 2.0",
    "Makefile": "the two commands",
    "README.md": "what it is, and how to start",
    "analytics": "pure: frames in, frames out",
    "answers": "the way out: one function per question",
    "app.py": "the browser's way in",
    "benchmarks": "what is claimed of speed and accuracy, measured",
    "cli.py": "the terminal's way in",
    "commands": "what the terminal can be asked, by subject",
    "data_access": "the only place that knows databases, drivers, vendors, the disk",
    "display": "how a frame is shown, on screens and in files alike",
    "docs": "architecture, decisions, sources, the data dictionary",
    "pages": "screens",
    "pyproject.toml": "the project and its tools",
    "refresh": "the way in: source to snapshot",
    "reports": "the same answers as files",
    "requirements.in": "what Tandem asks for",
    "requirements.txt": "every version and hash of it",
    "sample_data": "the sample company",
    "static": "fonts that the browser loads",
    "tests": "mirrors the tree",
}
NOT_KEPT = {".git", ".venv", "venv", "var", "snapshots", "__pycache__", ".hypothesis"} | {
    f".{tool}_cache" for tool in ("import_linter", "mypy", "pytest", "ruff")
}

WAYS_IN = {
    "app.py": {"analytics", "answers", "display", "pages", "starlette", "streamlit"},
    "cli.py": {"answers", "commands", "data_access", "refresh", "typer"},
}
LONGEST_FUNCTION = 60
MIGRATIONS = "versions"  # written by Alembic; neither formatted nor checked

MACHINE_PATHS = tuple("/" + place for place in ("work/", "tmp/lab", "root/", "opt/", "home/", "Users/"))
REGISTRY_HOSTS = tuple(
    ".".join(words)
    for words in (
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "npmjs"),
        ("deb", "debian"),
        ("security", "debian"),
    )
)
FOREIGN = re.compile(
    "|".join((*(rf"(?<![\w.~-]){re.escape(path)}" for path in MACHINE_PATHS), *map(re.escape, REGISTRY_HOSTS))).encode()
)

# For each contract of import-linter, one import that it must refuse: file, and what the file imports.
REFUSED = {
    "Arrows point down, and the four in the middle do not know each other": ("answers/stock.py", "refresh"),
    "Data access knows the tables and who asks, nothing else of analytics": (
        "data_access/store.py",
        "analytics.metrics",
    ),
    "Pages and reports reach data only through answers": ("pages/supply/inventory.py", "data_access"),
    "Streamlit is known to pages alone": ("display/theme.py", "streamlit"),
    "Databases are known to data access alone": ("refresh/run.py", "sqlalchemy"),
    "Sources never import each other": ("data_access/sources/odoo.py", "data_access.sources.tryton"),
    "Readers of files know no schema and no database": ("data_access/readers/csv.py", "analytics.tables"),
    "No page waits for statsmodels to load": ("analytics/forecast.py", "statsmodels"),
}
# What must stay allowed beside it.
ALLOWED = (
    ("answers/__init__.py", "analytics.forecast"),
    ("data_access/__init__.py", "analytics.tables"),
    ("data_access/database.py", "sqlalchemy"),
    ("display/figures.py", "plotly"),
    ("pages/supply/inventory.py", "answers"),
    ("pages/parts/guard.py", "streamlit"),
    ("refresh/run.py", "data_access"),
    ("reports/workbook.py", "answers"),
)


def files() -> list[Path]:
    """Every file that belongs to the project: what git keeps or would keep; without git, all but ``NOT_KEPT``."""
    asked = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if asked.returncode == 0:
        found = [HOUSE / name for name in asked.stdout.split("\0") if name]
    else:
        found = [path for path in HOUSE.rglob("*") if not NOT_KEPT.intersection(path.relative_to(HOUSE).parts)]
    return sorted(path for path in found if path.is_file())


def modules(*folders: str) -> list[Path]:
    """Every Python file, or those beneath the folders."""
    return [path for path in files() if path.suffix == ".py" and (not folders or _place(path) in folders)]


def _place(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def _run(*command: str, folder: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _python(*arguments: str, folder: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    return _run(sys.executable, *arguments, folder=folder)


def _layers(folder: Path = HOUSE) -> subprocess.CompletedProcess[str]:
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    return _python("-c", lint, "--no-logo", "--no-cache", folder=folder)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names of what a module imports, wherever in the module it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def packages() -> list[str]:
    """The folders that import-linter watches."""
    declared: list[str] = _settings()["importlinter"]["root_packages"]
    return declared


def _settings() -> dict[str, dict[str, list[str]]]:
    tools: dict[str, dict[str, list[str]]] = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]
    return tools


def test_the_layers_hold() -> None:
    checked = _layers()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"Contracts: {len(REFUSED)} kept, 0 broken." in checked.stdout


def test_import_linter_watches_every_folder_of_code() -> None:
    ours = {_place(path) for path in modules()} - {"app.py", "cli.py", "benchmarks", "tests"}
    assert ours == set(packages())


@pytest.fixture(scope="module")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the project's own contracts and nothing but the imports that are allowed."""
    house = tmp_path_factory.mktemp("house")
    (house / "pyproject.toml").write_text((HOUSE / "pyproject.toml").read_text())
    for name in packages():
        _module(house, f"{name}/__init__.py")
    for file, _ in (*REFUSED.values(), *ALLOWED):
        _module(house, file)
    for file in ("analytics/metrics.py", "analytics/tables/__init__.py", "data_access/sources/tryton.py"):
        _module(house, file)
    for file, imported in ALLOWED:
        _import(house / file, imported)
    return house


def _module(house: Path, file: str) -> None:
    path = house / file
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.relative_to(house).parents[:-1]:
        (house / folder / "__init__.py").touch()
    path.touch()


def _import(path: Path, imported: str) -> None:
    path.write_text(f"{path.read_text()}import {imported}\n")


def test_the_contracts_allow_what_the_design_allows(small_house: Path) -> None:
    checked = _layers(small_house)
    assert f"Contracts: {len(REFUSED)} kept, 0 broken." in checked.stdout, checked.stdout


def test_every_contract_has_an_import_that_it_must_refuse() -> None:
    tools = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]
    assert [contract["name"] for contract in tools["importlinter"]["contracts"]] == list(REFUSED)


@pytest.mark.parametrize("contract", REFUSED)
def test_every_contract_can_be_broken(small_house: Path, contract: str) -> None:
    file, imported = REFUSED[contract]
    before = (small_house / file).read_text()
    _import(small_house / file, imported)
    checked = _layers(small_house)
    (small_house / file).write_text(before)
    assert checked.returncode == 1
    assert f"{contract} BROKEN" in checked.stdout


def test_ruff_finds_nothing() -> None:
    checked = _python("-m", "ruff", "check", "--no-cache", "--output-format=concise")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_file_is_in_the_format_of_ruff() -> None:
    checked = _python("-m", "ruff", "format", "--check", "--no-cache")
    assert checked.returncode == 0, f"{checked.stdout}{checked.stderr}\nRun: .venv/bin/ruff format"


def test_every_type_holds() -> None:
    checked = _python("-m", "mypy")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"in {_checked_by_mypy()} source files" in checked.stdout


def _checked_by_mypy() -> int:
    return sum(MIGRATIONS not in path.parts for path in modules())


def test_every_top_level_name_has_its_place() -> None:
    assert {_place(path) for path in files()} == set(PLACES)


@pytest.mark.parametrize("script", WAYS_IN)
def test_a_way_in_imports_only_what_the_design_allows(script: str) -> None:
    imported = {name.partition(".")[0] for name in imports(_tree(HOUSE / script))}
    assert imported, "A way in that imports nothing leads nowhere."
    assert imported - sys.stdlib_module_names - WAYS_IN[script] == set()


def test_the_terminal_never_loads_streamlit() -> None:
    loaded = _python("-c", "import sys, cli; print(*{name.partition('.')[0] for name in sys.modules})")
    assert loaded.returncode == 0, loaded.stderr
    assert {"cli", "typer"} <= set(loaded.stdout.split())
    assert "streamlit" not in loaded.stdout.split()


def test_no_script_lies_directly_in_pages() -> None:
    depth = {path: len(path.relative_to(HOUSE).parts) for path in modules("pages")}
    assert [path.name for path, parts in depth.items() if parts == 2] == ["__init__.py"]
    assert any(parts == 3 and path.name != "__init__.py" for path, parts in depth.items())


def test_no_file_names_a_machine_or_a_registry() -> None:
    naming = [str(path.relative_to(HOUSE)) for path in files() if FOREIGN.search(path.read_bytes())]
    assert naming == []


@pytest.mark.parametrize("named", [f"see {MACHINE_PATHS[0]}notes", f"https://{REGISTRY_HOSTS[0]}/simple"])
def test_a_machine_or_a_registry_would_be_noticed(named: str) -> None:
    assert FOREIGN.search(named.encode())
    assert not FOREIGN.search(b"docs/network/places and https://example.org/simple")


def test_no_figure_is_made_by_plotly_express() -> None:
    makers = {path for path in modules() if any(name.startswith("plotly") for name in imports(_tree(path)))}
    assert makers, "Nothing draws: look where the figures went."
    assert [str(path) for path in makers if any(_is_express(name) for name in imports(_tree(path)))] == []


def _is_express(name: str) -> bool:
    return name == "plotly.express" or name.startswith("plotly.express.")


def test_every_module_says_what_it_is() -> None:
    silent = [str(path.relative_to(HOUSE)) for path in modules() if not ast.get_docstring(_tree(path))]
    assert silent == []


def test_every_function_is_one_thought() -> None:
    lengths = {f"{path.relative_to(HOUSE)}:{name}": lines for path in modules() for name, lines in _functions(path)}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and MIGRATIONS not in path.parts:
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
