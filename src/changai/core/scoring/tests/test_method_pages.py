"""The pages under docs/method: every rule has one, and every example on them runs."""

import json
import re
from pathlib import Path

import pytest

from changai.core import scoring
from changai.core.scoring.rules import RULES
from changai.core.scoring.tests.make import make_facts, make_leaf, make_scheme

PAGES = Path(__file__).parents[5] / "docs" / "method"


def blocks(kind):
    found = []
    for page in sorted(PAGES.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for number, block in enumerate(
            re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE), 1
        ):
            found.append(pytest.param(block, id=f"{page.stem}-{number}"))
    return found


def test_every_rule_has_a_page():
    assert {page.stem for page in (PAGES / "rules").glob("*.md")} == set(RULES)
    assert len(blocks("json example")) >= len(RULES)


@pytest.mark.parametrize("block", blocks("json example"))
def test_examples_of_rules_give_what_they_say(block):
    example = json.loads(block)
    node = make_leaf("1", example["points"], example["rule"], lowest=example.get("lowest", "0"))
    card = scoring.score(make_scheme(node), "县区", make_facts(example["facts"]))
    found = {unit: card.leaf(unit, "1").points_text for unit in example["facts"]}
    assert found == example["result"]
    assert card.leaf(next(iter(found)), "1").sentence() == example["sentence"]


@pytest.mark.parametrize("block", blocks("python run"))
def test_programs_on_the_pages_run(block):
    exec(compile(block, "docs/method", "exec"), {})  # noqa: S102 - our own pages
