import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.organisations.models import Unit
from changai.areas.plans.tests.make import assign, make_plan, measure_saying
from changai.areas.tasks import actions
from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import Step
from changai.areas.tasks.tests.make import LATER, make_claim, make_issued
from changai.foundation.actors import Actor, Role

Browser = Callable[[Actor], Client]


@pytest.fixture
def offered(officer: Actor, office_head: Actor, unit_a: Unit) -> Claim:
    return make_claim(officer, office_head, unit_a)


@pytest.fixture
def claimed(officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor) -> Claim:
    return make_claim(officer, office_head, unit_a, answered_by=liaison)


def _page(client: Client, name: str, *arguments: object, **parameters: object) -> str:
    answer = client.get(reverse(name, args=arguments), parameters)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def _post(client: Client, name: str, *arguments: object, **fields: object) -> int:
    return client.post(reverse(name, args=arguments), fields).status_code


def test_who_opens_the_list_and_a_task(
    offered: Claim, everybody: dict[Role, Actor], other_liaison: Actor, signed_in: Browser, visitor: Client
) -> None:
    address = reverse("tasks:task", args=[offered.pk])
    seen = {role for role, actor in everybody.items() if signed_in(actor).get(address).status_code == 200}
    assert seen == {
        Role.OFFICE_OFFICER, Role.OFFICE_HEAD, Role.UNIT_LIAISON, Role.UNIT_HEAD, Role.INSPECTOR, Role.LEADER
    }  # fmt: skip
    assert signed_in(other_liaison).get(address).status_code == 404
    assert visitor.get(address).status_code == 302
    assert "没有" in _page(signed_in(other_liaison), "tasks:index")


def test_a_unit_claims_several_from_its_list(
    officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor, signed_in: Browser
) -> None:
    make_issued(officer, office_head, leads=[unit_a], text="要点\n一、要做好甲。\n二、要做好乙。\n")
    client = signed_in(liaison)
    words = _page(client, "tasks:index")
    assert "我的任务" in words
    assert "认领勾选的任务" in words
    ids = list(Claim.objects.values_list("pk", flat=True))
    assert _post(client, "tasks:claim_many", claim=ids) == 303
    assert set(Claim.objects.values_list("status", flat=True)) == {"claimed"}
    assert _post(client, "tasks:claim_many", claim=ids) == 422
    assert "没有待认领的任务" in _page(client, "tasks:index", tab="offered")


def test_the_list_is_filtered_and_sorted(
    offered: Claim, officer: Actor, unit_b: Unit, signed_in: Browser
) -> None:
    actions.offer_measure(officer, offered.measure_id, unit_id=unit_b.pk, part="support", at=LATER)
    client = signed_in(officer)
    assert "任务台账" in _page(client, "tasks:index", tab="all", sort="unit")
    assert "乙局</td>" not in _page(client, "tasks:index", tab="all", unit=offered.unit_id)
    assert "没有符合条件" in _page(client, "tasks:index", tab="all", q="航天")
    assert "甲局" in _page(
        client, "tasks:index", tab="all", q="甲局 1-1", part="lead", plan=offered.measure.plan_id
    )
    assert "没有符合条件" in _page(client, "tasks:index", tab="all", due="overdue", q="从无")


def test_overdue_tasks_are_found(
    officer: Actor, office_head: Actor, unit_a: Unit, liaison: Actor, signed_in: Browser
) -> None:
    make_issued(officer, office_head, leads=[unit_a], due_on=date(2026, 1, 31))
    words = _page(signed_in(liaison), "tasks:index", tab="all", due="overdue")
    assert "宣讲" in words
    assert "没有符合条件" in _page(signed_in(liaison), "tasks:index", tab="all", due="month")


def test_answers_are_buttons_of_the_task(offered: Claim, liaison: Actor, signed_in: Browser) -> None:
    client = signed_in(liaison)
    words = _page(client, "tasks:task", offered.pk)
    for said in ("认领", "提出异议", "分解", "转办", "办理过程"):
        assert said in words
    assert "撤销任务" not in words
    assert _post(client, "tasks:answer", offered.pk, "claim", version=1) == 303
    assert _post(client, "tasks:answer", offered.pk, "claim", version=1) == 409
    assert _post(client, "tasks:answer", offered.pk, "unclaim", version=2) == 303
    assert _post(client, "tasks:answer", offered.pk, "dance", version=3) == 404
    assert _post(client, "tasks:answer", offered.pk, "claim", version="") == 422
    assert client.get(reverse("tasks:answer", args=[offered.pk, "claim"])).status_code == 405


def test_a_contest_is_settled_on_a_page(
    offered: Claim, liaison: Actor, officer: Actor, unit_b: Unit, signed_in: Browser
) -> None:
    unit, office = signed_in(liaison), signed_in(officer)
    assert _post(unit, "tasks:contest", offered.pk, reason="", version=1) == 422
    assert _post(unit, "tasks:contest", offered.pk, reason="职责不在我局", version=1) == 303
    assert "撤回异议" in _page(unit, "tasks:task", offered.pk)
    assert _post(unit, "tasks:settle", offered.pk, decision="refuse") == 403
    assert "职责不在我局" in _page(office, "tasks:settle", offered.pk)
    given = {"decision": "uphold", "opinion": "短", "other_unit_id": unit_b.pk, "version": 2}
    assert _post(office, "tasks:settle", offered.pk, **given) == 422
    assert _post(office, "tasks:settle", offered.pk, **(given | {"opinion": "改由乙局承担"})) == 303
    assert Claim.objects.filter(unit=unit_b, status="offered").exists()
    assert "改由乙局承担" in _page(unit, "tasks:task", offered.pk)
    passed = Claim.objects.get(unit=unit_b)
    assert "原由甲局承担" in _page(office, "tasks:task", passed.pk)
    assert office.get(reverse("tasks:settle", args=[offered.pk])).status_code == 409


def test_a_refused_contest_stays_in_the_history(
    offered: Claim, liaison: Actor, officer: Actor, signed_in: Browser
) -> None:
    actions.contest_task(liaison, offered.pk, reason="职责不在我局", version=1, at=LATER)
    actions.settle_contest(
        officer, offered.pk, decision="refuse", opinion="三定方案明确", version=2, at=LATER
    )
    words = _page(signed_in(liaison), "tasks:task", offered.pk)
    for said in ("职责不在我局", "三定方案明确", "异议不成立，由本单位承担"):
        assert said in words


def test_a_task_is_handed_over_on_a_page(
    claimed: Claim, liaison: Actor, unit_b: Unit, signed_in: Browser
) -> None:
    client = signed_in(liaison)
    assert "乙局" in _page(client, "tasks:hand_over", claimed.pk)
    given = {"unit_id": unit_b.pk, "reason": "按职责由乙局负责", "version": 2}
    assert _post(client, "tasks:hand_over", claimed.pk, **(given | {"unit_id": ""})) == 422
    assert _post(client, "tasks:hand_over", claimed.pk, **(given | {"reason": "短"})) == 422
    assert _post(client, "tasks:hand_over", claimed.pk, **given) == 303
    passed = Claim.objects.get(unit=unit_b)
    assert "由甲局转办" in _page(signed_in(actor_for(Role.UNIT_LIAISON, unit_b)), "tasks:task", passed.pk)
    assert "收回转办" in _page(client, "tasks:task", claimed.pk)
    assert _post(client, "tasks:answer", claimed.pk, "take-back", version=3) == 303


def test_a_task_is_split_on_a_page(
    officer: Actor, office_head: Actor, county: Unit, township: Unit, signed_in: Browser
) -> None:
    claim = make_claim(officer, office_head, county)
    client = signed_in(actor_for(Role.UNIT_LIAISON, county))
    assert "丙县总工会" in _page(client, "tasks:split", claim.pk)
    rows: dict[str, object] = {
        "version": 1, "form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 1, "form-0-unit_id": county.pk,
        "form-0-text": "宣讲12场", "form-0-target_value": "12", "form-1-unit_id": township.pk,
        "form-1-text": "宣讲7场", "form-1-target_value": "7",
    }  # fmt: skip
    address = reverse("tasks:split", args=[claim.pk])
    short = client.post(address, rows)
    assert short.status_code == 422
    assert "少于原目标值" in short.content.decode()
    missing = client.post(address, rows | {"form-1-unit_id": ""})
    assert "请选择承担单位" in missing.content.decode()
    assert client.post(address, rows | {"form-1-target_value": "8"}).status_code == 303
    assert "分解为" in _page(client, "tasks:task", claim.pk)
    assert Claim.objects.filter(origin=claim).count() == 2


def test_a_work_plan_is_made_on_a_page_and_ticked(claimed: Claim, liaison: Actor, signed_in: Browser) -> None:
    client = signed_in(liaison)
    address = reverse("tasks:milestones", args=[claimed.pk])
    assert "顺序" in _page(client, "tasks:milestones", claimed.pk)
    rows: dict[str, object] = {
        "version": 2, "form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 0, "form-0-text": "总结", "form-0-order": 2,
        "form-0-due_on": "2026-11-30", "form-1-text": "印发方案", "form-1-order": 1, "form-1-due_on": "2026-03-31",
    }  # fmt: skip
    late = client.post(address, rows | {"form-0-due_on": "2027-01-31"})
    assert late.status_code == 422
    assert "不在任务期限之内" in late.content.decode()
    undated = client.post(address, rows | {"form-0-due_on": ""})
    assert "请填写计划完成日期" in undated.content.decode()
    assert client.post(address, rows).status_code == 303
    first, second = claimed.milestones.order_by("position")
    assert (first.text, second.text) == ("印发方案", "总结")
    assert _post(client, "tasks:milestone_done", first.pk, done_on="2026-03-01") == 303
    assert _post(client, "tasks:milestone_done", second.pk, done_on="昨天") == 422
    assert "1/2" in _page(client, "tasks:task", claimed.pk)
    assert "不能修改" in _page(client, "tasks:milestones", claimed.pk)
    assert _post(client, "tasks:milestone_reopen", first.pk) == 303


def test_the_head_hands_a_plan_down_and_sees_its_coverage(
    officer: Actor,
    office_head: Actor,
    leader: Actor,
    liaison: Actor,
    unit_a: Unit,
    unit_b: Unit,
    signed_in: Browser,
) -> None:
    plan = make_plan(officer)
    assign(officer, measure_saying(plan, "20场"), leads=[unit_a, unit_b])
    head = signed_in(office_head)
    assert head.get(reverse("tasks:coverage", args=[plan.pk])).status_code == 409
    assert _post(signed_in(officer), "tasks:hand_down", plan.pk, version=1) == 403
    assert _post(head, "tasks:hand_down", plan.pk, version="") == 422
    assert _post(head, "tasks:hand_down", plan.pk, version=1) == 303
    words = _page(head, "tasks:coverage", plan.pk)
    assert "增派单位" in words
    two = _page(head, "tasks:coverage", plan.pk, fault="two_leads")
    assert "不少于20场" in two
    assert "宣讲团" not in two
    assert "没有这类问题" in _page(head, "tasks:coverage", plan.pk, fault="contested")
    assert "增派单位" not in _page(signed_in(leader), "tasks:coverage", plan.pk)
    assert "待认领" in _page(signed_in(leader), "tasks:progress", plan.pk)
    assert signed_in(liaison).get(reverse("tasks:coverage", args=[plan.pk])).status_code == 404


def test_the_office_offers_and_withdraws_on_pages(
    offered: Claim, officer: Actor, unit_b: Unit, liaison: Actor, signed_in: Browser
) -> None:
    client = signed_in(officer)
    assert "增派单位" in _page(client, "tasks:offer", offered.measure_id)
    assert _post(client, "tasks:offer", offered.measure_id, unit_id=unit_b.pk, part="support") == 303
    assert _post(client, "tasks:offer", offered.measure_id, unit_id=unit_b.pk, part="support") == 422
    extra = Claim.objects.get(unit=unit_b)
    assert _post(client, "tasks:withdraw", extra.pk, reason="无需乙局配合", version=1) == 303
    assert _post(signed_in(liaison), "tasks:withdraw", offered.pk, reason="自己撤销", version=1) == 403


def test_lists_are_workbooks(claimed: Claim, officer: Actor, liaison: Actor, signed_in: Browser) -> None:
    steps = [Step("印发方案", date(2026, 3, 31))]
    actions.plan_milestones(liaison, claimed.pk, steps=steps, version=2, at=LATER)
    answer = signed_in(officer).get(reverse("tasks:export"), {"tab": "all"})
    cells = [cell for row in _cells(answer.content) for cell in row]
    assert {"1-1", "甲局", "牵头", 20} <= set(cells)
    board = signed_in(officer).get(reverse("tasks:coverage_export", args=[claimed.measure.plan_id]))
    assert "甲局（已认领）" in [cell for row in _cells(board.content) for cell in row]


def _cells(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_the_list_asks_the_database_a_bounded_number_of_times(
    officer: Actor,
    office_head: Actor,
    unit_a: Unit,
    liaison: Actor,
    signed_in: Browser,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    text = "要点\n" + "".join(f"{n}、要做好这件事。\n" for n in "一二三四五六七八九")
    make_issued(officer, office_head, leads=[unit_a], text=text)
    client = signed_in(liaison)
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
        assert "九" not in _page(client, "tasks:index", tab="all")[:10]
