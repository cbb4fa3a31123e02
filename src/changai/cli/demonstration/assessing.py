"""Two rounds of the full course: last year's, objected to and published, and one in which units check themselves."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from changai.areas.accounts.models import Person
from changai.areas.assessments.actions import (
    OwnPoints,
    Verdict,
    accept_reply,
    ask_bands,
    ask_exemption,
    ask_units,
    close_confirmation,
    confirm_facts,
    freeze_round,
    give_own_points,
    give_panel_points,
    hand_in_self_check,
    name_panelist,
    open_round,
    publish_round,
    raise_objection,
    reply_to_objection,
    review_figures,
    score_round,
    settle_doubt,
    settle_exemption,
    start_notice,
)
from changai.areas.assessments.models import LeafOwner, Objection, Participant, Round
from changai.areas.assessments.queries import assessed_units, full_marks, judgements
from changai.areas.evidence.actions import keep_file
from changai.areas.organisations.models import Unit
from changai.cli.demonstration import publishing
from changai.cli.demonstration.founding import Town, moment
from changai.cli.demonstration.papers import as_docx
from changai.cli.demonstration.scene import Scene
from changai.core.periods import Month
from changai.foundation.actors import Actor

CATEGORY = "县区"
PANEL = ("office", "office-head", "inspector")
PANEL_REASONS = (
    "经验材料被协调小组简报采用，做法可复制",
    "有亮点，实效数据还不充分",
    "机制完整，带动了周边县区",
)
UNREVIEWED = "归口单位的审核期已过，未审核的数据由月报取数，办公室已核对来源"
INNOVATIONS, LEDGER, TRAINING = "3.1.2", "1.2.1", "2.1.1"


def assess_last_year(scene: Scene) -> Round:
    """Return the published round of the twelve months before last month, with an objection upheld and one refused."""
    town, last = scene.town, scene.running.plus(-2)
    begun = moment(scene.running.plus(-1).first_on + timedelta(days=13))
    round_ = _opened(scene, f"{last.year}年度县区评价考核", last.plus(-11), last, begun)
    units = assessed_units(round_)
    _decide_exemption(town, round_, units[10], at=begun + timedelta(hours=2))
    round_ = _frozen(town, round_, at=begun + timedelta(hours=5))
    for unit in units:
        _check_itself(scene, round_, unit, at=begun + timedelta(days=1))
    _judge(scene, round_, PANEL, at=begun + timedelta(days=2))
    _review(town, round_, doubted=units[7], at=begun + timedelta(days=2, hours=2))
    round_ = score_round(town.office, round_.pk, version=_version(round_), at=begun + timedelta(days=3))
    asked = begun + timedelta(days=3, hours=2)
    round_ = ask_units(town.office, round_.pk, version=round_.version, at=asked, reason=UNREVIEWED)
    _object(town, round_, units, at=asked + timedelta(hours=20))
    for unit in units:
        if not Objection.objects.filter(round=round_, unit=unit).exists():
            confirm_facts(town.unit_head(unit.code), round_.pk, at=asked + timedelta(hours=22))
    round_.refresh_from_db()
    return _published(town, round_)


def _published(town: Town, round_: Round) -> Round:
    closed = _morning_after(round_.confirm_until)
    round_ = close_confirmation(town.office, round_.pk, at=closed)
    round_ = start_notice(town.head, round_.pk, version=round_.version, at=closed + timedelta(hours=2))
    published = _morning_after(round_.notice_until)
    round_ = publish_round(
        town.head,
        round_.pk,
        version=round_.version,
        at=published,
        announcement=publishing.ANNOUNCED[CATEGORY],
    )
    ask_bands(town.office, round_.pk, at=published + timedelta(hours=1))
    return round_


def begin_this_year(scene: Scene) -> Round:
    """Return the round that is going on: units check themselves, data owners review, a panel judges."""
    town, last = scene.town, scene.running.plus(-1)
    name = f"{last.year}年{last.number}月县区评价考核（近12个月）"
    round_ = _opened(scene, name, last.plus(-11), last, scene.ago(days=5))
    round_ = _frozen(town, round_, at=scene.ago(days=4))
    units = assessed_units(round_)
    for unit in units[1:7]:
        _check_itself(scene, round_, unit, at=scene.ago(days=3))
    _own_points(scene, round_, units[0], _marks(round_)[:7], at=scene.ago(days=1))
    _judge(scene, round_, PANEL[:1], at=scene.ago(days=2))
    for login in PANEL[1:]:
        _name(town, round_, login, at=scene.ago(days=2))
    owner = LeafOwner.objects.select_related("unit").get(round=round_, code=TRAINING)
    if owner.unit:
        verdicts = [Verdict(unit.pk, is_confirmed=True) for unit in units[1:6]]
        doubt = Verdict(units[6].pk, is_confirmed=False, reason="与培训名册结业人数相差较大，请核对后说明")
        review_figures(
            town.liaison(owner.unit.code),
            round_.pk,
            TRAINING,
            verdicts=[*verdicts, doubt],
            at=scene.ago(days=2),
        )
    return round_


def _opened(scene: Scene, name: str, first: Month, last: Month, at: datetime) -> Round:
    return open_round(
        scene.town.office,
        scene.version.pk,
        category=CATEGORY,
        name=name,
        first=first,
        last=last,
        course="full",
        days={"confirm": 3, "reply": 5, "review": 5, "notice": 5},
        at=at,
    )


def _frozen(town: Town, round_: Round, *, at: datetime) -> Round:
    return freeze_round(town.office, round_.pk, version=_version(round_), at=at)


def _version(round_: Round) -> int:
    return Round.objects.values_list("version", flat=True).get(pk=round_.pk)


def _decide_exemption(town: Town, round_: Round, unit: Unit, *, at: datetime) -> None:
    reason = "辖区内企业集体合同由上级园区统一签订，本级没有应签企业"
    asked = ask_exemption(town.liaison(unit.code), round_.pk, "4.2.1", reason=reason, at=at)
    decision = "辖区内有应签企业名单，不符合不适用的条件，照常考核"
    settle_exemption(
        town.office,
        asked.pk,
        is_granted=False,
        decision=decision,
        version=asked.version,
        at=at + timedelta(hours=2),
    )


def _marks(round_: Round) -> list[tuple[str, Decimal]]:
    return [(code, full) for code, (_name, full) in full_marks(round_).items()]


def _check_itself(scene: Scene, round_: Round, unit: Unit, *, at: datetime) -> None:
    part = _own_points(scene, round_, unit, _marks(round_), at=at)
    hand_in_self_check(
        scene.town.unit_head(unit.code), round_.pk, version=part.version, at=at + timedelta(hours=3)
    )


def _own_points(
    scene: Scene, round_: Round, unit: Unit, marks: Sequence[tuple[str, Decimal]], *, at: datetime
) -> Participant:
    part = Participant.objects.get(round=round_, unit=unit)
    shares = [Decimal(scene.random.choice(("1", "1", "0.95", "0.9", "0.8"))) for _mark in marks]
    given = [
        OwnPoints(
            code, (full * share).quantize(Decimal("0.1")), "" if share == 1 else "个别月份进度偏慢，已补上"
        )
        for (code, full), share in zip(marks, shares, strict=True)
    ]
    return give_own_points(scene.town.liaison(unit.code), round_.pk, given=given, version=part.version, at=at)


def _name(town: Town, round_: Round, login: str, *, at: datetime) -> Actor:
    person = Person.objects.get(login=login)
    name_panelist(town.office, round_.pk, person_id=person.pk, at=at)
    return town.actors[login]


def _judge(scene: Scene, round_: Round, panel: Sequence[str], *, at: datetime) -> None:
    """Let a panel judge every item; blind to each other they lie about half a point apart."""
    items = judgements(round_)
    marks = [scene.random.uniform(0.55, 0.95) for _item in items]
    for actor in [_name(scene.town, round_, login, at=at) for login in panel]:
        for item, mark in zip(items, marks, strict=True):
            most = float(item.leaf.points)
            value = Decimal(round(min(most, most * mark + scene.random.choice((-0.5, 0, 0, 0.5))) * 2)) / 2
            give_panel_points(
                actor,
                round_.pk,
                item.unit.pk,
                item.field,
                value=value,
                reason=scene.random.choice(PANEL_REASONS),
                version=0,
                at=at + timedelta(hours=1),
            )


def _review(town: Town, round_: Round, *, doubted: Unit, at: datetime) -> None:
    """Let the owner of the training figures confirm all but one; the office settles the doubt."""
    owner = LeafOwner.objects.select_related("unit").get(round=round_, code=TRAINING)
    actor = town.liaison(owner.unit.code) if owner.unit else town.office
    verdicts = [
        Verdict(
            unit.pk,
            is_confirmed=unit != doubted,
            reason="" if unit != doubted else "与部门台账相差 60 人次，请核对",
        )
        for unit in assessed_units(round_)
    ]
    kept = review_figures(actor, round_.pk, TRAINING, verdicts=verdicts, at=at)
    doubt = next(row for row in kept if row.is_open_doubt)
    settlement = "已逐班核对名册，相差部分为次月结业班次，以名册为准"
    settle_doubt(
        town.office, doubt.pk, settlement=settlement, version=doubt.version, at=at + timedelta(hours=4)
    )


def _object(town: Town, round_: Round, units: Sequence[Unit], *, at: datetime) -> None:
    """Let two units object: one shows what was left out and is upheld, the other accepts the reply."""
    upheld, refused = units[2], units[4]
    proof = keep_file(
        town.liaison(upheld.code),
        unit_id=upheld.pk,
        name="创新成果应用证明.docx",
        content=as_docx("创新成果应用证明\n兹证明以下两项职工创新成果已在生产中应用，经济效益见附表。"),
        at=at,
    )
    objection = raise_objection(
        town.liaison(upheld.code),
        round_.pk,
        INNOVATIONS,
        grounds="有两项成果年初已在企业应用，因企业更名未计入，现附企业出具的应用证明，请予补计。",
        evidence_ids=[proof.pk],
        at=at,
    )
    counted = next(
        row["value"]
        for row in round_.frozen_facts
        if row["unit"] == upheld.code and row["field"] == "innovation_applied"
    )
    objection = reply_to_objection(
        town.office,
        objection.pk,
        reply="经核对企业证明和现场照片，两项成果均在考核期内应用，予以补计。",
        values={"innovation_applied": str(Decimal(counted or 0) + 2)},
        version=objection.version,
        at=at + timedelta(hours=5),
    )
    accept_reply(
        town.liaison(upheld.code), objection.pk, version=objection.version, at=at + timedelta(hours=6)
    )
    other = raise_objection(
        town.liaison(refused.code),
        round_.pk,
        LEDGER,
        grounds="当月停电影响报送，请求不计迟报，已在事后补报说明。",
        at=at + timedelta(hours=1),
    )
    other = reply_to_objection(
        town.office,
        other.pk,
        reply="停电当日可申请延期而未申请，且未在受理期内报出，按规则计迟报。",
        values={},
        version=other.version,
        at=at + timedelta(hours=6),
    )
    accept_reply(town.liaison(refused.code), other.pk, version=other.version, at=at + timedelta(hours=8))


def _morning_after(day: date | None) -> datetime:
    if day is None:
        raise ValueError("the round has no such day yet")
    return moment(day + timedelta(days=1))
