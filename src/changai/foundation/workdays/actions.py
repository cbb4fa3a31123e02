"""Loading a year's arrangement of days off: from the notice's text, or from a year's file."""

import hashlib
import json
from datetime import datetime

from changai.core.errors import Invalid, NotAllowed
from changai.core.workdays import YearPlan, read_notice, read_year
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.matrix import allows
from changai.foundation.workdays.models import WorkYear
from changai.foundation.workdays.queries import known_years

LONGEST_TEXT = 20_000


def read_arrangement(text: str) -> YearPlan:
    """Return the year's plan in the text of the notice, or in a year's file (JSON).

    :raises Invalid: with one sentence for every fault
    """
    if len(text) > LONGEST_TEXT:
        raise Invalid("内容过长，请只粘贴放假安排的通知。")
    if not text.lstrip("\ufeff \n\r\t").startswith("{"):
        return read_notice(text)
    try:
        return read_year(json.loads(text.lstrip("\ufeff")))
    except (ValueError, RecursionError):
        raise Invalid("年度日历文件不是完整的 JSON，请重新取得文件。") from None


@action("workyear.load")
def load_work_year(actor: Actor, text: str, *, at: datetime) -> WorkYear:
    """Let an arrangement hold from now on; what held for its year before stays readable.

    :raises Invalid: when the text cannot be read, or says what holds already
    """
    if not allows(actor, "setting.edit"):
        raise NotAllowed
    plan = read_arrangement(text)
    if any(known.plan == plan for known in known_years()):
        raise Invalid(f"{plan.year}年的放假安排与现用的相同，不需再次载入。")
    WorkYear.objects.filter(year=plan.year, replaced_at__isnull=True).update(replaced_at=at)
    loaded = WorkYear.objects.create(
        year=plan.year, plan=plan.as_json(), source=plan.source, loaded_at=at, loaded_by_name=actor.name
    )
    digest = hashlib.sha256(json.dumps(plan.as_json(), sort_keys=True).encode()).hexdigest()
    record(actor, "workyear.load", loaded, at=at, year=plan.year, digest=digest)
    return loaded
