"""The pages under docs/method say what the engine does: every example on them runs and gives what stands there.

Four kinds of fenced block are read: `json example` (a rule, facts, points and sentences), `python run` (followed by a
`text` block: what it prints), `csv NAME` (a file) and `console` (commands of `changai` over these files, and output).
"""

import dataclasses
import itertools
import json
import re
import shlex
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from changai.cli.main import main
from changai.core import scoring
from changai.core.scoring.conditions import CONDITIONS
from changai.core.scoring.measures import MEASURES
from changai.core.scoring.rules import RULES
from changai.core.scoring.wordings import WORDINGS

PAGES = Path(__file__).parents[2] / "docs" / "method"
FENCE = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MEMBER = re.compile(r"^\| `(\w+)` \| (.*) \| (.*) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([\w/.-]+\.md)\)")
EXAMPLE_MEMBERS = {"rule", "points", "lowest", "facts", "result", "sentence", "others", "regain"}


class Block(NamedTuple):
    """One fenced block of a page; `printed` is the text block right behind it, empty without one."""

    page: Path
    kind: str
    note: str
    body: str
    printed: str


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    found = list(FENCE.finditer(text))
    for place, match in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        follows = after is not None and after[1] == "text" and not text[match.end() : after.start()].strip()
        yield Block(page, match[1], match[2] or "", match[3], after[3] if follows else "")


BLOCKS = [block for page in sorted(PAGES.rglob("*.md")) for block in blocks_of(page)]


def chosen(kind, note=""):
    found = [block for block in BLOCKS if (block.kind, block.note) == (kind, note)]
    numbers = defaultdict(itertools.count)
    return [pytest.param(block, id=f"{block.page.stem}-{next(numbers[block.page]) + 1}") for block in found]


@pytest.mark.parametrize("block", chosen("json", "example"))
def test_rule_gives_the_points_and_says_the_sentences(block):
    example = json.loads(block.body)
    assert set(example) <= EXAMPLE_MEMBERS
    card = card_of(example)
    units = list(example["facts"])
    assert {unit: card.leaf(unit, "1").points_text for unit in units} == example["result"]
    told = {units[0]: example["sentence"], **example.get("others", {})}
    assert {unit: card.leaf(unit, "1").sentence() for unit in told} == told
    ways = example.get("regain", {})
    assert {unit: card.leaf(unit, "1").regain() for unit in ways} == ways


@pytest.mark.parametrize("block", chosen("python", "run"))
def test_program_prints_what_stands_behind_it(block, capsys):
    exec(compile(block.body, str(block.page), "exec"), {})  # noqa: S102 - our own pages
    assert capsys.readouterr().out == block.printed


@pytest.mark.parametrize("block", chosen("console"))
def test_command_prints_what_stands_below_it(block, capsys, monkeypatch, tmp_path):
    for file in BLOCKS:
        if file.page == block.page and file.kind == "csv":
            (tmp_path / file.note).write_text(file.body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command, _, printed = block.body.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "changai"
    assert main(arguments) == 0
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize("name", RULES)
def test_rule_has_a_page_with_its_members_and_an_example(name):
    page = PAGES / "rules" / f"{name}.md"
    assert members_told(page.read_text(encoding="utf-8")) == members_of(RULES[name])
    assert any(block.page == page and block.note == "example" for block in BLOCKS)


@pytest.mark.parametrize("family", [MEASURES, CONDITIONS], ids=["measures", "conditions"])
def test_measures_and_conditions_are_told_with_their_members(family):
    text = (PAGES / "measures.md").read_text(encoding="utf-8")
    for name, kind in family.items():
        assert members_told(section(text, name)) == members_of(kind), name


def test_every_page_is_linked_from_the_index_and_every_link_leads_somewhere():
    index = PAGES / "README.md"
    for page in PAGES.rglob("*.md"):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), f"{page.name}: {link}"
    linked = {(PAGES / link).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
    assert linked >= {page.resolve() for page in PAGES.rglob("*.md") if page != index}


def test_index_leads_from_every_kind_of_rule_to_a_page():
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", index, re.MULTILINE)] == list(range(1, 37))


def test_sentences_for_a_workbook_cell_are_all_listed():
    text = (PAGES / "rules.md").read_text(encoding="utf-8")
    assert re.findall(r"^\* (.*[分率].*)$", section(text, "Sentences an office"), re.MULTILINE) == [
        wording.example for wording in WORDINGS
    ]


def card_of(example):
    """Return the scorecard of a table whose only indicator is the example's."""
    leaf = {
        "code": "1",
        "name": "示例",
        "points": example["points"],
        "rule": example["rule"],
        "lowest": example.get("lowest", "0"),
    }
    table = {"category": "县区", "full": example["points"], "void": "zero", "nodes": [leaf]}
    rows = [
        (unit, field, value, scoring.Status.REPORTED)
        for unit, figures in example["facts"].items()
        for field, value in figures.items()
    ]
    facts = scoring.Facts.from_rows(rows, units=list(example["facts"]))
    return scoring.score(scoring.Scheme.from_json({"scheme": "示例", "tables": [table]}), "县区", facts)


def members_of(kind):
    """Return {member: default as the page shall write it} of a rule, measure or condition."""
    return {field.name: default_told(field.default) for field in dataclasses.fields(kind)}


def default_told(default):
    if default is dataclasses.MISSING:
        return "required"
    if default is None or default in ((), ""):
        return "—"
    if isinstance(default, bool):
        return "yes" if default else "no"
    return f"{float(default):g}" if isinstance(default, Fraction | int) else f"`{default}`"


def members_told(text):
    return {member: default for member, _meaning, default in MEMBER.findall(text)}


def section(text, title):
    """Return the part of a page under the heading that begins with `title`."""
    return next(part for part in re.split(r"^## ", text, flags=re.MULTILINE) if part.startswith(title))
