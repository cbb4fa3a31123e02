"""The pages before scoring: exemptions, self-check, owners' review, doubts, panel."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments import actions
from changai.areas.assessments.models import Exemption, LeafReview, PanelPoints, Participant, Round, SelfScore
from changai.areas.assessments.queries.checking import ReviewRow
from changai.areas.assessments.tests.make import OCTOBER, REASON, make_round, report
from changai.areas.assessments.tests.test_objection_pages import Browser, press, text
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
WHY = "本县没有这类企业，上年度即已核定不适用"


@pytest.fixture
def full(officer: Actor, issued: SchemeVersion, county: Unit, rival: Unit) -> Round:
    report(officer, county, OCTOBER, trained=200, target=600, late=1)
    report(officer, rival, OCTOBER, trained=300, target=600, late=0)
    return make_round(officer, issued, course="full")


@pytest.fixture
def frozen(officer: Actor, full: Round) -> Round:
    return actions.freeze_round(officer, full.pk, version=full.version, at=MOMENT)


def test_a_unit_asks_and_the_office_decides(
    full: Round, officer: Actor, county: Unit, unit_a: Unit, signed_in: Browser
) -> None:
    inside, office = signed_in(actor_for(Role.UNIT_LIAISON, county)), signed_in(officer)
    assert "可申请不适用指标" in inside.get(reverse("assessments:index")).content.decode()
    assert "提出申请" in text(inside, "exemptions", full.pk)
    press(inside, "exemptions", full.pk, status=422, code="1.2", reason="")
    press(inside, "exemptions", full.pk, code="1.2", reason=WHY)
    assert WHY in text(office, "exemptions", full.pk)
    row = Exemption.objects.get()
    press(office, "settle_exemption", row.pk, status=422, version=1, move="grant", decision="")
    press(office, "settle_exemption", row.pk, version=1, move="grant", decision="情况属实，同意")
    assert "情况属实" in text(inside, "exemptions", full.pk)
    stranger = signed_in(actor_for(Role.UNIT_LIAISON, unit_a))
    assert stranger.get(reverse("assessments:exemptions", args=[full.pk])).status_code == 404


def test_a_unit_scores_itself_and_hands_in(
    frozen: Round, officer: Actor, county: Unit, unit_a: Unit, signed_in: Browser
) -> None:
    inside = signed_in(actor_for(Role.UNIT_LIAISON, county))
    shown = text(inside, "self_check", frozen.pk)
    assert "技能培训人次 200人次" in shown
    part = Participant.objects.get(unit=county)
    typed = {"points-1.1": "五十", "points-1.2": "29", "reason-1.1": "完成较好"}
    faulty = press(inside, "self_check", frozen.pk, status=422, version=part.version, **typed)
    assert "应为数字，现为“五十”" in faulty
    assert 'value="五十"' in faulty
    assert not SelfScore.objects.exists()
    typed |= {"points-1.1": "50", "points-2": "9"}
    press(inside, "self_check", frozen.pk, version=part.version, **typed)
    assert "30.00" in text(inside, "self_check", frozen.pk)  # the gap: 50 against 20
    part.refresh_from_db()
    press(inside, "self_check", frozen.pk, version=part.version, move="hand_in")
    assert "报送" in text(inside, "self_check", frozen.pk)
    part.refresh_from_db()
    desk = signed_in(officer)
    sent = {"reason": "单位反映有一项填错", "version": part.version}
    press(desk, "reopen_self_check", frozen.pk, part.unit_id, **sent)
    assert "已退回修改" in text(desk, "overview", frozen.pk)
    assert "有一项填错" in text(inside, "self_check", frozen.pk)
    stranger = signed_in(actor_for(Role.UNIT_LIAISON, unit_a))
    assert stranger.get(reverse("assessments:self_check", args=[frozen.pk])).status_code == 404


def test_a_file_is_taken_in_and_offered(frozen: Round, county: Unit, signed_in: Browser) -> None:
    inside = signed_in(actor_for(Role.UNIT_LIAISON, county))
    file = SimpleUploadedFile("花名册.txt", "名单\n张三\n".encode())
    press(inside, "upload", frozen.pk, file=file)
    assert "花名册.txt" in text(inside, "self_check", frozen.pk)
    press(inside, "upload", frozen.pk, status=422)


def test_the_owner_reviews_and_the_office_settles(
    frozen: Round,
    officer: Actor,
    county: Unit,
    rival: Unit,
    liaison: Actor,
    other_liaison: Actor,
    signed_in: Browser,
) -> None:
    owner, office = signed_in(liaison), signed_in(officer)
    press(office, "assign_owner", frozen.pk, code="1.1", unit=liaison.unit_id)
    address = reverse("assessments:review_figures", args=[frozen.pk])
    assert signed_in(other_liaison).get(address).status_code == 404
    shown = owner.get(address).content.decode()
    assert "培训任务完成率" in shown
    assert "月报及时性" not in shown
    said = {f"verdict-{county.pk}": "confirmed", f"verdict-{rival.pk}": "doubted"}
    faulty = press(owner, "review_figures", frozen.pk, status=422, **said)
    assert "理由" in faulty
    said |= {f"reason-{rival.pk}": "与培训台账不符"}
    press(owner, "review_figures", frozen.pk, **said)
    press(owner, "review_figures", frozen.pk, status=409, **said | {f"reason-{rival.pk}": "再看一次台账"})
    shown = text(office, "overview", frozen.pk)
    assert "与培训台账不符" in shown
    assert "2/2" in shown
    assert "与培训台账不符" in text(office, "correct", frozen.pk, rival.pk, "1.1")
    frozen.refresh_from_db()
    order = {"version": frozen.version, "words": "按台账更正", "v-trained": "240", "v-target": "600"}
    press(office, "correct", frozen.pk, rival.pk, "1.1", **order)
    assert LeafReview.objects.get(unit=rival).settled_at is not None
    assert "240" in text(office, "changes", frozen.pk)


def test_the_rest_is_confirmed_in_one_press_but_nothing_remarkable(
    frozen: Round, officer: Actor, county: Unit, rival: Unit, signed_in: Browser
) -> None:
    office = signed_in(officer)
    address = reverse("assessments:review_figures", args=[frozen.pk]) + "?item=1.1"
    assert "只看未审核的" in office.get(address).content.decode()
    rest = {"move": "rest", f"version-{county.pk}": 0, f"version-{rival.pk}": 0}
    said = {f"verdict-{county.pk}": "doubted", f"reason-{county.pk}": "数量偏大"}
    assert office.post(address, said | rest).status_code == 303
    assert dict(LeafReview.objects.values_list("unit_id", "verdict")) == {
        county.pk: "doubted",
        rival.pk: "confirmed",
    }
    unmarked = ReviewRow(county, (), 0, None, None, (), (), is_own=False)
    assert unmarked.is_unremarkable
    assert not replace(unmarked, flags=("与上期相差过大",)).is_unremarkable
    assert not replace(unmarked, is_own=True).is_unremarkable


def test_the_office_settles_a_doubt_in_words(
    frozen: Round, officer: Actor, county: Unit, signed_in: Browser
) -> None:
    office = signed_in(officer)
    said = {f"verdict-{county.pk}": "doubted", f"reason-{county.pk}": "数量偏大"}
    assert (
        office.post(reverse("assessments:review_figures", args=[frozen.pk]) + "?item=1.1", said).status_code
        == 303
    )
    doubt = LeafReview.objects.get()
    press(office, "settle_doubt", doubt.pk, version=doubt.version, reason="已与台账核对一致")
    assert "待办结的数据疑问" not in text(office, "overview", frozen.pk)


def test_a_panel_is_named_judges_and_is_read_by_the_office(
    frozen: Round, officer: Actor, county: Unit, rival: Unit, unit_a: Unit, unit_b: Unit, signed_in: Browser
) -> None:
    office = signed_in(officer)
    people = [actor_for(Role.UNIT_HEAD, unit) for unit in (unit_a, unit_b)]
    for person in people:
        press(office, "name_panelist", frozen.pk, person=person.person_id)
    first, second = (signed_in(person) for person in people)
    assert "评审打分" in first.get(reverse("assessments:index")).content.decode()
    given = {f"points-{county.pk}": "6", f"reason-{county.pk}": REASON, f"points-{rival.pk}": "很好"}
    faulty = press(first, "panel", frozen.pk, status=422, **given)
    assert "评分应为数字" in faulty
    given |= {f"points-{rival.pk}": "8", f"reason-{rival.pk}": REASON, f"version-{county.pk}": "1",
              f"shown-{county.pk}": f"6|{REASON}"}  # fmt: skip
    press(first, "panel", frozen.pk, **given)
    blind = text(second, "panel", frozen.pk)
    assert REASON not in blind
    given = {
        f"points-{county.pk}": "9",
        f"reason-{county.pk}": REASON,
        f"points-{rival.pk}": "8",
        f"reason-{rival.pk}": REASON,
    }
    press(second, "panel", frozen.pk, **given)
    assert PanelPoints.objects.count() == 4
    assert "至少 3 名" in text(office, "overview", frozen.pk)
    third = actor_for(Role.UNIT_HEAD)
    press(office, "name_panelist", frozen.pk, person=third.person_id)
    given |= {f"points-{county.pk}": "7.5"}
    press(signed_in(third), "panel", frozen.pk, **given)
    shown = text(office, "overview", frozen.pk)
    assert "7.50" in shown
    assert "1.22" in shown
    assert "至少 3 名" not in shown
    outsider = signed_in(actor_for(Role.UNIT_HEAD))
    assert outsider.get(reverse("assessments:panel", args=[frozen.pk])).status_code == 404
    press(office, "dismiss_panelist", frozen.pk, frozen.panelists.first().pk)  # type: ignore[union-attr]
