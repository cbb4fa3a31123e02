"""Pages of briefings as the cast meets them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changai.areas.assessments.models import Round
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.tests.make import (
    BLOCKS,
    OCTOBER,
    MadeMonth,
    make_approved,
    make_draft,
    make_frozen,
    make_submitted,
)
from changai.areas.facts.tests.make import make_fact
from changai.core.periods import Month
from changai.documents import fonts
from changai.foundation.actors import Actor, Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def office(officer: Actor, signed_in: SignIn) -> Client:
    return signed_in(officer)


@pytest.fixture
def head(office_head: Actor, signed_in: SignIn) -> Client:
    return signed_in(office_head)


def address(name: str, *arguments: object) -> str:
    return reverse(f"briefings:{name}", args=arguments)


def sent(briefing: Briefing, blocks: list[dict[str, str]] | None = None, **changed: Any) -> dict[str, Any]:
    """Return what the composer's form sends."""
    blocks = briefing.draft if blocks is None else blocks
    return {
        "version": briefing.version, "title": briefing.title, "report_to": "市委", "send_to": "", "distribute_to": "",
        "copies": 10, "kind": [block["kind"] for block in blocks],
        "text": [block.get("text", "") for block in blocks], "source": [block.get("source", "") for block in blocks],
    } | changed  # fmt: skip


def page_of(client: Client, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_has_tabs_for_the_office_and_issued_ones_for_others(
    officer: Actor, office_head: Actor, office: Client, liaison: Actor, signed_in: SignIn, month: MadeMonth
) -> None:
    issued, draft = make_frozen(officer, office_head), make_draft(officer)
    assert issued.title in page_of(office, address("index"))
    assert draft.title in page_of(office, address("index") + "?status=draft")
    for year in ("2020", "²", "9" * 30):
        assert issued.title not in page_of(office, address("index") + f"?year={year}")
    unit = signed_in(liaison)
    assert draft.title not in page_of(unit, address("index") + "?status=draft")
    assert issued.title in page_of(unit, address("index") + "?status=draft")


def test_roles_without_the_right_do_not_see_the_pages(
    everybody: dict[Role, Actor],
    officer: Actor,
    office_head: Actor,
    month: MadeMonth,
    signed_in: SignIn,
    visitor: Client,
) -> None:
    issued, draft = make_frozen(officer, office_head), make_draft(officer)
    administrators = {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
    for role, actor in everybody.items():
        client = signed_in(actor)
        read = 404 if role in administrators else 200
        assert client.get(address("briefing", issued.pk)).status_code == read
        assert client.get(address("figure", issued.pk, "rates.owed")).status_code == read
        if role not in {Role.OFFICE_OFFICER, Role.OFFICE_HEAD}:
            assert client.get(address("briefing", draft.pk)).status_code == 404
            assert client.get(address("compose", draft.pk)).status_code == 403
            assert client.get(address("draft", draft.pk, "docx")).status_code == 403
            assert client.post(address("issue", draft.pk), {"version": 1}).status_code == 403
    assert visitor.get(address("briefing", issued.pk)).status_code == 302


def test_a_briefing_starts_from_the_template(office: Client, month: MadeMonth, round_: Round) -> None:
    last = Month.of(timezone.localdate()).plus(-1)
    given = {"month": str(last), "title": "", "round": round_.pk, "template": "template", "kind": "briefing"}
    answer = office.post(address("start"), given)
    started = Briefing.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address("compose", started.pk))
    assert started.title == f"{last.label}产业工人队伍建设改革工作情况"
    assert started.round == round_
    assert not any("needs" in block for block in started.draft)
    assert {"kind": "heading1", "text": "考核得分"} in started.draft
    assert office.post(address("start"), given | {"month": "2019-01"}).status_code == 422
    office.post(address("start"), given | {"template": "empty", "title": "空白的"})
    assert Briefing.objects.get(title="空白的").draft == []


def test_the_composer_shows_blocks_catalogue_and_faults(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer, blocks=[*BLOCKS, {"kind": "paragraph", "text": "【没有的数】<b>粗</b>"}])
    shown = page_of(office, address("compose", draft.pk))
    assert "没有名为“没有的数”的数据" in shown
    assert "&lt;b&gt;粗&lt;/b&gt;" in shown
    assert "<b>粗" not in shown
    assert 'data-token="按时报送率"' in shown
    assert "33.3%" in shown


def test_the_composer_saves_as_a_form_and_carries_out_orders(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer)
    answer = office.post(address("compose", draft.pk), sent(draft, title="新标题", order="up:2"))
    assert (answer.status_code, answer["Location"]) == (303, address("compose", draft.pk) + "#block-1")
    draft.refresh_from_db()
    assert (draft.title, draft.report_to, draft.copies) == ("新标题", "市委", 10)
    assert [block["kind"] for block in draft.draft] == ["paragraph", "heading1", "table", "chart"]
    office.post(address("compose", draft.pk), sent(draft, order="add:heading2:4"))
    draft.refresh_from_db()
    assert draft.draft[-1] == {"kind": "heading2", "text": ""}
    assert office.post(address("compose", draft.pk), sent(draft, order="burn:1")).status_code == 422


def test_the_composer_saves_itself_in_the_background(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer)
    blocks = [
        {"kind": "paragraph", "text": "应报【应报单位数】个"},
        {"kind": "paragraph", "text": "【没有】"},
    ]
    answer = office.post(address("compose", draft.pk), sent(draft, blocks), **JSON)
    assert answer.status_code == 200
    assert answer.json() == {
        "version": draft.version + 1,
        "faults": ["", "没有名为“没有”的数据，请从数据目录中选取。"],
        "appearances": ["", ""],
        "fallen": [False, False],
        "hangings": ["始终出现", "始终出现"],
        "figures": [[["应报单位数", "3"]], []],
        "characters": len("应报3个【没有】"),
    }
    stale = office.post(address("compose", draft.pk), sent(draft, blocks), **JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "record_moved")
    fresh = sent(draft, blocks, version=draft.version + 1)
    wrong = office.post(address("compose", draft.pk), fresh | {"copies": "x"}, **JSON)
    assert wrong.status_code == 422
    assert wrong.json()["faults"][0].startswith("印数：")


def test_what_was_written_stays_on_the_page_when_it_cannot_be_saved(
    officer: Actor, office: Client, head: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer)
    head.post(address("compose", draft.pk), sent(draft, title="负责人改的"))
    mine = [{"kind": "paragraph", "text": "我写的一段话"}]
    answer = office.post(address("compose", draft.pk), sent(draft, mine))
    assert answer.status_code == 409
    assert "我写的一段话" in answer.content.decode()
    assert "标题，对方写的是：负责人改的" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "负责人改的"
    long = office.post(
        address("compose", draft.pk), sent(draft, [{"kind": "paragraph", "text": "长" * 10_001}])
    )
    assert long.status_code == 422
    assert "长" * 10_001 in long.content.decode()
    nameless = office.post(address("compose", draft.pk), sent(draft, mine, title=""))
    assert (nameless.status_code, "我写的一段话" in nameless.content.decode()) == (422, True)


def test_the_flow_through_the_buttons(
    officer: Actor, office: Client, head: Client, month: MadeMonth, prints: None
) -> None:
    draft = make_draft(officer)
    where = address("briefing", draft.pk)
    assert "报批" in page_of(office, where)

    def press(client: Client, verb: str, **given: object) -> int:
        draft.refresh_from_db()
        return client.post(address(verb, draft.pk), {"version": draft.version} | given).status_code

    assert press(office, "submit") == 303
    assert press(office, "submit") == 409
    assert office.get(address("compose", draft.pk)).status_code == 303
    assert press(office, "take_back") == 303
    assert press(office, "submit") == 303
    assert press(office, "approve") == 403
    assert press(head, "return", reason="") == 422
    assert press(head, "return", reason="数据再核一遍") == 303
    assert "数据再核一遍" in page_of(office, address("compose", draft.pk))
    assert press(office, "submit") == 303
    assert press(head, "approve") == 303
    make_fact(month.early, month.trained, 50)
    assert "审批后数据有变化" in page_of(head, where)
    assert press(office, "issue") == 403
    assert press(head, "issue") == 303
    assert press(head, "issue") == 409
    draft.refresh_from_db()
    assert (draft.status, draft.issue_number) == ("issued", 1)
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = office.get(address("issued", draft.pk, kind))
        assert answer.content.startswith(start)
        assert "attachment" in answer["Content-Disposition"]


def test_a_draft_with_faults_cannot_be_submitted(officer: Actor, office: Client, month: MadeMonth) -> None:
    draft = make_draft(officer, blocks=[{"kind": "paragraph", "text": "【没有的数】"}])
    answer = office.post(address("submit", draft.pk), {"version": draft.version})
    assert answer.status_code == 422
    assert "没有名为“没有的数”的数据" in answer.content.decode()
    assert office.post(address("submit", draft.pk), {"version": "x"}).status_code == 422


def test_the_pages_of_a_draft_are_pictures_and_files(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth, prints: None
) -> None:
    draft = make_submitted(officer)
    shown = page_of(office, address("preview", draft.pk))
    first = shown.split('src="')[1].split('"')[0]
    answer = office.get(first)
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert office.get(first.replace("/1.png", "/99.png")).status_code == 404
    # Pages that are no longer kept are drawn again.
    assert office.get(address("page_picture", draft.pk, "0" * 64, 1)).content[:4] == b"\x89PNG"
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        file = office.get(address("draft", draft.pk, kind))
        assert file.content.startswith(start)
        assert "%E8%8D%89%E7%A8%BF" in file["Content-Disposition"]  # 草稿
    issued = make_frozen(officer, office_head)
    assert office.get(address("preview", issued.pk)).status_code == 409
    assert office.get(address("issued", draft.pk, "pdf")).status_code == 409


def test_a_missing_font_is_told_and_nothing_is_lost(
    officer: Actor, office: Client, month: MadeMonth, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_draft(officer)
    monkeypatch.setattr(fonts, "installed_faces", lambda _folders=(): ())
    assert "中文字体" in page_of(office, address("preview", draft.pk), 503)
    assert office.get(address("compose", draft.pk)).status_code == 200


def test_the_issued_page_shows_frozen_figures_as_links(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth, django_assert_max_num_queries: Any
) -> None:
    issued = make_frozen(officer, office_head)
    make_fact(month.early, month.trained, 500)
    # The office also reads who has signed for it, to whom it was sent, and what was corrected.
    with django_assert_max_num_queries(16):
        shown = page_of(office, address("briefing", issued.pk))
    link = address("figure", issued.pk, "facts.trained.month")
    assert f'<a class="fig" href="{link}" title="本月培训人次">13人次</a>' in shown
    assert "513人次" not in shown
    assert address("figure", issued.pk, "parts.1.progress") in shown  # a bar of the chart
    assert issued.content_digest in shown
    assert "style=" not in shown.split("<main")[1].split("</main>")[0]


def test_an_issued_text_cannot_break_out(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ briefing }}'
    blocks = [*BLOCKS, {"kind": "paragraph", "text": hostile}, {"kind": "heading1", "text": hostile}]
    shown = page_of(office, address("briefing", make_frozen(officer, office_head, blocks=blocks).pk))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "{{ briefing }}" in shown


def test_a_figure_opens_down_to_what_was_sent(
    officer: Actor, office_head: Actor, office: Client, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    shown = page_of(office, address("figure", issued.pk, "rates.on_time.percent"))
    assert "1 ÷ 3 = 33.3%" in shown
    assert shown.count("未计入</span>") == 2
    only = page_of(office, address("figure", issued.pk, "rates.on_time.percent") + "?counted=yes&q=早")
    assert ("早县" in only, "晚县" in only) == (True, False)
    path = page_of(office, address("record", issued.pk, 1, "rates.on_time.percent"))
    assert month.reports[0].submissions.get().digest in path
    assert "负责人丙审签" in path
    assert office.get(address("record", issued.pk, 9, "rates.on_time.percent")).status_code == 404


def test_who_may_not_see_a_record_sees_its_name_only(
    officer: Actor, office_head: Actor, liaison: Actor, signed_in: SignIn, month: MadeMonth
) -> None:
    issued = make_frozen(officer, office_head)
    unit = signed_in(liaison)
    shown = page_of(unit, address("figure", issued.pk, "facts.trained.month"))
    assert "早县" in shown
    assert shown.count("无权查看明细") == 2
    assert "逐层来源" not in shown
    assert unit.get(address("record", issued.pk, 1, "facts.trained.month")).status_code == 404


def test_the_review_page_offers_what_may_be_done(
    officer: Actor, office_head: Actor, office: Client, head: Client, month: MadeMonth, prints: None
) -> None:
    approved = make_approved(officer, office_head)
    where = address("briefing", approved.pk)
    assert "编号印发" not in page_of(office, where)
    offered = page_of(head, where)
    assert "编号印发" in offered
    assert "审批后数据有变化" not in offered
    assert OCTOBER.label in offered


def test_the_composer_sends_conditions_and_repetitions_with_every_block(
    officer: Actor, office: Client, month: MadeMonth
) -> None:
    draft = make_draft(officer)
    blocks = [{"kind": "paragraph", "text": "【单位】迟报。"}, {"kind": "table", "source": "table.rates"}]
    hung = {"verb": ["", "present"], "figure": ["", "【迟报单位数】"], "each": ["late", ""]}
    office.post(address("compose", draft.pk), sent(draft, blocks, **hung))
    draft.refresh_from_db()
    assert draft.draft == [blocks[0] | {"each": "late"}, blocks[1] | {"when": "present:迟报单位数"}]
    shown = page_of(office, address("compose", draft.pk))
    assert '<option value="late" selected>' in shown
    assert 'list="figure-names" value="迟报单位数"' in shown


def test_units_are_ticked_by_level_for_kinds_that_are_sent_to_units(office: Client, month: MadeMonth) -> None:
    shown = page_of(office, address("start"))
    addressed = shown.split('data-units-of="')[1].split('"')[0].split()
    assert "notice_red" in addressed
    assert "supervision_circular" in addressed
    assert not {"briefing", "minutes", "special_report"} & set(addressed)
    assert f'type="checkbox" name="units" value="{month.late.pk}"' in shown
