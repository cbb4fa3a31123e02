"""Next year's indicator system: a draft out for comment, and experts who weigh its indicators."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from changai.areas.accounts.models import Person
from changai.areas.assessments.actions import hand_in_pairs, judge_pairs, open_weighing
from changai.areas.assessments.models import Expert, Weighing
from changai.areas.assessments.queries import sibling_groups
from changai.areas.organisations.models import Level
from changai.areas.schemes.actions import (
    Named,
    add_comment,
    circulate_draft,
    decide_comment,
    send_answer,
    sign_answer,
    start_scheme,
    weigh_indicators,
)
from changai.areas.schemes.models import Answer, Comment, Consultation, SchemeVersion
from changai.cli.demonstration.scene import Scene

LETTER = "请结合本单位实际，对指标设置、分值和评分标准提出意见；没有意见也请反馈。"
EXPERTS = ("office-head", "inspector", "m13-head", "e01-head", "c01-head")
# Who says what about which indicator; the first is decided already.
SAID = (
    ("C02", "2.1.2", "企业开班周期长，按月取证比例波动大，建议按全年累计计算。", "按全年累计取证比例计分"),
    ("C03", "4.1.2", "城区驿站已基本饱和，建议把改造提升也计入。", "新建或改造提升一个得1分，最高5分"),
    ("C06", "4.1.2", "建议驿站改造提升同样计分。", ""),
    ("M13", "2.1.1", "建议注明培训人次不重复计算。", ""),
)
SILENT = ("C05", "C08", "E02")


def consult_on_next_year(scene: Scene) -> Consultation:
    """Return the consultation on next year's draft: some units have answered, one answer waits for its head."""
    town, at = scene.town, scene.ago(days=6)
    draft = _draft(scene)
    asked = [*town.of_level(Level.COUNTY), *town.of_level(Level.ENTERPRISE), town.units["M13"]]
    sent = circulate_draft(
        town.office,
        draft.pk,
        unit_ids=[unit.pk for unit in asked],
        due_on=(scene.now + timedelta(days=9)).date(),
        letter=LETTER,
        is_signed=True,
        version=draft.version,
        at=at,
    )
    comments = [_say(scene, sent, *said) for said in SAID]
    for code in SILENT:
        _send(scene, _answer(sent, code), has_no_comment=True)
    _say(scene, sent, "C01", "3.1.1", "竞赛由市级统一组织，县区只能配合，建议降低分值。", "", is_signed=False)
    reason = "按月比例受开班周期影响较大，改为按全年累计计算，修改稿一并调整"
    decide_comment(
        town.office,
        comments[0].pk,
        decision="adopted",
        reason=reason,
        version=comments[0].version,
        at=scene.ago(days=1),
    )
    return sent


def _draft(scene: Scene) -> SchemeVersion:
    year = scene.version.year + 1
    named = Named(scene.version.name, year, "1.0")
    draft = start_scheme(scene.town.office, named, copied=scene.version.pk, at=scene.ago(days=8))
    points = {"2.1.1": Fraction(13), "2.1.2": Fraction(12)}
    return weigh_indicators(
        scene.town.office, draft.pk, 0, points, version=draft.version, at=scene.ago(days=7)
    )


def _answer(sent: Consultation, code: str) -> Answer:
    return Answer.objects.get(consultation=sent, unit__code=code)


def _say(
    scene: Scene,
    sent: Consultation,
    code: str,
    node: str,
    text: str,
    proposed: str,
    *,
    is_signed: bool = True,
) -> Comment:
    answer = _answer(sent, code)
    comment = add_comment(
        scene.town.liaison(code),
        answer.pk,
        category="县区",
        code=node,
        text=text,
        proposed=proposed,
        version=answer.version,
        at=scene.ago(days=3),
    )
    answer.refresh_from_db()
    _send(scene, answer, has_no_comment=False, is_signed=is_signed)
    comment.refresh_from_db()
    return comment


def _send(scene: Scene, answer: Answer, *, has_no_comment: bool, is_signed: bool = True) -> None:
    code = answer.unit.code
    answer = send_answer(
        scene.town.liaison(code),
        answer.pk,
        has_no_comment=has_no_comment,
        version=answer.version,
        at=scene.ago(days=2, hours=6),
    )
    if is_signed:
        sign_answer(scene.town.unit_head(code), answer.pk, version=answer.version, at=scene.ago(days=2))


def ask_experts(scene: Scene) -> Weighing:
    """Return the weighing of the counties' table: some experts have judged, the others have it to do."""
    people = {person.login: person.pk for person in Person.objects.filter(login__in=EXPERTS)}
    weighing = open_weighing(
        scene.town.office,
        scene.version.pk,
        category="县区",
        person_ids=list(people.values()),
        due_on=(scene.now + timedelta(days=7)).date(),
        at=scene.ago(days=5),
    )
    for login in EXPERTS[2:4]:
        _weigh(scene, weighing, login, people[login])
    return weighing


def _weigh(scene: Scene, weighing: Weighing, login: str, person_id: int) -> None:
    """Let an expert judge: what stands higher in the table matters about as much or somewhat more."""
    expert = Expert.objects.get(weighing=weighing, person=person_id)
    steps: Sequence[int] = (0, 1, 1, 2)
    given: dict[tuple[str, str], int | None] = {
        pair: scene.random.choice(steps) for group in sibling_groups(weighing) for pair in group.pairs
    }
    actor = scene.town.actors[login]
    expert = judge_pairs(actor, weighing.pk, given=given, version=expert.version, at=scene.ago(days=3))
    hand_in_pairs(actor, weighing.pk, version=expert.version, at=scene.ago(days=3))
