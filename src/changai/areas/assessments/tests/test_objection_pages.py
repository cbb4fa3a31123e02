"""The pages of the full course: what each person sees at each step, and that every button does its work."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions
from changai.areas.assessments.models import Objection, Round
from changai.areas.assessments.tests.make import OCTOBER, UNREVIEWED, judge_all, make_round, report, scored
from changai.areas.assessments.tests.test_objecting import GROUNDS, REPLY
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]


def text(client: Client, name: str, *arguments: object) -> str:
    response = client.get(reverse(f"assessments:{name}", args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, name: str, *arguments: object, status: int = 303, **posted: object) -> str:
    response = client.post(reverse(f"assessments:{name}", args=arguments), posted)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.fixture
def full(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    report(officer, county, OCTOBER, trained=200, target=600, late=1)
    report(officer, rival, OCTOBER, trained=300, target=600, late=0)
    return make_round(officer, issued, course="full")


def moved(round_: Round) -> Round:
    round_.refresh_from_db()
    return round_


def test_the_whole_way_by_its_buttons(  # noqa: PLR0915 - one way, told in order
    full: Round,
    officer: Actor,
    office_head: Actor,
    county: Unit,
    rival: Unit,
    unit_a: Unit,
    signed_in: Browser,
) -> None:
    office, head = signed_in(officer), signed_in(office_head)
    inside, other = (
        signed_in(actor_for(Role.UNIT_LIAISON, county)),
        signed_in(actor_for(Role.UNIT_HEAD, rival)),
    )
    neutral = actor_for(Role.UNIT_HEAD, unit_a)
    assert "下一步：冻结数据" in text(office, "round", full.pk)
    press(office, "freeze", full.pk, version=full.version)
    before = text(office, "round", full.pk)
    assert "人工核定完成后计分" in before
    assert "还有 2 个单位没有报送自查自评：丙县、丁县。" in before
    judge_all(officer, full)
    full = scored(officer, full)
    assert "5 个工作日内确认事实" in text(office, "round", full.pk)
    assert inside.get(reverse("assessments:round", args=[full.pk])).status_code == 404
    assert "还有 3 项指标的数据没有全部经归口审核：培训任务完成率、月报及时性、典型经验。" in text(
        office, "round", full.pk
    )
    assert "请写明理由" in press(office, "ask", full.pk, status=422, version=full.version)
    press(office, "ask", full.pk, version=full.version, reason=UNREVIEWED)
    assert UNREVIEWED in text(office, "round", full.pk)

    shown = text(inside, "round", full.pk)
    assert UNREVIEWED not in shown
    assert "确认无误" in shown
    assert "提出申诉" in shown
    assert "丁县" not in shown
    assert "共 2 个单位，已确认 0 个，未表态 2 个" in text(office, "round", full.pk)
    press(other, "confirm", full.pk)
    assert "申诉的指标" in text(inside, "object", full.pk)
    assert "事实和理由" in press(inside, "object", full.pk, status=422, code="1.1", grounds="")
    press(inside, "object", full.pk, code="1.1", grounds=GROUNDS)
    objection = Objection.objects.get()

    for stranger in (other, signed_in(neutral)):
        assert stranger.get(reverse("assessments:objection", args=[objection.pk])).status_code == 404
    assert "培训任务完成率" in text(office, "objections", full.pk)
    listed = reverse("assessments:objections", args=[full.pk])
    assert "没有符合条件的申诉" in office.get(listed, {"state": "withdrawn"}).content.decode()
    answer = office.get(reverse("assessments:objections_export", args=[full.pk]), {"q": "培训"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [sheet.cell(4, 1).value, "培训任务完成率" in sheet.cell(4, 3).value] == [1, True]
    assert GROUNDS in text(office, "objection", objection.pk)
    faulty = press(office, "reply", objection.pk, status=422, version=1, words=REPLY, **{"v-trained": "12人"})
    assert "应填数字" in faulty
    assert REPLY in faulty
    press(office, "reply", objection.pk, version=1, words=REPLY, **{"v-trained": "200", "v-target": "600"})
    assert "申请复核" in text(inside, "objection", objection.pk)
    press(inside, "ask_review", objection.pk, version=2, grounds=GROUNDS)
    assert neutral.name in text(head, "objection", objection.pk)
    press(head, "name_reviewer", objection.pk, version=3, person=neutral.person_id)
    reviewing = signed_in(neutral)
    assert "作出复核决定" in text(reviewing, "objection", objection.pk)
    posted = {"v-trained": "500", "v-target": "600"}
    press(reviewing, "review", objection.pk, version=4, words=REPLY, **posted)
    decided = text(reviewing, "objection", objection.pk)
    assert "更正的数据和引起的变动" in decided
    # Who reviews does not see the round yet: no link leads there.
    assert f'href="{reverse("assessments:changes", args=[full.pk])}"' not in decided
    assert f'href="{reverse("assessments:round", args=[full.pk])}"' not in decided
    assert f'href="{reverse("assessments:changes", args=[full.pk])}"' in text(
        office, "objection", objection.pk
    )

    changes = text(office, "changes", full.pk)
    assert "55.00" in changes
    assert "85.00" in changes
    assert "本单位得分未变" in text(other, "changes", full.pk)
    press(office, "close", full.pk)
    press(head, "announce", full.pk, version=moved(full).version)
    assert "期满后公布" in text(inside, "round", full.pk)
    press(head, "publish", full.pk, status=422, version=moved(full).version)
    press(head, "halt", full.pk, version=full.version, reason="更正一处录入差错")
    assert "申诉已全部办结" in text(office, "round", full.pk)


def test_a_unit_accepts_or_withdraws(
    full: Round, officer: Actor, county: Unit, rival: Unit, signed_in: Browser
) -> None:
    insider = actor_for(Role.UNIT_LIAISON, county)
    full = actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)
    judge_all(officer, full)
    full = scored(officer, full)
    press(signed_in(officer), "ask", full.pk, version=full.version, reason=UNREVIEWED)
    client = signed_in(insider)
    press(client, "object", full.pk, code="1.1", grounds=GROUNDS)
    first = Objection.objects.get()
    press(client, "withdraw", first.pk, version=1)
    press(client, "object", full.pk, code="1.1", grounds=GROUNDS)
    second = Objection.objects.latest("pk")
    press(
        signed_in(officer),
        "reply",
        second.pk,
        version=1,
        words=REPLY,
        **{"v-trained": "200", "v-target": "600"},
    )
    press(client, "accept", second.pk, version=2)
    second.refresh_from_db()
    assert second.status == "refused"
    assert "维持原结果" in text(client, "objection", second.pk)
