"""One thing broken in a paper of ours makes exactly that deviation, for every element the checker knows."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from changai.documents import checking
from changai.documents.checking import check_document
from changai.documents.checking.review import deviations_of
from changai.documents.checking.shape import parse
from changai.documents.checking.tests.breakages import BREAKAGES, OURS
from changai.documents.checking.tests.breaking import broken
from changai.documents.docx import render_docx


@cache
def rendered(name: str) -> bytes:
    return render_docx(OURS[name])


@pytest.mark.parametrize("name", OURS)
def test_our_own_papers_have_no_deviation(name: str) -> None:
    assert [each.sentence() for each in check_document(rendered(name), name="公文.docx")] == []


@pytest.mark.parametrize("name", BREAKAGES)
def test_what_is_broken_is_told_and_nothing_else(name: str) -> None:
    paper, change, element, clause = BREAKAGES[name]
    told = deviations_of(parse(broken(rendered(paper), change)))
    expected = {(each, clause) for each in re.split("(?<=页码) |(?<=图) |(?<=标题) ", element)}
    assert {(each.element, each.clause) for each in told} == expected, [each.sentence() for each in told]


def named() -> set[str]:
    """Return every element the checker's source names as the first word of a deviation."""
    found: set[str] = set()
    for file in Path(checking.__file__).parent.glob("*.py"):
        for each in ast.walk(ast.parse(file.read_text())):
            if isinstance(each, ast.Call) and each.args and isinstance(each.func, ast.Name):
                first = each.args[0]
                is_told = each.func.id in ("Deviation", "typed", "black", "_one_in", "_at_left")
                if is_told and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_no_element_is_left_without_a_breakage() -> None:
    assert named() - {element for _, _, element, _ in BREAKAGES.values()} == set()
