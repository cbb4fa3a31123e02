"""The locks say the same as pyproject.toml, carry a hash for everything and an address for nothing."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?(?:==([^ ;]+))?")


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> set[tuple[str, str]]:
    return set(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock(name), flags=re.MULTILINE))


def wanted(requirement: str) -> tuple[str, str | None]:
    found = REQUIREMENT.match(requirement)
    assert found is not None, requirement
    return found[1].lower().replace("_", "-").replace(".", "-"), found[2]


@pytest.mark.parametrize("requirement", PROJECT["project"]["dependencies"])
def test_what_the_project_needs_is_locked_at_its_version(requirement: str) -> None:
    assert wanted(requirement) in pins("run"), "run requirements/renew"


@pytest.mark.parametrize("requirement", PROJECT["dependency-groups"]["test"])
def test_what_tests_need_is_locked(requirement: str) -> None:
    assert wanted(requirement)[0] in {name for name, _ in pins("test")}, "run requirements/renew"


def test_the_lock_for_tests_contains_the_lock_for_running() -> None:
    assert pins("run") <= pins("test"), "run requirements/renew"


@pytest.mark.parametrize("name", ["run", "test"])
def test_everything_has_a_hash_and_nothing_an_address(name: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", lock(name), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(name))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in lock(name)
