"""Taking in a picture for a paper."""

from datetime import datetime

from changai.areas.briefings.policies import require
from changai.areas.briefings.queries import briefing_for
from changai.areas.briefings.rules.picturing import PictureSource
from changai.areas.evidence.actions import keep_file
from changai.documents.intake.pictures import read_picture
from changai.documents.pictures import extension
from changai.foundation.actors import Actor
from changai.foundation.quarantine import refusals_kept

_LONGEST_STEM = 60


def keep_picture(actor: Actor, briefing_id: int, *, name: str, content: bytes, at: datetime) -> PictureSource:
    """Clean an uploaded picture, keep it as a file of the office, and return what a draft names it by.

    :raises Unreadable: when it is no picture, damaged or too large
    """
    require(actor, "briefing.edit")
    briefing_for(actor, briefing_id)
    with refusals_kept(actor, name=name, content=content, at=at):
        clean = read_picture(content, name=name)
    stem = name.rpartition(".")[0][-_LONGEST_STEM:] or "图片"
    file = f"{stem}.{extension(clean.content)}"
    keep_file(actor, unit_id=actor.unit_id or 0, name=file, content=clean.content, at=at)
    return PictureSource(clean.digest, clean.width, clean.height)
