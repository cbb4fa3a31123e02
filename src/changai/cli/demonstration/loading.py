"""Loads the demonstration city with half a year of history; every row is made by the actions people use."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction

from changai.areas.accounts.models import Person
from changai.areas.assessments.models import Round
from changai.areas.schemes.models import SchemeVersion
from changai.cli.demonstration import publishing, settling
from changai.cli.demonstration.assessing import assess_last_year, begin_this_year
from changai.cli.demonstration.circulating import circulate, circulate_more
from changai.cli.demonstration.consulting import ask_experts, consult_on_next_year
from changai.cli.demonstration.earlier import bring_earlier_years
from changai.cli.demonstration.founding import (
    SIGN_INS,
    Town,
    found,
    found_evaluation_form,
    moment,
    propose_check,
)
from changai.cli.demonstration.handing_down import draft_next, plan_and_hand_down
from changai.cli.demonstration.history import Player
from changai.cli.demonstration.keeping import keep_house
from changai.cli.demonstration.people import PASSWORD
from changai.cli.demonstration.scene import Scene
from changai.core.periods import Month

SEED = 20_171
# The plan was under way when the city took the programme up: what falls due does so within the months played.
PLAN_BEGUN = 12


def _earlier(scene: Scene) -> None:
    """导入以前年度的数据"""
    last = scene.first.plus(-1)
    bring_earlier_years(scene.town, last.plus(-11), last, scene.random, at=moment(scene.first.first_on, 15))


def _consulting(scene: Scene) -> None:
    """下一年度指标体系征求意见、专家评权"""
    consult_on_next_year(scene)
    ask_experts(scene)


def _assessing(scene: Scene) -> None:
    """年度考核：自查、审核、评审、申诉、公示，印发通报和其他公文"""
    circulate_more(scene, assess_last_year(scene))
    begin_this_year(scene)


def _settling(scene: Scene) -> None:
    """本月：延期、批注、更正、待审核"""
    settling.settle(scene)


def _keeping(scene: Scene) -> None:
    """新开账号、意见建议、未接收的文件"""
    keep_house(scene)


Chapter = Callable[[Scene], None]
CHAPTERS: tuple[Chapter, ...] = (_earlier, _consulting, _assessing, _settling, _keeping)


def is_empty() -> bool:
    """Return whether nobody has an account yet, so that the city can be loaded."""
    return not Person.objects.exists()


def load(
    *,
    now: datetime,
    months: int = 6,
    chapters: Sequence[Chapter] = CHAPTERS,
    say: Callable[[str], None] = lambda _line: None,
) -> Town:
    """Load the city with `months` full months before `now`, the running one begun, and then its chapters.

    One transaction: a load that is broken off leaves nothing.
    """
    with transaction.atomic():
        scene = _load(now, months, Random(SEED), say)  # noqa: S311 - a city, not a key
        for chapter in chapters:
            say(f"{(chapter.__doc__ or '').strip()}……")
            chapter(scene)
    _leave_sign_ins()
    return scene.town


def _load(now: datetime, months: int, random: Random, say: Callable[[str], None]) -> Scene:
    running = Month.of(now.date())
    first = running.plus(-months)
    say("建立组织机构、账号、数据项目录……")
    town = found(at=moment(first.first_on, 8))
    say("上传方案、分解任务、单位认领……")
    plan_and_hand_down(town, first, random, begun=running.plus(-PLAN_BEGUN))
    player = Player(town, random)
    year = running.plus(-1).year
    version = publishing.issue_indicator_system(
        town, year, since=running.plus(-13).first_on, at=moment(first.first_on, 10) + timedelta(days=20)
    )
    publishing.set_targets(town, player, first, at=moment(first.first_on, 11) + timedelta(days=20))
    for month in first.until(running.plus(-1)):
        say(f"{month.label}：填报、审签、审核……")
        if month == running.plus(-2):
            found_evaluation_form(town, at=moment(month.first_on))
        player.play(month)
        if month > running.plus(-3):
            round_ = _publish(town, version, (first, month), random)
            if month == running.plus(-1):
                circulate(town, month, round_, at=moment(running.first_on.replace(day=13), 9))
    player.begin(running, now, kept=settling.KEPT)
    propose_check(town, at=now - timedelta(hours=7))
    publishing.draft(town, running.plus(-1), None, at=now - timedelta(hours=6))
    draft_next(town, running.plus(-PLAN_BEGUN), at=now - timedelta(hours=5))
    return Scene(town, player, random, now, first, running, version)


def _publish(town: Town, version: SchemeVersion, span: tuple[Month, Month], random: Random) -> Round:
    at = moment(span[1].plus(1).first_on.replace(day=13))
    rounds = [
        publishing.assess(town, version, category, span, random, at=at)
        for category in ("县区", "成员单位", "直属企业")
    ]
    publishing.issue(town, span[1], rounds[0], at=at + timedelta(hours=6))
    return rounds[0]


def _leave_sign_ins() -> None:
    """Leave the sign-ins where the sign-in page of a demonstration looks for them."""
    people = {person.login: person for person in Person.objects.select_related("unit")}
    left = [
        {
            "post": post,
            "name": people[login].name,
            "unit": str(people[login].unit or ""),
            "login": login,
            "password": password,
        }
        for post, login, password in sign_ins()
    ]
    settings.DEMONSTRATION_SIGN_INS.write_text(json.dumps(left, ensure_ascii=False), encoding="utf-8")


def sign_ins() -> list[tuple[str, str, str]]:
    """Return (post, login, password), one for each post."""
    return [(str(role.label), login, PASSWORD) for role, login in SIGN_INS]
