"""What a unit asked to countersign reads: what it was asked about, while it is asked; of letters no unit's figures."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import actor_for
from changai.areas.assessments.models import Round
from changai.areas.briefings import queries
from changai.areas.briefings.actions import (
    answer_countersign,
    approve_briefing,
    ask_countersigns,
    cancel_briefing,
    freeze_briefing,
    keep_opinions,
    restore_briefing,
    return_briefing,
    start_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules import named_blocks
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth
from changai.areas.briefings.tests.test_letters import make_wording
from changai.areas.organisations.models import Unit
from changai.documents import paper as papers
from changai.foundation.actors import Actor, Role
from changai.foundation.notices.models import Notice

SignIn = Callable[[Actor], Client]
ASKED, LATER = "只请会签单位看的话。", "会签后加写的话。"


def make_reminder(officer: Actor, unit: Unit) -> Briefing:
    """Start a letter that only one unit will read."""
    blocks = [{"kind": "paragraph", "text": ASKED}]
    given = {"kind": "reminder", "unit_ids": (unit.pk,), "blocks": blocks, "month": OCTOBER, "at": WRITTEN}
    return start_briefing(officer, title="原来的标题", **given)


def rewrite(officer: Actor, paper: Briefing) -> Briefing:
    blocks = [*paper.draft, {"kind": "paragraph", "text": LATER}]
    given = {"imprint": {}, "version": paper.version, "at": WRITTEN}
    return write_briefing(officer, paper.pk, title="后来的标题", blocks=blocks, **given)


def issue(officer: Actor, office_head: Actor, paper: Briefing) -> Briefing:
    paper = submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    paper = approve_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)
    return freeze_briefing(office_head, paper.pk, version=paper.version, at=WRITTEN)


@pytest.mark.django_db
def test_a_unit_reads_a_private_letter_only_while_it_is_asked_about_it(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    head = actor_for(Role.UNIT_HEAD, month.late)
    letter = make_reminder(officer, month.early)
    ask_countersigns(officer, letter.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    unit, address = signed_in(head), reverse("briefings:countersign", args=[letter.pk])

    def page() -> str:
        return unit.get(address).content.decode()

    assert ASKED in page()
    assert "提交会签意见" in page()
    answer_countersign(head, letter.pk, answer="opinion", words="请再核实。", at=WRITTEN)
    assert ASKED in page()  # what it was answered on
    rewrite(officer, letter)
    letter.refresh_from_db()
    hidden = page()
    assert "请再核实。" in hidden
    assert "这里不再显示" in hidden
    assert not any(words in hidden for words in (ASKED, LATER, "后来的标题", "提交会签意见"))
    ask_countersigns(officer, letter.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    assert LATER in page()
    answer_countersign(head, letter.pk, answer="agreed", at=WRITTEN)
    letter.refresh_from_db()
    letter = issue(officer, office_head, letter)
    closed = page()
    assert "本单位不是收文单位" in closed
    assert ASKED not in closed
    assert f'href="{reverse("briefings:briefing", args=[letter.pk])}"' not in closed


@pytest.mark.django_db
def test_nothing_of_an_approved_or_cancelled_paper_is_shown_and_a_restored_one_is_asked_again(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    agreed, asked = (actor_for(Role.UNIT_HEAD, unit) for unit in (month.late, month.silent))
    letter = make_reminder(officer, month.early)
    ask_countersigns(officer, letter.pk, unit_ids=(month.late.pk,), at=WRITTEN)
    answer_countersign(agreed, letter.pk, answer="agreed", at=WRITTEN)
    letter = submit_briefing(officer, letter.pk, version=letter.version, at=WRITTEN)
    letter = approve_briefing(office_head, letter.pk, version=letter.version, at=WRITTEN)
    address = reverse("briefings:countersign", args=[letter.pk])
    approved = signed_in(agreed).get(address).content.decode()
    assert "会签结束" in approved
    assert ASKED not in approved
    letter = return_briefing(office_head, letter.pk, reason="再问一家", version=letter.version, at=WRITTEN)
    ask_countersigns(officer, letter.pk, unit_ids=(month.silent.pk,), at=WRITTEN)
    letter = cancel_briefing(officer, letter.pk, reason="不要了", version=letter.version, at=WRITTEN)
    for head in (agreed, asked):
        page = signed_in(head).get(address).content.decode()
        assert "不用会签" in page
        assert ASKED not in page
    restore_briefing(officer, letter.pk, version=letter.version, at=WRITTEN)
    again = Notice.objects.filter(sentence__endswith="已恢复办理，请会签。")
    assert [(each.unit_id, each.role, each.link) for each in again] == [
        (month.silent.pk, Role.UNIT_HEAD, address)
    ]
    assert ASKED in signed_in(asked).get(address).content.decode()


@pytest.mark.django_db
def test_who_may_read_the_issued_paper_is_led_to_it_as_it_was_issued(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: SignIn
) -> None:
    head = actor_for(Role.UNIT_HEAD, month.early)
    letter = make_reminder(officer, month.early)
    ask_countersigns(officer, letter.pk, unit_ids=(month.early.pk,), at=WRITTEN)
    answer_countersign(head, letter.pk, answer="agreed", at=WRITTEN)
    letter = rewrite(officer, letter)
    keep_opinions(officer, letter.pk, reason="只加一句。", at=WRITTEN)
    letter = issue(officer, office_head, letter)
    page = signed_in(head).get(reverse("briefings:countersign", args=[letter.pk])).content.decode()
    assert f'href="{reverse("briefings:briefing", args=[letter.pk])}"' in page
    assert "后来的标题" in page
    assert ASKED not in page


@pytest.mark.django_db
def test_the_common_text_of_letters_is_countersigned_without_any_units_figures(
    officer: Actor, month: MadeMonth, round_: Round, signed_in: SignIn
) -> None:
    wording = make_wording(officer, round_)
    sample = queries.sample_of(wording)
    asked = next(unit for unit in (month.early, month.late) if unit.pk != sample.unit.pk)
    ask_countersigns(officer, wording.pk, unit_ids=(asked.pk,), at=WRITTEN)
    head = actor_for(Role.UNIT_HEAD, asked)
    shown = signed_in(head).get(reverse("briefings:countersign", args=[wording.pk]))
    paper = shown.context["paper"]
    assert not list(papers.figures(paper))
    page = shown.content.decode()
    assert sample.name not in page
    assert "【本单位得分】" in page
    assert "提交会签意见" in page
    wording.refresh_from_db()
    assert any(block["kind"] == "table" for block in wording.draft)  # only the shown copy has words for it


@pytest.mark.django_db
@pytest.mark.usefixtures("month")
def test_the_sample_a_common_text_was_approved_with_is_no_file(
    officer: Actor, office_head: Actor, round_: Round, signed_in: SignIn
) -> None:
    wording = make_wording(officer, round_)
    wording = submit_briefing(officer, wording.pk, version=wording.version, at=WRITTEN)
    wording = approve_briefing(office_head, wording.pk, version=wording.version, at=WRITTEN)
    Briefing.objects.filter(pk=wording.pk).update(status="issued", year=2026, issued_at=WRITTEN)
    address = reverse("briefings:issued", args=[wording.pk, "docx"])
    for reader in (officer, actor_for(Role.LEADER)):
        refused = signed_in(reader).get(address)
        assert refused.status_code == 409
        assert "统一稿本身不印发" in refused.content.decode()


def test_a_draft_in_words_hangs_on_nothing_and_draws_nothing() -> None:
    draft = [
        {"kind": "paragraph", "text": "迟报【迟报单位数】个。", "when": "present:迟报单位数"},
        {"kind": "paragraph", "text": "【单位】要抓紧。", "each": "late"},
        {"kind": "table", "source": "table.rates", "when": "absent:迟报单位数"},
        {"kind": "picture", "source": "a", "text": "图", "when": "present:迟报单位数"},
    ]
    assert named_blocks(draft, {"table.rates": "报送情况表"}) == [
        {"kind": "paragraph", "text": "迟报【迟报单位数】个。〔有迟报单位数时〕"},
        {"kind": "paragraph", "text": "【单位】要抓紧。〔每个迟报单位一段〕"},
        {"kind": "paragraph", "text": "（表：报送情况表〔没有迟报单位数时〕）"},
        {"kind": "picture", "source": "a", "text": "图"},
    ]
