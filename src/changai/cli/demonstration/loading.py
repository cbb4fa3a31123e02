"""Loads the demonstration city with a year of history; every row is made by the actions people use."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.db import transaction

from changai.areas.accounts.models import Person
from changai.areas.assessments.models import Round
from changai.areas.schemes.models import SchemeVersion
from changai.cli.demonstration import publishing
from changai.cli.demonstration.circulating import circulate
from changai.cli.demonstration.founding import SIGN_INS, Town, found, moment, propose_check
from changai.cli.demonstration.handing_down import draft_next, plan_and_hand_down
from changai.cli.demonstration.history import Player
from changai.cli.demonstration.people import PASSWORD
from changai.core.periods import Month

SEED = 20_171


def is_empty() -> bool:
    """Return whether nobody has an account yet, so that the city can be loaded."""
    return not Person.objects.exists()


def load(*, now: datetime, months: int = 12, say: Callable[[str], None] = lambda _line: None) -> Town:
    """Load the city with `months` full months before `now` and the running one begun.

    One transaction: a load that is broken off leaves nothing.
    """
    with transaction.atomic():
        town = _load(now, months, Random(SEED), say)  # noqa: S311 - a city, not a key
    _leave_sign_ins()
    return town


def _load(now: datetime, months: int, random: Random, say: Callable[[str], None]) -> Town:
    running = Month.of(now.date())
    first = running.plus(-months)
    say("建立组织机构、账号、数据项目录……")
    town = found(at=moment(first.first_on, 8))
    say("上传方案、分解任务、单位认领……")
    plan_and_hand_down(town, first, random)
    player = Player(town, random)
    year = running.plus(-1).year
    version = publishing.issue_indicator_system(
        town, year, at=moment(first.first_on, 10) + timedelta(days=20)
    )
    publishing.set_targets(town, player, first, at=moment(first.first_on, 11) + timedelta(days=20))
    for month in first.until(running.plus(-1)):
        say(f"{month.label}：填报、审签、审核……")
        player.play(month)
        if month > running.plus(-4):
            round_ = _publish(town, version, (first, month), random)
            if month == running.plus(-1):
                circulate(town, month, round_, at=moment(running.first_on.replace(day=13), 9))
    player.begin(running, now)
    propose_check(town, at=now - timedelta(hours=7))
    publishing.draft(town, running.plus(-1), None, at=now - timedelta(hours=6))
    draft_next(town, first, at=now - timedelta(hours=5))
    return town


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
