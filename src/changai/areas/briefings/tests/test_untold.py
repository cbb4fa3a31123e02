"""Papers and 公布范围: the office is told what goes beyond it, readers are not shown names behind figures."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.assessments.actions import approve_amendment, propose_amendment
from changai.areas.assessments.models import Round
from changai.areas.assessments.rules import EVERYTHING, FIRST_PLACES, GRADES
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import figure_for
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth, make_frozen, make_submitted
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
BLOCKS = [
    {"kind": "paragraph", "text": "共考核【考核单位数】个，第一名【第一名单位】，最高【最高得分】。"},
    {"kind": "table", "source": "table.scores"},
]


@pytest.fixture(autouse=True)
def placed(round_: Round, month: MadeMonth) -> None:
    """早县 stands before 晚县, 无县 last."""
    for place, unit in enumerate((month.early, month.late, month.silent), start=1):
        round_.scores.filter(unit=unit).update(rank=place, total_hundredths=9000 - 100 * place)


@pytest.mark.parametrize(
    ("scope", "places", "told", "silent"),
    [
        ("", 0, ["第一名单位：早县", "名次：早县、晚县、无县", "等次：早县"], ["考核单位数："]),
        (FIRST_PLACES, 1, ["得分：晚县、无县"], ["第一名单位：", "最高得分："]),
        (GRADES, 0, ["第一名单位：早县", "得分：早县"], ["等次："]),
        (EVERYTHING, 0, [], ["超出公布范围"]),
    ],
)
def test_the_head_approves_knowing_what_was_not_announced(
    officer: Actor, office_head: Actor, round_: Round, signed_in: SignIn, scope: str, places: int,
    told: list[str], silent: list[str],
) -> None:  # fmt: skip
    Round.objects.filter(pk=round_.pk).update(announced=scope, announced_places=places)
    paper = make_submitted(officer, blocks=BLOCKS, round_id=round_.pk)
    page = signed_in(office_head).get(reverse("briefings:briefing", args=[paper.pk])).content.decode()
    assert [sentence for sentence in told if sentence not in page] == []
    assert [sentence for sentence in silent if sentence in page] == []
    assert ("approve-briefing" in page) is bool(told)


def test_the_records_behind_a_figure_name_only_units_that_were_announced(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, signed_in: SignIn
) -> None:
    blocks = [{"kind": "paragraph", "text": "最高得分【最高得分】，平均【平均得分】。"}]
    paper: Briefing = make_frozen(officer, office_head, blocks=blocks, round_id=round_.pk)
    figure = figure_for(officer, paper.pk, "scores.highest")
    address = reverse("briefings:figure", args=[paper.pk, figure.key])
    unit = signed_in(actor_for(Role.UNIT_LIAISON, month.late))
    page = unit.get(address).content.decode()
    assert "早县" not in page
    assert "未公布的单位" in page
    assert "早县" not in unit.get(address, {"q": "早县"}).content.decode().replace('value="早县"', "")
    Round.objects.filter(pk=round_.pk).update(announced=FIRST_PLACES, announced_places=1)
    assert "早县" in unit.get(address).content.decode()
    assert "早县" in signed_in(officer).get(address).content.decode()


def test_papers_that_cite_a_corrected_result_are_listed_and_say_so(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, signed_in: SignIn
) -> None:
    """The result is scored anew by the correction, so places as the fixture set them do not matter here."""
    paper = make_frozen(officer, office_head, blocks=BLOCKS, round_id=round_.pk)
    office, unit = signed_in(officer), signed_in(actor_for(Role.UNIT_LIAISON, month.late))
    errata, page = reverse("briefings:errata"), reverse("briefings:briefing", args=[paper.pk])
    assert "已更正的公文" not in office.get(errata).content.decode()
    made = propose_amendment(
        officer, round_.pk, month.early.pk, "2", values={"typical": "1"}, reason="核定依据有误",
        basis="复核记录第3号", at=WRITTEN,
    )  # fmt: skip
    approve_amendment(office_head, made.pk, version=made.version, at=WRITTEN)
    listed = office.get(errata).content.decode()
    assert "已更正的公文" in listed
    assert page in listed
    assert "更正为" in office.get(page).content.decode()
    assert "早县得分由" in office.get(page).content.decode()
    assert "早县得分由" not in unit.get(page).content.decode()
    assert "已更正的公文" not in unit.get(errata).content.decode()
