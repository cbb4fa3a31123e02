"""Writes docs/map.md from the packages' own first lines: `python tests/architecture/house_map.py`."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "changai"
MAP = PROJECT / "docs" / "map.md"
LEFT_OUT = {"migrations", "tests", "templates", "static", "__pycache__", "templatetags", "vendor"}
HEAD = """# The map

Where everything stands. Made from the first line of every package and module by
`.venv/bin/python tests/architecture/house_map.py`; a test fails when it is out of date.

Layers, upper may import lower: config > cli | web > areas > documents | integrations > foundation > core.
Areas import downwards only:
portal > briefings > assessments > schemes > reporting > tasks > plans > registers > facts > evidence > accounts >
organisations. Inside an area: urls > views > exports > forms > actions > queries > policies > models > rules.

"""


def drawn() -> str:
    """Return the whole map as Markdown."""
    return HEAD + "\n".join(_lines(SOURCE, 0)) + "\n"


def _lines(folder: Path, depth: int) -> Iterator[str]:
    for entry in sorted(folder.iterdir(), key=lambda path: (path.is_file(), path.name)):
        if entry.name in LEFT_OUT or entry.name.startswith((".", "__")):
            continue
        if entry.is_dir() and any(entry.rglob("*.py")):
            yield _line(entry.name + "/", entry / "__init__.py", depth)
            yield from _lines(entry, depth + 1)
        elif entry.suffix == ".py" and entry.name not in {"apps.py", "urls.py"}:
            yield _line(entry.name, entry, depth)


def _line(name: str, module: Path, depth: int) -> str:
    told = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) if module.exists() else None
    first = " ".join((told or "").split("\n\n")[0].split())
    return f"{'  ' * depth}* `{name}`" + (f" {first}" if first else "")


if __name__ == "__main__":
    sys.stdout.write(f"{MAP}\n")
    MAP.write_text(drawn(), encoding="utf-8")
