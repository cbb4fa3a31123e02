"""The long work on papers behind the page."""

from datetime import datetime, timedelta

from changai.areas.briefings.actions import write_letters
from changai.areas.briefings.queries import progress_of, wordings_under_way
from changai.foundation.actors import MACHINE
from changai.foundation.jobs.registry import job


# A killed worker's lease ends soon, so that another goes on with the next letter.
@job("briefings.letters", every=timedelta(seconds=5), longest=timedelta(minutes=2))
def write_next_letters(at: datetime) -> str:
    """Write the next letters of every text whose letters were ordered, and issue them once all are written."""
    told = []
    for wording in wordings_under_way():
        write_letters(MACHINE, wording, at=at)
        progress = progress_of(wording)
        told.append(f"《{wording.title}》已写 {progress.written} 件，共 {progress.letters} 件")
    return "；".join(told) or "没有要写的函件"
