"""Who sees which version, and the table as it is printed."""

import pytest

from changai.areas.schemes.queries import (
    issued_before,
    issued_tables,
    scheme_of,
    sheet_of,
    version_for,
    visible_to,
)
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, scheme_dict
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.foundation.actors import Actor


@pytest.fixture(autouse=True)
def dictionary(db: None) -> None:
    make_dictionary()


def test_a_draft_is_the_offices_own_paper(
    officer: Actor, office_head: Actor, liaison: Actor, leader: Actor, audit_administrator: Actor
) -> None:
    issued = make_issued(officer, office_head)
    draft = make_draft(officer, version="2.0")
    assert list(visible_to(officer)) == [draft, issued]
    assert list(visible_to(liaison)) == list(visible_to(leader)) == [issued]
    assert not visible_to(audit_administrator).exists()
    with pytest.raises(NotVisible):
        version_for(liaison, draft.pk)
    assert issued_before(draft) == issued
    assert issued_before(issued) is None
    assert [(version.pk, category) for version, category, _label in issued_tables(officer)] == [
        (issued.pk, "县区")
    ]


def test_the_printed_table_spans_rows_and_columns(officer: Actor) -> None:
    sheet = sheet_of(scheme_of(make_draft(officer)), "县区")
    first, second, third = sheet.lines
    assert (sheet.depth, sheet.full) == (2, "100")
    assert [(cell.code, cell.rows, cell.columns) for cell in first.cells] == [("1", 2, 1), ("1.1", 1, 1)]
    assert [cell.code for cell in second.cells] == ["1.2"]
    assert [(cell.code, cell.rows, cell.columns) for cell in third.cells] == [("2", 1, 2)]
    assert first.fields == ("技能培训人次", "培训任务数")
    assert sheet.grades == ("优秀：不低于 80 分", "合格：其余")
    top = [cell for line in sheet.lines for cell in line.cells if cell.code.count(".") == 0]
    assert sum(int(cell.points) for cell in top) == 100


def test_bonus_penalty_and_veto_stand_below() -> None:
    scheme = scheme_dict()
    scheme["tables"][0] |= {
        "bonus": [{"code": "J1", "name": "试点", "cap": "3", "rule": {"rule": "Reviewed", "field": "pilot"}}],
        "veto": [
            {"code": "F1", "name": "弄虚作假", "when": "forged", "effect": "grade_ceiling", "ceiling": "合格"}
        ],
    }
    bonus, veto = sheet_of(scoring.Scheme.from_json(scheme), "县区").extras
    assert (bonus.kind, bonus.points) == ("bonus", "3")
    assert (veto.kind, veto.wording) == ("veto", "等次不高于“合格”")
