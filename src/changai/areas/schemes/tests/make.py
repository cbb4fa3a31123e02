"""Makes dictionaries, schemes, workbooks and issued versions."""

from datetime import date
from itertools import count
from typing import Any

from django.conf import settings
from tests.kept import kept

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.facts.models import Field
from changai.areas.schemes.actions import issue_scheme, load_scheme
from changai.areas.schemes.exports import workbook_of
from changai.areas.schemes.models import SchemeVersion
from changai.core import scoring
from changai.foundation.actors import Actor

RATE = {
    "rule": "Linear",
    "of": {"measure": "Ratio", "num": "trained", "den": "target", "times": 100, "unit": "%"},
    "knots": [[0, 0], [100, 1]],
}
LATE = {"rule": "PerItem", "items": {"late": "-1"}, "start": "full", "floor": "0"}
REVIEWED = {"rule": "Reviewed", "field": "typical"}
_numbers = count(1)


def make_dictionary() -> dict[str, Field]:
    """Enter the figures that the scheme of these tests reads."""
    rows = (
        ("trained", "技能培训人次", "人次", Field.Gathering.SUM),
        ("target", "培训任务数", "人次", Field.Gathering.LAST),
        ("late", "月报迟报次数", "次", Field.Gathering.SUM),
    )
    return {
        code: Field.objects.create(
            code=code, name=name, unit_of_measure=unit, definition="测试口径。", gathering=gathering,
            source=Field.Source.OFFICE, valid_from=date(2020, 1, 1),
        )
        for code, name, unit, gathering in rows
    }  # fmt: skip


def scheme_dict(**changed: Any) -> dict[str, Any]:
    """Return a scheme of one table 县区 with 60 + 30 + 10 points, the last judged by a person."""
    nodes = [
        {
            "code": "1", "name": "素质提升", "points": "90",
            "children": [
                {"code": "1.1", "name": "培训任务完成率", "points": "60", "rule": RATE, "wording": "按完成率得分"},
                {"code": "1.2", "name": "月报及时性", "points": "30", "rule": LATE, "wording": "迟报一次扣1分"},
            ],
        },
        {"code": "2", "name": "典型经验", "points": "10", "rule": REVIEWED, "wording": "由办公室核定"},
    ]  # fmt: skip
    table = {"category": "县区", "nodes": nodes, "grades": [{"name": "优秀", "min": "80"}, {"name": "合格"}]}
    return {"scheme": "测试指标体系", "year": 2026, "version": "1.0", "tables": [table]} | changed


def workbook(**changed: Any) -> bytes:
    """Return the scheme as the office's workbook."""
    return workbook_of(scoring.Scheme.from_json(scheme_dict(**changed)), created=MOMENT)


def make_draft(officer: Actor, **changed: Any) -> SchemeVersion:
    """Load the scheme from its workbook."""
    figures = list(Field.objects.order_by("pk").values_list())
    # The workbook is kept in the folder of evidence: another folder, another beginning.
    beginning = f"draft {scheme_dict(**changed)} {figures} {officer.person_id} {settings.EVIDENCE_FOLDER}"
    return kept(lambda: _loaded(officer, workbook(**changed)), beginning)


def _loaded(officer: Actor, content: bytes) -> SchemeVersion:
    name = f"指标体系{next(_numbers)}.xlsx"
    return load_scheme(officer, file_name=name, content=content, at=MOMENT)


def make_issued(officer: Actor, head: Actor, **changed: Any) -> SchemeVersion:
    """Load and issue the scheme."""
    draft = make_draft(officer, **changed)
    return issue_scheme(head, draft.pk, version=draft.version, at=MOMENT)
