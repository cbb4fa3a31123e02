"""Papers on their way between the office and a county: a circular, a notice to sign for, a draft to countersign."""

from datetime import datetime, timedelta

from changai.areas.assessments.models import Round
from changai.areas.briefings.actions import (
    approve_briefing,
    ask_countersigns,
    correct_paper,
    freeze_briefing,
    number_letters,
    receive_paper,
    start_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import catalogue_for, letter_blocks, letters_title, worded
from changai.areas.briefings.rules import ASKED, LETTERS, PAPER_KINDS, fitted
from changai.areas.organisations.models import Level, Unit
from changai.areas.organisations.queries import city
from changai.cli.demonstration.founding import Town
from changai.cli.demonstration.scene import Scene
from changai.core.periods import Month

RECEIVED = ("c02", "c03", "c05", "c06", "c08", "m13", "e01", "e02")
MINUTES = (
    {"kind": "paragraph", "text": "协调小组召开会议，听取产改工作进展情况汇报，研究下一步工作。现纪要如下。"},
    {
        "kind": "paragraph",
        "text": "会议指出，截至{month}底，全市已认领任务【已认领任务数】项，到期任务完成率【到期任务完成率】，"
        "累计开展技能培训【累计技能培训人次】，工作总体平稳。",
    },
    {"kind": "heading1", "text": "关于滞后任务"},
    {
        "kind": "paragraph",
        "text": "会议要求，【滞后任务单位名单】要查明原因，逐项明确完成时限，由办公室跟踪督办。",
    },
    {"kind": "heading1", "text": "关于服务阵地"},
    {"kind": "paragraph", "text": "会议同意把户外劳动者驿站接入市级服务地图，由市商务局牵头，年底前完成。"},
)
LETTER = (
    {"kind": "paragraph", "text": "现就集体合同续签工作函告如下。"},
    {"kind": "heading1", "text": "有关情况"},
    {
        "kind": "paragraph",
        "text": "据月报，你区部分企业集体合同将在两个月内到期，已签集体合同企业数连续两个月没有增加。",
    },
    {"kind": "heading1", "text": "有关意见"},
    {
        "kind": "paragraph",
        "text": "请逐户提醒到期企业提前协商、及时续签；协商有困难的，可请市总工会派集体协商指导员。",
    },
)
WRITTEN = "你单位承担的职业技能等级认定任务需要加快，请按实施方案要求抓紧推进。"


def circulate(town: Town, month: Month, round_: Round, *, at: datetime) -> None:
    """Issue a supervision circular and a yellow notice to the first county, and ask it to countersign a draft."""
    county = town.of_level(Level.COUNTY)[0]
    _issue(town, _started(town, "supervision_circular", month, None, (), at=at), at=at)
    _issue(town, _started(town, "notice_yellow", month, None, (county,), at=at), at=at)
    draft = _started(town, "assessment_circular", month, round_, (), at=at + timedelta(hours=1))
    ask_countersigns(town.office, draft.pk, unit_ids=(county.pk,), at=at + timedelta(hours=2))


def circulate_more(scene: Scene, yearly: Round) -> None:
    """Issue papers of more kinds with receipts and a correction, and leave one for the head to approve."""
    town, month, at = scene.town, scene.running.plus(-1), scene.ago(days=4)
    circular = _started(town, "assessment_circular", month, yearly, (), at=at)
    circular = _issue(town, circular, at=at)
    for code in RECEIVED:
        receive_paper(town.liaison(code), circular.pk, at=at + timedelta(hours=6))
    correct_paper(
        town.head,
        circular.pk,
        place="“有关要求”第一段",
        printed="可在规定期限内提出申诉",
        right="公示期满后不再受理申诉，确有新证据的书面反映",
        reason="事实确认和申诉已在公示前办结，原文沿用了模板",
        at=at + timedelta(days=1),
    )
    _feed_back(town, yearly, at=at + timedelta(days=2))
    for key in ("digest", "leader"):
        _issue(
            town, _started(town, key, month, None, (), at=at + timedelta(hours=1)), at=at + timedelta(hours=1)
        )
    minutes = _started(town, "minutes", month, None, (), blocks=MINUTES, at=at + timedelta(hours=2))
    _issue(town, minutes, at=at + timedelta(hours=2))
    to = (town.of_level(Level.COUNTY)[5],)
    title = "关于做好集体合同续签工作的提示函"
    letter = _started(
        town, "reminder", month, None, to, blocks=LETTER, title=title, at=at + timedelta(hours=3)
    )
    letter = _issue(town, letter, at=at + timedelta(hours=3))
    receive_paper(town.liaison(to[0].code), letter.pk, at=at + timedelta(hours=9))
    report = _started(town, "special_report", month, None, (), at=scene.ago(days=1))
    head = {"recipients": "省产业工人队伍建设改革协调小组办公室", "signers": "钱明远"}
    report = write_briefing(
        town.office,
        report.pk,
        title=report.title,
        blocks=report.draft,
        imprint=head,
        version=report.version,
        at=scene.ago(hours=22),
    )
    submit_briefing(town.office, report.pk, version=report.version, at=scene.ago(hours=20))


def _feed_back(town: Town, round_: Round, *, at: datetime) -> None:
    """Order the feedback letters to all units of a round; the job writes them."""
    wording = start_briefing(
        town.office,
        title=letters_title(round_),
        month=Month.of(round_.last_month),
        kind=LETTERS,
        round_id=round_.pk,
        blocks=letter_blocks(town.office, round_, as_of=at),
        at=at,
    )
    submitted = submit_briefing(town.office, wording.pk, version=wording.version, at=at)
    approved = approve_briefing(town.head, wording.pk, version=submitted.version, at=at)
    number_letters(town.head, wording.pk, version=approved.version, at=at + timedelta(hours=1))


def _started(
    town: Town,
    key: str,
    month: Month,
    round_: Round | None,
    units: tuple[Unit, ...],
    *,
    title: str = "",
    blocks: tuple[dict[str, str], ...] = (),
    at: datetime,
) -> Briefing:
    kind, ids = PAPER_KINDS[key], tuple(unit.pk for unit in units)
    catalogue = catalogue_for(town.office, month, round_=round_, as_of=at, units=frozenset(ids))
    template = blocks or kind.template
    return start_briefing(
        town.office,
        title=title or worded(kind.title, city(), month.label),
        month=month,
        kind=key,
        unit_ids=ids,
        round_id=round_.pk if round_ else None,
        blocks=[
            _written(block) for block in fitted(template, catalogue.names, catalogue.drawn, month=month.label)
        ],
        at=at,
    )


def _written(block: dict[str, str]) -> dict[str, str]:
    """Return a template's block with what only people can write."""
    return block | {"text": WRITTEN} if any(words in block.get("text", "") for words in ASKED) else block


def _issue(town: Town, paper: Briefing, *, at: datetime) -> Briefing:
    """Issue a paper without keeping its files: they are drawn from the frozen content when somebody asks."""
    paper = submit_briefing(town.office, paper.pk, version=paper.version, at=at + timedelta(hours=1))
    paper = approve_briefing(town.head, paper.pk, version=paper.version, at=at + timedelta(hours=2))
    return freeze_briefing(town.head, paper.pk, version=paper.version, at=at + timedelta(hours=3))
