"""考核结果一览表 and its companions as an annex: as announced for circulars, whole for those who may open all."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.assessments.exports.annexes import annex_of
from changai.areas.assessments.models import Round
from changai.areas.assessments.queries import announced_table, standings
from changai.areas.assessments.rules import EVERYTHING, FIRST_PLACES, GRADES
from changai.areas.assessments.tests.make import published
from changai.areas.organisations.models import Unit
from changai.documents.annex import AnnexTable
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]


@pytest.fixture
def done(officer: Actor, office_head: Actor, opened: Round) -> Round:
    """丁县 has 96 points and the first place, 丙县 65 and the second."""
    return published(officer, office_head, opened)


def announced(round_: Round, scope: str, places: int = 0) -> Round:
    Round.objects.filter(pk=round_.pk).update(announced=scope, announced_places=places)
    round_.refresh_from_db()
    return round_


def rows_of(table: AnnexTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_whole_annex_has_three_kinds_of_tables(done: Round, officer: Actor) -> None:
    paper = annex_of(done, standings(officer, done), on=done.published_at.date())
    assert [table.caption for table in paper.tables] == ["考核结果一览表", "逐项得分表", "失分情况表"]
    ranking, by_indicator, lost = map(rows_of, paper.tables)
    assert [row[:4] for row in ranking] == [
        ["1", "丁县", "90.00", "6.00"], ["2", "丙县", "59.00", "6.00"],
    ]  # fmt: skip
    assert by_indicator[1] == ["丙县", "30.00", "29.00", "6.00"]
    assert lost[1][:3] == ["丙县\n（35.00）", "1.1 培训任务完成率", "30.00"]
    assert [len(row) for row in lost] == [4, 4, 3, 3]
    assert "内部" in paper.label


def test_a_circular_gets_what_is_announced(done: Round) -> None:
    day = done.published_at.date()
    upper = annex_of(done, announced_table(announced(done, FIRST_PLACES, 1)), on=day)
    assert [row[1] for row in rows_of(upper.tables[0])] == ["丁县"]
    assert "只公布前 1 名" in upper.tables[0].note
    grades = annex_of(done, announced_table(announced(done, GRADES)), on=day)
    assert [column.title for column in grades.tables[0].columns] == ["单位", "等次"]
    assert len(grades.tables) == 1
    assert not any(mark in str(grades) for mark in ("96.00", "65.00"))


def test_files_are_given_out_as_the_reader_may_see(
    done: Round, officer: Actor, county: Unit, signed_in: SignIn
) -> None:
    office, unit = signed_in(officer), signed_in(actor_for(Role.UNIT_HEAD, county))
    docx = reverse("assessments:annex", args=[done.pk, "docx"])
    assert office.get(docx).status_code == 409
    assert "丁县" in _words(office.get(docx, {"whole": "1"}).content)
    own = _words(unit.get(docx, {"whole": "1"}).content)
    assert "丁县" not in own
    assert "培训任务完成率" in own
    announced(done, EVERYTHING)
    told = _words(unit.get(docx).content)
    assert "96.00" in told
    assert "失分" not in told
    assert unit.get(docx).content == unit.get(docx).content
    assert unit.get(reverse("assessments:annex", args=[done.pk, "odt"])).status_code == 404
    assert docx in unit.get(reverse("assessments:round", args=[done.pk])).content.decode()
    assert f"{docx}?whole=1" in office.get(reverse("assessments:uses", args=[done.pk])).content.decode()


def _words(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = packed.read("word/document.xml").decode()
    assert body.count("w:tblHeader") == body.count("<w:tbl>")
    return body
