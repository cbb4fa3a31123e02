"""What the claimed items of a sheet must satisfy, and what a reviewer should look at in them; figures have rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from changai.areas.reporting.rules.cells import written
from changai.core.checks import Entry, Severity

# Percentage points behind schedule from which a line lags and has to say why.
LAG_POINTS = Decimal(10)
NEAR_DAYS = 30
# An honest nothing is long enough.
NOTHING_TO_TELL = {"无", "本月无", "无此项"}


@dataclass(frozen=True)
class TaskEntry:
    """One line of a claimed item, as far as the checks read it. Percentages run from 0 to 100."""

    claim_id: int
    text: str
    scheduled: Decimal
    last_percent: Decimal | None = None
    percent: Decimal | None = None
    progress: str = ""
    problems: str = ""
    due_on: date | None = None

    @property
    def name(self) -> str:
        return self.text if len(self.text) <= 24 else f"{self.text[:23]}…"

    @property
    def is_lagging(self) -> bool:
        return self.percent is not None and self.percent < self.scheduled - LAG_POINTS

    @property
    def has_gone_back(self) -> bool:
        return self.percent is not None and self.last_percent is not None and self.percent < self.last_percent


@dataclass(frozen=True)
class WordsEntry:
    """One narrative item; lengths in characters."""

    line_id: int
    title: str
    text: str = ""
    least: int = 0
    most: int = 500
    is_required: bool = True


@dataclass(frozen=True)
class Fault:
    """A cell and the sentence that says what is wrong with it; `brief` says it beside the cell itself.

    A block keeps the sheet from being submitted, and so does what asks for a reason while `explanation` is empty; the
    rest is for the reviewer. `code` names the rule, `origin` what it rests on, `entries` the rows behind it, `mend` the
    cell to go to when it is another.
    """

    cell: str
    sentence: str
    brief: str = ""
    severity: Severity = Severity.BLOCK
    code: str = ""
    explanation: str = ""
    entries: tuple[Entry, ...] = ()
    mend: str = ""
    origin: str = ""

    @property
    def is_open(self) -> bool:
        return self.severity is Severity.BLOCK or (self.severity is Severity.EXPLAIN and not self.explanation)

    @property
    def target(self) -> str:
        """Return the cell that opens from the sentence: where it is mended."""
        return self.mend or self.cell


def faults_of(tasks: Sequence[TaskEntry]) -> tuple[Fault, ...]:
    """Return what in the claimed items keeps the sheet from being submitted, in the order of the sheet."""
    return tuple(fault for task in tasks for fault in _faults_of_task(task))


def faults_of_words(words: Sequence[WordsEntry]) -> tuple[Fault, ...]:
    """Return what in the words keeps the sheet from being submitted, in the order of the sheet."""
    return tuple(fault for item in words for fault in _faults_of_words(item))


def _faults_of_words(item: WordsEntry) -> Iterator[Fault]:
    cell, length = f"words:{item.line_id}:text", len(item.text)
    if not length:
        if item.is_required:
            yield Fault(cell, f"“{item.title}”未填写；确无此项情况的请写“无”。")
    elif length < item.least and item.text.strip("。") not in NOTHING_TO_TELL:
        yield Fault(cell, f"“{item.title}”应不少于 {item.least} 字，现有 {length} 字，请补充。")
    elif length > item.most:
        yield Fault(cell, f"“{item.title}”应不超过 {item.most} 字，现有 {length} 字，请精简。")


def _faults_of_task(task: TaskEntry) -> Iterator[Fault]:
    line = f"task:{task.claim_id}"
    if task.percent is None:
        yield Fault(f"{line}:percent", f"任务“{task.name}”的“完成进度”未填写。")
    if not task.progress:
        yield Fault(f"{line}:progress", f"任务“{task.name}”的“进展情况”未填写。")
    if task.problems:
        return
    if task.has_gone_back:
        was, now = written(task.last_percent), written(task.percent)
        sentence = f"任务“{task.name}”的进度由上月 {was}% 退到 {now}%，请在“存在问题”中说明原因。"
        yield Fault(f"{line}:problems", sentence)
    elif task.is_lagging:
        sentence = (
            f"任务“{task.name}”落后序时进度（{written(task.scheduled)}%）超过 10 个百分点，请填写“存在问题”。"
        )
        yield Fault(f"{line}:problems", sentence)


def notes_of(tasks: Sequence[TaskEntry]) -> tuple[Fault, ...]:
    """Return what a reviewer should look at in the claimed items."""
    return tuple(_notes_of_tasks(tasks))


def _notes_of_tasks(tasks: Sequence[TaskEntry]) -> Iterator[Fault]:
    for task in tasks:
        if task.has_gone_back:
            yield _note_of(task, "进度比上月回退")
        elif task.is_lagging:
            yield _note_of(task, "落后序时进度超过 10 个百分点")
        if task.percent == 100 and task.last_percent != 100:
            yield _note_of(task, "本月报完成，采用后即作为办结")


def _note_of(task: TaskEntry, brief: str) -> Fault:
    return Fault(f"task:{task.claim_id}:percent", f"任务“{task.name}”{brief}。", brief, Severity.NOTE)


@dataclass(frozen=True)
class LineState:
    """The light of a line and its word."""

    light: str
    label: str


def line_state(percent: Decimal | None, scheduled: Decimal, due_on: date | None, as_of: date) -> LineState:
    """Return how a claimed item stands on the day `as_of`. An unreported percentage counts as 0."""
    done = percent or Decimal(0)
    if done >= 100:
        return LineState("done", "已完成")
    if due_on is not None and due_on < as_of:
        return LineState("overdue", "已逾期")
    if done < scheduled - LAG_POINTS:
        return LineState("near", "滞后")
    if due_on is not None and (due_on - as_of).days <= NEAR_DAYS:
        return LineState("near", "临近到期")
    return LineState("on_track", "正常推进")
