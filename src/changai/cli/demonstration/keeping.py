"""What keeps an installation busy: new accounts, failed sign-ins, suggestions, a file that was not taken in."""

from contextlib import suppress

from changai.areas.accounts.actions import grant_post, note_failed_sign_in, open_account
from changai.areas.evidence.actions import keep_file
from changai.areas.portal.actions import answer_suggestion, make_suggestion
from changai.cli.demonstration.scene import Scene
from changai.core.errors import Unreadable
from changai.foundation.actors import Role, visitor

ADDRESS = "10.0.8.21"
ANSWERED = (
    "月报里的集体合同数每季度已经在备案系统报过，建议直接取数，不要重复填报。",
    "意见收悉。已列入下一版报表修订，集体合同数改由备案系统导入，届时不再由县区填报。",
)
WAITING = (
    "示东区中心广场附近的户外劳动者驿站中午锁门，希望午休时间也开放。",
    "培训班开班信息能否提前一周公布，方便倒班职工报名。",
)


def keep_house(scene: Scene) -> None:
    """Leave something to do for the three administrators, and suggestions for the office."""
    town = scene.town
    open_account(town.actors["system"], login="m13-liaison2", name="人社局新任联络员", at=scene.ago(hours=3))
    granted, _password = open_account(
        town.actors["system"], login="c14-liaison2", name="示原县新任联络员", at=scene.ago(hours=3)
    )
    grant_post(
        town.actors["security"],
        granted.pk,
        version=granted.version,
        role=Role.UNIT_LIAISON,
        unit_id=town.units["C14"].pk,
        at=scene.ago(minutes=20),
    )
    for minutes in (14, 13):
        note_failed_sign_in(
            visitor(ADDRESS), login="e07-liaison", is_locked=False, at=scene.ago(minutes=minutes)
        )
    _suggest(scene)
    with suppress(Unreadable):  # what is refused stays to be looked at
        keep_file(
            town.liaison("C06"),
            unit_id=town.units["C06"].pk,
            name="竞赛现场照片.docx",
            content=b"\xff\xd8\xff\xe0 a photograph under the name of a document",
            at=scene.ago(hours=6),
        )


def _suggest(scene: Scene) -> None:
    said, answer = ANSWERED
    made = make_suggestion(visitor(""), text=said, contact="", address=ADDRESS, at=scene.ago(days=9))
    answer_suggestion(scene.town.office, made.pk, version=made.version, answer=answer, at=scene.ago(days=8))
    for days, text in enumerate(WAITING, start=1):
        make_suggestion(visitor(""), text=text, contact="", address=ADDRESS, at=scene.ago(days=days))
