"""The laws of the house as tests."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from changai.foundation.actions import ACTIONS
from changai.foundation.matrix import MATRIX
from changai.foundation.pages import PUBLIC
from tests.architecture import house_map

SOURCE = house_map.SOURCE
AREAS = SOURCE / "areas"
LAYERS = {
    "rules",
    "models",
    "policies",
    "queries",
    "actions",
    "forms",
    "exports",
    "views",
    "jobs",
    "urls",
    "apps",
}
BANNED_NAMES = {
    "utils",
    "helpers",
    "common",
    "misc",
    "manager",
    "handler",
    "service",
    "data",
    "info",
    "process",
}
MOST_LINES = 400


def modules(folder: Path = SOURCE) -> Iterator[Path]:
    for file in sorted(folder.rglob("*.py")):
        if not {"migrations", "tests"} & set(file.parts):
            yield file


def areas() -> list[Path]:
    found = [folder for folder in AREAS.iterdir() if (folder / "apps.py").exists()]
    found += [folder for folder in (AREAS / "registers").iterdir() if (folder / "apps.py").exists()]
    return sorted(found)


def test_the_map_is_up_to_date() -> None:
    assert house_map.MAP.read_text(encoding="utf-8") == house_map.drawn()


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.name)
def test_an_area_has_no_stray_modules(area: Path) -> None:
    allowed = LAYERS | {
        "__init__",
        "migrations",
        "templates",
        "static",
        "tests",
        "templatetags",
        "__pycache__",
    }
    known = {"accounts": {"sessions", "passwords"}, "evidence": {"storage"}}
    found = {entry.stem for entry in area.iterdir()}
    assert found <= allowed | known.get(area.name, set())


def test_files_stay_readable() -> None:
    long = {
        str(file.relative_to(SOURCE)) for file in modules() if len(file.read_text().splitlines()) > MOST_LINES
    }
    assert not long


def test_names_say_what_a_thing_is() -> None:
    assert not {str(file) for file in modules() if file.stem in BANNED_NAMES}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(SOURCE))
        for file in modules()
        if file.name not in {"apps.py", "urls.py"}
        and file.read_text().strip()
        and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert not silent


def test_rows_are_reached_only_from_models_queries_and_actions() -> None:
    allowed = {"models", "queries", "actions"}
    strays = [
        f"{file.relative_to(SOURCE)}:{number}"
        for file in modules(AREAS)
        if not allowed & {part.removesuffix(".py") for part in file.relative_to(AREAS).parts}
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if re.search(r"\b[A-Z]\w+\.objects\b(?!\.none\(\))", line)
    ]
    assert not strays


def test_every_change_of_state_is_an_action() -> None:
    """A public function of an actions module is an action, or takes an actor and a moment and calls actions.

    A module that begins with an underscore holds steps that the actions of its package share; nothing outside the
    package may call them.
    """
    strays = []
    for file in modules(AREAS):
        parts = {part.removesuffix(".py") for part in file.relative_to(AREAS).parts}
        if "actions" not in parts or file.name.startswith("_"):
            continue
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
                marked = any("action" in ast.unparse(decorator) for decorator in node.decorator_list)
                if not marked and not ("actor" in names and "at" in names) and _writes(node):
                    strays.append(f"{file.relative_to(SOURCE)}: {node.name}")
    assert not strays


def _writes(node: ast.FunctionDef) -> bool:
    called = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    names = {function.attr for function in called if isinstance(function, ast.Attribute)}
    return bool(names & {"save", "create", "delete", "bulk_create", "bulk_update", "update"})


def test_shared_steps_stay_in_their_package() -> None:
    strays = [
        f"{file.relative_to(SOURCE)}: {module}"
        for file in modules()
        for module in re.findall(r"^from (changai[\w.]*\._\w+) import", file.read_text(), re.MULTILINE)
        if ".".join(module.split(".")[:-1]) != ".".join(file.relative_to(SOURCE.parent).parts[:-1])
    ]
    assert not strays


def test_actions_take_an_actor_and_a_moment() -> None:
    for file in modules(AREAS):
        if "actions" in {part.removesuffix(".py") for part in file.parts}:
            importlib.import_module(".".join(file.relative_to(SOURCE.parent).with_suffix("").parts))
    assert {kind.partition(".")[0] for kind in ACTIONS} >= {"account", "plan", "claim", "report", "briefing"}
    for kind, act in ACTIONS.items():
        names = list(inspect.signature(act).parameters)
        assert names[0] == "actor", kind
        assert "at" in names, kind


def views() -> Iterator[tuple[str, object]]:
    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, object]]:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, address)
            else:
                yield address, pattern.callback

    yield from walk(get_resolver().url_patterns, "/")


def test_every_page_declares_its_permission() -> None:
    undeclared = [
        address for address, view in views() if getattr(view, "permission", None) not in {PUBLIC, *MATRIX}
    ]
    assert not undeclared
