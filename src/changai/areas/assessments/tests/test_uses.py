"""Using a result: commendations under quotas, the edge and the veto, accountability, conversion."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT, actor_for
from changai.areas.assessments.actions import (
    decide_commendation,
    drop_commendation,
    move_accountability,
    notice_commendation,
    propose_accountability,
    return_commendation,
    save_commendation,
    settle_objection,
    start_commendation,
    take_objection,
)
from changai.areas.assessments.forms import nominee_lines, nominees_in, quota_lines, quotas_in
from changai.areas.assessments.models import Accountability, Commendation, Objection, Round, Score
from changai.areas.assessments.queries import duties, first_units
from changai.areas.assessments.rules import NO_QUOTA, accountability_hindrance, converted
from changai.areas.assessments.tests.make import OCTOBER, make_round, published, published_in_full
from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import SchemeVersion
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.outbox import notices_for

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
BASIS = "示范市评比达标表彰工作领导小组 示表〔2026〕3号"
PEOPLE = "赵一，甲厂，产业工人、女\n钱二，乙厂，产业工人\n孙三，丙局，企业负责人"


@pytest.fixture
def done(officer: Actor, office_head: Actor, opened: Round) -> Round:
    return published(officer, office_head, opened)


@pytest.fixture
def contested(officer: Actor, office_head: Actor, opened: Round, issued: SchemeVersion) -> Round:
    """A published round of the full course."""
    round_ = make_round(officer, issued, course="full", first=OCTOBER)
    return published_in_full(officer, office_head, round_)


def test_a_list_goes_from_its_basis_over_quotas_and_notice_to_the_decision(
    done: Round, officer: Actor, office_head: Actor
) -> None:
    with pytest.raises(Invalid, match="没有批准依据"):
        start_commendation(officer, done.pk, title="先进个人", basis="", at=MOMENT)
    made = start_commendation(officer, done.pk, title="先进个人", basis=BASIS, at=MOMENT)
    quotas = quotas_in("产业工人不低于35%\n企业负责人不高于15%")
    made = save_commendation(
        officer, made.pk, quotas=quotas, nominees=nominees_in(PEOPLE), version=1, at=MOMENT
    )
    with pytest.raises(Invalid, match=r"企业负责人”1 人，占 33\.33%，要求不高于 15%，超出 1 人"):
        notice_commendation(office_head, made.pk, version=2, at=MOMENT)
    with pytest.raises(NotAllowed):
        notice_commendation(officer, made.pk, version=2, at=MOMENT)
    people = nominees_in(PEOPLE.replace("企业负责人", "科教人员"))
    save_commendation(officer, made.pk, quotas=quotas, nominees=people, version=2, at=MOMENT)
    made = notice_commendation(office_head, made.pk, version=3, at=MOMENT)
    with pytest.raises(Invalid, match="期满后才能确定"):
        decide_commendation(office_head, made.pk, version=4, at=MOMENT + timedelta(days=1))
    take_objection(officer, made.pk, words="反映赵一不在一线岗位", version=4, at=MOMENT)
    late = MOMENT + timedelta(days=20)
    with pytest.raises(Invalid, match="1 件异议没有办结"):
        decide_commendation(office_head, made.pk, version=5, at=late)
    settle_objection(officer, made.pk, 0, outcome="经核实在一线岗位", version=5, at=late)
    made = decide_commendation(office_head, made.pk, version=6, at=late)
    assert (made.status, made.open_objections) == ("decided", 0)
    with pytest.raises(RecordMoved, match="不能再修改"):
        save_commendation(officer, made.pk, quotas=[], nominees=[], version=7, at=late)


def drafted(officer: Actor, round_: Round, people: str) -> Commendation:
    made = start_commendation(officer, round_.pk, title="先进个人", basis=BASIS, at=MOMENT)
    quotas = quotas_in(f"{NO_QUOTA}。")
    return save_commendation(
        officer, made.pk, quotas=quotas, nominees=nominees_in(people), version=1, at=MOMENT
    )


def test_everybody_at_work_is_told_of_the_notice_and_reads_the_names_alone(
    done: Round, officer: Actor, office_head: Actor, county: Unit, signed_in: SignIn
) -> None:
    reader = actor_for(Role.UNIT_HEAD, county)
    unit = signed_in(reader)
    made = drafted(officer, done, "赵一，甲厂，产业工人、女")
    page, paper = (
        reverse(f"assessments:{name}", args=[made.pk])
        for name in ("commendation_notice", "commendation_file")
    )
    assert {unit.get(address).status_code for address in (page, paper)} == {404}
    notice_commendation(office_head, made.pk, version=2, at=MOMENT)
    told = notices_for(reader).filter(link=page).get()
    assert told.sentence.startswith("“先进个人”名单现予公示，到2026年")
    take_objection(officer, made.pk, words="反映赵一不在一线岗位", version=3, at=MOMENT)
    shown = unit.get(page).content.decode()
    assert "赵一" in shown
    assert NO_QUOTA in shown
    assert "不在一线岗位" not in shown
    assert 'name="move"' not in shown
    assert unit.get(reverse("assessments:commendation", args=[made.pk])).status_code == 404
    words = "".join(
        node.text or "" for node in docx.Document(io.BytesIO(unit.get(paper).content)).element.iter()
    )
    assert "先进个人公示名单" in words
    assert "赵一" in words
    assert "不在一线岗位" not in words
    return_commendation(office_head, made.pk, reason="名单有误，须修改", version=4, at=MOMENT)
    assert unit.get(page).status_code == 404
    assert notices_for(reader).filter(sentence__contains="停止公示").exists()


def test_a_list_without_quota_says_so_and_one_started_by_mistake_goes(
    done: Round, officer: Actor, office_head: Actor, signed_in: SignIn
) -> None:
    made = drafted(officer, done, "赵一，甲厂")
    save_commendation(officer, made.pk, quotas=[], nominees=made.nominees, version=2, at=MOMENT)
    with pytest.raises(Invalid, match="还没有填写结构比例"):
        notice_commendation(office_head, made.pk, version=3, at=MOMENT)
    with pytest.raises(Invalid):
        drop_commendation(officer, made.pk, reason="", version=3, at=MOMENT)
    sent = {"move": "drop", "words": "重复拟定，另有名单", "version": 3}
    signed_in(officer).post(reverse("assessments:move_commendation", args=[made.pk]), sent)
    assert Commendation.objects.get().status == "dropped"
    shown = signed_in(officer).get(reverse("assessments:commendation", args=[made.pk])).content.decode()
    assert "已经撤销" in shown
    with pytest.raises(RecordMoved):
        drop_commendation(officer, made.pk, reason="再撤销一次", version=4, at=MOMENT)


def test_a_unit_that_a_veto_strikes_is_not_commended(
    done: Round, officer: Actor, office_head: Actor, county: Unit, signed_in: SignIn
) -> None:
    scheme = done.scheme
    veto = {"code": "V1", "name": "重大事故", "when": "happened_V1", "cap": "0"}
    code = next(iter(scheme.content["tables"][0].get("veto", [veto])))["code"]
    for row in done.result["units"]:
        row["vetoes"] = [code] if row["unit"] == county.code else []
    Round.objects.filter(pk=done.pk).update(result=done.result)
    near = drafted(officer, done, f"赵一，{county.name}机械厂，产业工人")
    page = reverse("assessments:commendation", args=[near.pk])
    assert "请核对该人选是否属于该单位" in signed_in(officer).get(page).content.decode()
    notice_commendation(office_head, near.pk, version=2, at=MOMENT)
    own = drafted(officer, done, f"{county.name}，{county.name}，集体")
    with pytest.raises(Invalid, match=f"{county.name}因一票否决（.+）不能列入，请删去"):
        notice_commendation(office_head, own.pk, version=2, at=MOMENT)


def test_what_is_typed_is_read_and_written_the_same() -> None:
    quotas = quotas_in("机关人员中县处级不超过20％\n产业工人 不少于 35.5%。")
    assert quotas[0] == {"base": "机关人员", "group": "县处级", "least": "", "most": "20"}
    assert quotas_in(quota_lines(quotas)) == quotas
    assert quota_lines(quotas_in(NO_QUOTA)) == NO_QUOTA
    assert nominees_in(nominee_lines(nominees_in(PEOPLE))) == nominees_in(PEOPLE)
    with pytest.raises(Invalid) as refused:
        quotas_in("多一些工人\n产业工人不低于350%")
    assert len(refused.value.faults) == 2
    with pytest.raises(Invalid):
        nominees_in("只有姓名")


def test_a_tie_at_the_edge_has_its_sentence(done: Round) -> None:
    assert first_units(done, 1).chosen == ("丁县",)
    Score.objects.filter(round=done).update(rank=1)
    tied = first_units(done, 1)
    assert tied.chosen == ()
    assert "并列第 1 名，名额只余 1 个" in tied.sentences[0]


def test_accountability_opens_only_on_settled_facts(
    contested: Round, done: Round, officer: Actor, office_head: Actor, county: Unit
) -> None:
    case = Accountability.Kind.TALK
    with pytest.raises(Invalid, match="简易程序，数据没有经过归口审核"):
        propose_accountability(officer, done.pk, county.pk, kind=case, grounds="连续两月迟报", at=MOMENT)
    done = contested
    objection = Objection.objects.create(
        round=done, unit=county, code="1.1", name="培训", grounds="数据有误请核实", raised_by_name="甲",
        raised_at=MOMENT,
    )  # fmt: skip
    with pytest.raises(Invalid, match="1 件申诉没有办结"):
        propose_accountability(officer, done.pk, county.pk, kind=case, grounds="连续两月迟报", at=MOMENT)
    Objection.objects.filter(pk=objection.pk).update(status="refused", closed_at=MOMENT)
    made = propose_accountability(officer, done.pk, county.pk, kind=case, grounds="连续两月迟报", at=MOMENT)
    with pytest.raises(RecordMoved, match="正在办理"):
        propose_accountability(officer, done.pk, county.pk, kind=case, grounds="连续两月迟报", at=MOMENT)
    with pytest.raises(NotAllowed, match="提出人不能核实"):
        move_accountability(officer, made.pk, "review", words="情况属实", version=1, at=MOMENT)
    with pytest.raises(RecordMoved):
        move_accountability(office_head, made.pk, "decide", words="同意约谈", version=1, at=MOMENT)
    with pytest.raises(NotAllowed, match="您是唯一能作决定的负责人"):
        move_accountability(office_head, made.pk, "review", words="情况属实", version=1, at=MOMENT)
    second = actor_for(Role.OFFICE_HEAD, Unit.objects.get(pk=office_head.unit_id))
    move_accountability(second, made.pk, "review", words="情况属实", version=1, at=MOMENT)
    with pytest.raises(NotAllowed, match="核实人不能决定自己核实的事项"):
        move_accountability(second, made.pk, "decide", words="同意约谈", version=2, at=MOMENT)
    made = move_accountability(office_head, made.pk, "decide", words="同意约谈", version=2, at=MOMENT)
    assert "3 项指标的数据没有经归口审核（培训任务完成率、月报及时性、典型经验）" in made.warnings[0]
    assert "尚未测算" in made.warnings[1]
    made = move_accountability(officer, made.pk, "close", words="已约谈并整改", version=3, at=MOMENT)
    assert (made.status, [step["move"] for step in made.course]) == ("closed", ["review", "decide", "close"])


def test_what_waits_for_whom_after_publication(
    contested: Round, officer: Actor, office_head: Actor, county: Unit
) -> None:
    def told(actor: Actor, day: date) -> list[str]:
        return [
            duty.label for duty in duties(actor, day) if "完成核定" not in duty.label
        ]  # of the other round

    today = MOMENT.date()
    grounds = "户外驿站进度滞后"
    made = propose_accountability(
        officer, contested.pk, county.pk, kind=Accountability.Kind.TALK, grounds=grounds, at=MOMENT
    )
    assert (told(officer, today), told(office_head, today)) == ([], [])
    second = actor_for(Role.OFFICE_OFFICER, Unit.objects.get(pk=officer.unit_id))
    assert told(second, today) == ["约谈丙县：待核实"]
    move_accountability(second, made.pk, "review", words="情况属实", version=1, at=MOMENT)
    assert told(office_head, today) == ["约谈丙县：已核实，待决定"]
    Accountability.objects.all().delete()
    listed = start_commendation(officer, contested.pk, title="先进个人", basis=BASIS, at=MOMENT)
    people = [{"name": "赵一", "employer": "甲厂", "groups": ["产业工人"]}]
    quotas = quotas_in(NO_QUOTA)
    save_commendation(officer, listed.pk, quotas=quotas, nominees=people, version=1, at=MOMENT)
    listed = notice_commendation(office_head, listed.pk, version=2, at=MOMENT)
    assert listed.notice_until is not None
    assert told(office_head, listed.notice_until) == []
    over = listed.notice_until + timedelta(days=1)
    assert (told(office_head, over), told(officer, over)) == (["“先进个人”公示期满，确定名单"], [])


def test_why_a_unit_may_not_be_held_to_account() -> None:
    open_case = {
        "is_full": True,
        "is_settled": True,
        "open_objections": 0,
        "open_doubts": 0,
        "is_published": False,
    }
    assert "事实确认还没有结束" in accountability_hindrance(
        **open_case | {"is_settled": False}, move="propose"
    )
    assert "简易程序" in accountability_hindrance(**open_case | {"is_full": False}, move="close")
    assert "2 项数据疑问" in accountability_hindrance(**open_case | {"open_doubts": 2}, move="review")
    assert "还没有公布" in accountability_hindrance(**open_case, move="decide")
    assert accountability_hindrance(**open_case, move="review") == ""


def test_the_converted_file_says_unit_points_place_grade_and_digest(
    done: Round, officer: Actor, signed_in: SignIn
) -> None:
    address = reverse("assessments:conversion", args=[done.pk])
    assert signed_in(officer).get(address).status_code == 422
    answer = signed_in(officer).get(address, {"full": "5"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    best = next(row for row in rows if row[0] == "丁县")
    total = Score.objects.get(round=done, rank=1).total_hundredths
    assert best[2:4] == [converted(total, 10000, 500) / 100, 1]
    assert best[5] == done.result_digest
    assert converted(50, 10000, 100) == 1


def test_the_pages_work_by_hand(
    contested: Round, done: Round, officer: Actor, office_head: Actor, county: Unit, signed_in: SignIn
) -> None:
    office, uses = signed_in(officer), reverse("assessments:uses", args=[done.pk])
    assert "不能据此约谈、通报" in office.get(uses).content.decode()
    done, uses = contested, reverse("assessments:uses", args=[contested.pk])
    sent = {"title": "先进个人", "basis": BASIS}
    begun = office.post(reverse("assessments:commend", args=[done.pk]), sent)
    made = done.commendations.get()
    page = reverse("assessments:commendation", args=[made.pk])
    assert begun["Location"] == page
    wrong = office.post(page, {"quotas": "多一些工人", "nominees": PEOPLE, "version": 1})
    assert wrong.status_code == 422
    assert "赵一，甲厂" in wrong.content.decode()
    assert (
        office.post(page, {"quotas": "产业工人不低于70%", "nominees": PEOPLE, "version": 1}).status_code
        == 303
    )
    assert "还差 1 人" in office.get(page).content.decode()
    assert "丁县" in office.get(uses, {"top": "1"}).content.decode()
    sent = {"unit": county.pk, "kind": "talk", "grounds": "连续两月迟报"}
    assert office.post(reverse("assessments:propose_accountability", args=[done.pk]), sent).status_code == 303
    assert "连续两月迟报" in office.get(uses).content.decode()
    head = signed_in(office_head)
    assert "您是唯一能作决定的负责人" in head.get(uses).content.decode()
    assert "事实已核实" not in head.get(uses).content.decode()
    unit = signed_in(actor_for(Role.UNIT_LIAISON, county))
    assert unit.get(uses).status_code == 404
