"""Small exports of vendors' tables, written as their tools write them."""

from pathlib import Path


def rows(*lines: str) -> str:
    """A table of semicolon-separated lines, written as they stand."""
    return "\n".join(lines) + "\n"


def written(folder: Path, files: dict[str, str], *, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """A folder that holds these files; ``delimiter`` replaces the semicolons."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.replace(";", delimiter).encode(encoding))
    return folder


def only(files: dict[str, str], *tables: str) -> dict[str, str]:
    """The files of some tables."""
    return {name: content for name, content in files.items() if name.partition(".")[0] in tables}
