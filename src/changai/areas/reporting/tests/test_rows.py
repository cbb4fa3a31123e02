"""Many rows at once are the rows Django itself would have written, on both databases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from changai.areas.reporting.models import FigureLine, Obligation, ObligationEvent, Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OPENED,
    Field,
    make_field,
    make_form,
    make_report,
    make_unit,
)
from changai.foundation.notices.models import Notice
from changai.foundation.rows import insert_rows, update_rows

pytestmark = pytest.mark.django_db
# Whatever people type: quotes, tabs, line ends, the marks of COPY, characters beyond the basic plane; no NUL.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40) | st.sampled_from(
    ["\\N", "\\.", "\t", "a\tb\nc\r\n", "''", '"', "%s", "{}", "𠮷野"]
)  # fmt: skip
# SQLite itself keeps fifteen digits.
VALUES = st.none() | st.decimals("-99999999999.9999", "99999999999.9999", places=4)


def stored(row: models.Model) -> list[Any]:
    """Return what the database itself keeps of a row but its key, without Django's reading of it."""
    columns = ", ".join(f'"{f.column}"' for f in row._meta.concrete_fields if not f.primary_key)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{row._meta.db_table}" WHERE id = %s', [row.pk])  # noqa: S608
        return list(cursor.fetchone())


@pytest.fixture
def report() -> Report:
    return make_report(make_unit(), make_form())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, value=VALUES, last=VALUES)
def test_a_row_is_kept_as_django_keeps_it(
    report: Report, words: str, value: Decimal | None, last: Decimal | None
) -> None:
    field = Field.objects.first() or make_field()
    line = FigureLine(report=report, field=field, position=1, value=value, last_value=last, remark=words)
    insert_rows([line])
    kept = FigureLine.objects.get(report=report)
    assert (kept.value, kept.last_value, kept.remark, kept.taken_at) == (value, last, words, None)
    ours = stored(kept)
    kept.delete()
    line.save()
    assert stored(line) == ours
    line.delete()


def test_moments_days_and_json_are_kept_as_django_keeps_them(report: Report) -> None:
    obligation = report.obligation
    event = ObligationEvent(
        obligation=obligation,
        kind="extended",
        at=IN_TIME,
        by_name="办公室甲",
        words="防汛",
        due_on=date(2026, 11, 9),
    )
    insert_rows([event])
    ours = ObligationEvent.objects.get(kind="extended")
    event.save()
    assert (ours.at, ours.due_on, stored(ours)) == (IN_TIME, date(2026, 11, 9), stored(event))

    obligation.record = {"名称": "“引号”", "数": [1, None, "0.10"]}
    obligation.locked_at = IN_TIME
    update_rows([obligation], ["record", "locked_at"])
    ours_obligation = Obligation.objects.get(pk=obligation.pk)
    assert (ours_obligation.record, ours_obligation.locked_at) == (obligation.record, IN_TIME)
    first = stored(ours_obligation)
    obligation.save()
    assert stored(obligation) == first


def test_many_rows_are_all_written_and_only_the_named_columns_of_the_given_rows_change() -> None:
    insert_rows([Notice(sentence=f"第{number}条", created_at=OPENED) for number in range(2500)])
    notices = list(Notice.objects.filter(sentence__startswith="第").order_by("pk"))
    assert [notice.sentence for notice in notices] == [f"第{number}条" for number in range(2500)]
    for notice in notices[:2000]:
        notice.sentence, notice.link = "改", "/不写"
    update_rows(notices[:2000], ["sentence"])
    assert Notice.objects.filter(sentence="改", link="").count() == 2000
    assert Notice.objects.filter(sentence__startswith="第").count() == 500


def test_nothing_is_nothing_and_a_wrong_row_stops_them_all(report: Report) -> None:
    insert_rows([])
    update_rows([], ["sentence"])
    obligation = report.obligation
    again = Obligation(period_id=obligation.period_id, unit=make_unit(), due_on=OCTOBER.last_on)
    same = Obligation(period_id=obligation.period_id, unit_id=obligation.unit_id, due_on=OCTOBER.last_on)
    before = Obligation.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([again, same])
    assert Obligation.objects.count() == before
