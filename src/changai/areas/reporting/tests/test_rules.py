from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.reporting.rules import cells, closing, figures, moves, sheets, snapshots, standings
from changai.areas.reporting.rules.standings import Counted, Standing
from changai.core.periods import Month

D = Decimal
OCTOBER = Month(2026, 10)


def task(**named: object) -> sheets.TaskEntry:
    values = {"percent": D(80), "progress": "已办班三期。"}
    return sheets.TaskEntry(claim_id=12, text="推进技能培训", scheduled=D(80), **values | named)


def figure(**named: object) -> figures.FigureEntry:
    return figures.FigureEntry(
        **{"field_id": 5, "code": "persons", "name": "培训人次", "value": D(412)} | named  # type: ignore[arg-type]
    )


def found_in(*entries: sheets.TaskEntry | figures.FigureEntry) -> list[sheets.Fault]:
    tasks = [entry for entry in entries if isinstance(entry, sheets.TaskEntry)]
    asked = [entry for entry in entries if isinstance(entry, figures.FigureEntry)]
    around = figures.Surroundings(OCTOBER)
    return [
        *sheets.faults_of(tasks), *sheets.notes_of(tasks), *figures.faults_of_figures(asked, (), around)
    ]  # fmt: skip


def faults(*entries: sheets.TaskEntry | figures.FigureEntry) -> list[tuple[str, str]]:
    return [(fault.target, fault.sentence) for fault in found_in(*entries) if fault.is_open]


# --- the way of a report ---


def test_every_move_is_open_from_at_least_one_status_and_refused_with_words_from_the_others() -> None:
    statuses = {status for status, _ in moves.MOVES} | {moves.ACCEPTED}
    for status in statuses:
        assert moves.refusal_in(status).endswith("。")
    assert [move for status, move in moves.MOVES if status == moves.ACCEPTED] == [moves.UNLOCK]


def test_what_comes_back_to_the_liaison_after_a_return_stays_returned() -> None:
    assert moves.status_after("submitted", moves.WITHDRAW, 0) == "draft"
    assert moves.status_after("submitted", moves.DECLINE, 1) == "returned"
    assert moves.status_after("signed", moves.ACCEPT, 1) == "accepted"
    with pytest.raises(KeyError):
        moves.status_after("accepted", moves.SUBMIT, 0)


# --- cells ---


@pytest.mark.parametrize(
    ("typed", "value"),
    [("62.5", D("62.5")), ("１００％", D(100)), (" 62.50 % ", D("62.5")), ("", None), ("0", D(0))],
)
def test_percentages_as_people_type_them(typed: str, value: Decimal | None) -> None:
    assert cells.parse_percent(typed) == value


@pytest.mark.parametrize("typed", ["101", "-1", "62.55", "约八成", "NaN", "1e99", "1e9999999999"])
def test_what_is_no_percentage_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(cells.NotACell, match=r"。$"):
        cells.parse_percent(typed)


def test_figures_as_people_type_them() -> None:
    assert cells.parse_figure("１２，３４５", 0) == D(12345)
    assert cells.parse_figure("1 234.50", 1) == D("1234.5")
    with pytest.raises(cells.NotACell, match="应为整数"):
        cells.parse_figure("3.5", 0)
    with pytest.raises(cells.NotACell, match="最多保留 1 位小数"):
        cells.parse_figure("3.55", 1)


def test_words_have_a_limit() -> None:
    assert cells.parse_words(" 已办班\r\n三期 ", 20) == "已办班\n三期"
    with pytest.raises(cells.NotACell, match="最多 3 字，现有 4 字"):
        cells.parse_words("一二三四", 3)


def test_cells_have_names() -> None:
    assert str(cells.parse_cell("task:12:progress")) == "task:12:progress"
    assert cells.parse_cell("figure:5:value").line == "figure:5"
    for wrong in ("task:12", "task:x:progress", "task:12:value", "figure:5:progress", "", "unit:1:name"):
        with pytest.raises(cells.NotACell):
            cells.parse_cell(wrong)


@given(st.decimals(0, 10**9, places=2))
def test_what_is_written_reads_back(number: Decimal) -> None:
    assert cells.parse_figure(cells.written(number), 2) == number


# --- checks ---


def test_a_full_sheet_has_no_fault() -> None:
    assert faults(task(), figure(), figure(code="b", value=None, remark="本县无此项")) == []


def test_each_fault_names_its_cell() -> None:
    found = faults(task(percent=None, progress=""), figure(value=None))

    assert [cell for cell, _ in found] == ["task:12:percent", "task:12:progress", "figure:5:value"]
    assert found[0][1] == "任务“推进技能培训”的“完成进度”未填写。"


def test_lagging_and_going_back_have_to_be_explained() -> None:
    assert faults(task(percent=D(70))) == []
    assert faults(task(percent=D("69.9")))[0][0] == "task:12:problems"
    assert faults(task(percent=D("69.9"), problems="师资不足。")) == []
    went_back = faults(task(percent=D(79), last_percent=D(80)))
    assert "由上月 80% 退到 79%" in went_back[0][1]


def test_figures_stay_in_their_range() -> None:
    assert "不应小于 0" in faults(figure(value=D(-1), minimum=D(0)))[0][1]
    assert "不应大于 100" in faults(figure(value=D(101), maximum=D(100)))[0][1]
    assert faults(figure(value=D(100), maximum=D(100))) == []


def test_a_figure_of_a_register_is_confirmed_as_the_register_stands_now() -> None:
    assert "核对无误" in faults(figure(value=None, register_value=D(412), remark="本县无此项"))[0][1]
    assert "名册现为 418，上次核对为 412" in faults(figure(register_value=D(418)))[0][1]
    assert faults(figure(register_value=D(412))) == []


def test_notes_are_what_a_reviewer_should_see() -> None:
    def notes(*entries: sheets.TaskEntry | figures.FigureEntry) -> list[str]:
        return [note.sentence for note in found_in(*entries) if not note.is_open]

    assert notes(task(), figure()) == []
    assert "落后" in notes(task(percent=D(60)))[0]
    assert "回退" in notes(task(percent=D(60), last_percent=D(70)))[0]
    assert "办结" in notes(task(percent=D(100)))[0]
    assert notes(task(percent=D(100), last_percent=D(100))) == []
    explained = found_in(figure(value=None, remark="本县无此项"))[0]
    assert (explained.brief, explained.explanation, explained.is_open) == ("未填数", "本县无此项", False)


@pytest.mark.parametrize(
    ("percent", "due_on", "light"),
    [
        (D(100), date(2026, 1, 1), "done"),
        (D(99), date(2026, 10, 30), "overdue"),
        (D(99), date(2026, 10, 31), "near"),
        (None, date(2027, 6, 30), "near"),
        (D(70), date(2027, 6, 30), "on_track"),
        (D(70), None, "on_track"),
    ],
)
def test_the_light_of_a_line(percent: Decimal | None, due_on: date | None, light: str) -> None:
    assert sheets.line_state(percent, D(80), due_on, date(2026, 10, 31)).light == light


# --- counts ---


def test_the_due_day_is_in_the_month_after_and_ends_at_midnight_in_the_city() -> None:
    due_on = standings.due_date(Month(2026, 12), 5)
    assert due_on == date(2027, 1, 5)
    last_second = datetime(2027, 1, 5, 15, 59, 59, tzinfo=UTC)
    assert standings.standing_of(due_on, last_second, None) is Standing.ON_TIME
    assert standings.standing_of(due_on, last_second + timedelta(seconds=1), None) is Standing.LATE
    assert standings.standing_of(due_on, None, None) is Standing.MISSING
    assert standings.standing_of(due_on, None, last_second) is Standing.EXEMPT


ROWS = st.builds(
    Counted, st.sampled_from(Standing), st.sampled_from(["draft", "submitted", "signed", "returned", "accepted"]),
    st.integers(0, 3),
)  # fmt: skip


@given(st.lists(ROWS))
def test_counts_add_up_and_rates_stay_within_0_and_100(rows: list[Counted]) -> None:
    counts = standings.count(rows)

    assert counts.owed + counts.exempt == len(rows)
    assert counts.arrived + counts.missing == counts.owed
    for rate in (counts.completeness_percent, counts.punctuality_percent):
        assert (rate is None) == (counts.owed == 0)
        assert rate is None or 0 <= rate <= 100
    assert max(counts.returned, counts.accepted) <= counts.owed


DAYS = st.integers(0, 40)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), DAYS), st.tuples(st.just("return"), DAYS), st.tuples(st.just("accept"), DAYS),
        st.tuples(st.just("exempt"), DAYS), st.tuples(st.just("extend"), DAYS), st.tuples(st.just("close"), DAYS),
    ),
    max_size=12,
)  # fmt: skip


class Row:
    """One obligation walked through the rules: the same guards as the actions, without a database."""

    def __init__(self) -> None:
        self.status, self.times_returned, self.due_on = "draft", 0, date(2026, 11, 5)
        self.arrived_at: datetime | None = None
        self.exempted_at: datetime | None = None
        self.is_closed = False

    def step(self, name: str, day: int) -> None:
        at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day)
        if self.is_closed or self.exempted_at:
            return
        if name == "close":
            self.is_closed = True
        elif name == "exempt" and self.arrived_at is None:
            self.exempted_at = at
        elif name == "extend" and self.arrived_at is None:
            self.due_on = max(self.due_on, at.date())
        elif name == "sign" and (self.status, "submit") in moves.MOVES:
            self.status = "signed"
            self.arrived_at = self.arrived_at or at
        elif (self.status, name) in moves.MOVES:
            self.times_returned += name == "return"
            self.status = moves.status_after(self.status, name, self.times_returned)

    @property
    def counted(self) -> Counted:
        standing = standings.standing_of(self.due_on, self.arrived_at, self.exempted_at)
        return Counted(standing, self.status, self.times_returned)


@given(st.lists(STEPS, max_size=8))
def test_no_sequence_of_decisions_takes_a_rate_out_of_0_to_100(
    histories: list[list[tuple[str, int]]],
) -> None:
    rows = [Row() for _ in histories]
    for row, history in zip(rows, histories, strict=True):
        for name, day in history:
            row.step(name, day)
            counts = standings.count(each.counted for each in rows)
            assert counts.owed + counts.exempt == len(rows)
            assert counts.accepted <= counts.arrived
            assert counts.completeness_percent is None or 0 <= counts.completeness_percent <= 100
            assert counts.punctuality_percent is None or 0 <= counts.punctuality_percent <= 100


def test_a_report_sent_back_counts_until_it_is_signed_again() -> None:
    assert standings.is_sent_back("returned", 1)
    assert standings.is_sent_back("submitted", 1)
    assert not standings.is_sent_back("submitted", 0)
    assert not standings.is_sent_back("signed", 1)


# --- closing ---


def month_record(**named: object) -> closing.MonthRecord:
    values: dict[str, object] = {
        "standing": Standing.LATE, "is_accepted": True, "times_returned": 2, "due_on": date(2026, 11, 5),
        "arrived_at": datetime(2026, 11, 6, tzinfo=UTC), "scheduled": (D(80), D(90)), "percents": (D(70), D(95)),
        "claims": ({"claim_id": 1, "completed_on": "2026-10-01"}, {"claim_id": 2, "completed_on": ""}),
    }  # fmt: skip
    return closing.MonthRecord(**values | named)  # type: ignore[arg-type]


KEYS = ("ledger.late", "ledger.missing", "ledger.returned", "tasks.due", "tasks.done", "tasks.scheduled",
        "tasks.progress")  # fmt: skip


def counted(record: closing.MonthRecord) -> dict[str, tuple[Decimal | None, str]]:
    fields = {key: number for number, key in enumerate(KEYS)}
    return {
        KEYS[fact.field_id]: (fact.value, fact.status) for fact in closing.counted_figures(record, fields)
    }


def test_the_closing_counts_a_unit_s_month() -> None:
    found = counted(month_record())

    assert {key: value for key, (value, _) in found.items()} == {
        "ledger.late": 1, "ledger.missing": 0, "ledger.returned": 2, "tasks.due": 2, "tasks.done": 1,
        "tasks.scheduled": 85, "tasks.progress": D("82.5"),
    }  # fmt: skip


def test_who_is_exempt_has_no_ledger_and_who_is_missing_no_progress() -> None:
    exempt = counted(month_record(standing=Standing.EXEMPT, is_accepted=False))
    assert exempt["ledger.late"] == (None, "NOT_APPLICABLE")
    assert exempt["tasks.progress"] == (None, "NOT_APPLICABLE")
    assert exempt["tasks.due"] == (2, "REPORTED")
    missing = counted(month_record(standing=Standing.MISSING, is_accepted=False))
    assert missing["ledger.missing"] == (1, "REPORTED")
    assert missing["tasks.progress"] == (None, "NOT_REPORTED")
    idle = counted(month_record(percents=(), scheduled=()))
    assert idle["tasks.scheduled"] == idle["tasks.progress"] == (None, "NOT_APPLICABLE")


def test_only_fields_of_the_dictionary_are_counted() -> None:
    assert list(closing.counted_figures(month_record(), {})) == []


# --- what was signed ---


def content(percent: str = "80", *, claim_id: int = 12, files: tuple[str, ...] = ()) -> snapshots.Content:
    return {
        "tasks": [
            {"claim_id": claim_id, "text": "推进技能培训", "percent": percent, "progress": "办班", "problems": "",
             "next_steps": "", "evidence": [{"name": name} for name in files]},
        ],
        "figures": [{"field_id": 5, "name": "培训人次", "value": "412", "remark": "", "evidence": []}],
    }  # fmt: skip


def test_differences_name_the_cell_and_both_sides() -> None:
    assert snapshots.differences(content(), content()) == ()
    found = snapshots.differences(content(), content("85", files=("通知.pdf",)))

    assert [(one.cell, one.before, one.after) for one in found] == [
        ("task:12:percent", "80", "85"),
        ("task:12:evidence", "", "通知.pdf"),
    ]
    assert (found[0].line, found[0].column) == ("推进技能培训", "完成进度")


def test_a_line_that_is_gone_is_a_difference() -> None:
    found = snapshots.differences(content(), content(claim_id=13))

    assert ("task:12:percent", "80", "") in [(one.cell, one.before, one.after) for one in found]
    assert ("task:13:percent", "", "80") in [(one.cell, one.before, one.after) for one in found]


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(content().items()))

    assert snapshots.digest_of(content()) == snapshots.digest_of(turned)
    assert snapshots.digest_of(content()) != snapshots.digest_of(content("81"))
