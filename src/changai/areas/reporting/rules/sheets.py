"""What a filled sheet must satisfy before it is submitted, and what a reviewer should look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from changai.areas.reporting.rules.cells import written

# Percentage points behind schedule from which a line lags and has to say why.
LAG_POINTS = Decimal(10)
NEAR_DAYS = 30
# An honest nothing is long enough.
NOTHING_TO_TELL = {"无", "本月无", "无此项"}
# A figure that grew or shrank by more than this factor is shown to the reviewer.
JUMP_FACTOR = 3


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
class PartEntry:
    """One item of a figure asked item by item."""

    part_id: int
    name: str
    value: Decimal | None = None


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
class FigureEntry:
    """One line of a figure. `register_value` is what the register says now, None when the figure is asked."""

    field_id: int
    name: str
    unit_of_measure: str = ""
    value: Decimal | None = None
    last_value: Decimal | None = None
    remark: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    register_value: Decimal | None = None
    parts: tuple[PartEntry, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A cell and the sentence that says what is missing in it; `brief` says it beside the cell itself."""

    cell: str
    sentence: str
    brief: str = ""


def faults_of(
    tasks: Sequence[TaskEntry], figures: Sequence[FigureEntry], words: Sequence[WordsEntry] = ()
) -> tuple[Fault, ...]:
    """Return everything that keeps the sheet from being submitted, in the order of the sheet."""
    found = [fault for task in tasks for fault in _faults_of_task(task)]
    found += [
        fault for figure in figures for fault in (*_faults_of_figure(figure), *_faults_of_parts(figure))
    ]
    return (*found, *(fault for item in words for fault in _faults_of_words(item)))


def _faults_of_parts(figure: FigureEntry) -> Iterator[Fault]:
    if not figure.parts or figure.value is None:
        return
    whole = sum((part.value for part in figure.parts if part.value is not None), Decimal(0))
    if whole != figure.value:
        yield Fault(
            f"part:{figure.parts[0].part_id}:value",
            f"数据“{figure.name}”分项之和为 {written(whole)}，“本月数”为 {written(figure.value)}，"
            f"相差 {written(abs(whole - figure.value))}，请核对。",
        )


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
            f"任务“{task.name}”落后序时进度（{written(task.scheduled)}%）10 个百分点以上，请填写“存在问题”。"
        )
        yield Fault(f"{line}:problems", sentence)


def _faults_of_figure(figure: FigureEntry) -> Iterator[Fault]:
    cell = f"figure:{figure.field_id}:value"
    if figure.register_value is not None:
        if figure.value is None:
            yield Fault(cell, f"数据“{figure.name}”已由名册取数，请核对后点“核对无误”。")
        elif figure.value != figure.register_value:
            now, then = written(figure.register_value), written(figure.value)
            yield Fault(cell, f"数据“{figure.name}”名册现为 {now}，上次核对为 {then}，请重新核对。")
    elif figure.value is None:
        if not figure.remark:
            yield Fault(cell, f"数据“{figure.name}”的“本月数”未填写；确无此项的请在“说明”中写明。")
    elif sentence := range_sentence(figure):
        yield Fault(cell, f"数据“{figure.name}”的“本月数”{sentence}")


def range_sentence(figure: FigureEntry) -> str:
    """Return what is wrong with the figure's size by the dictionary, or nothing."""
    if figure.value is None:
        return ""
    if figure.minimum is not None and figure.value < figure.minimum:
        return f"不应小于 {written(figure.minimum)}，现为 {written(figure.value)}，请核对。"
    if figure.maximum is not None and figure.value > figure.maximum:
        return f"不应大于 {written(figure.maximum)}，现为 {written(figure.value)}，请核对。"
    return ""


def notes_of(tasks: Sequence[TaskEntry], figures: Sequence[FigureEntry]) -> tuple[Fault, ...]:
    """Return what a reviewer should look at; a sheet without any is clean and may be accepted with others."""
    return tuple(_notes_of_tasks(tasks)) + tuple(_notes_of_figures(figures))


def _notes_of_tasks(tasks: Sequence[TaskEntry]) -> Iterator[Fault]:
    for task in tasks:
        if task.has_gone_back:
            yield _note_of(task, "进度比上月回退")
        elif task.is_lagging:
            yield _note_of(task, "落后序时进度 10 个百分点以上")
        if task.percent == 100 and task.last_percent != 100:
            yield _note_of(task, "本月报完成，采用后即作为办结")


def _note_of(task: TaskEntry, brief: str) -> Fault:
    return Fault(f"task:{task.claim_id}:percent", f"任务“{task.name}”{brief}。", brief)


def _notes_of_figures(figures: Sequence[FigureEntry]) -> Iterator[Fault]:
    for figure in figures:
        cell = f"figure:{figure.field_id}:value"
        if figure.value is None:
            yield Fault(cell, f"数据“{figure.name}”未填数，说明为“{figure.remark}”。", "未填数")
        elif figure.register_value is None and _is_jump(figure.last_value, figure.value):
            last, now = written(figure.last_value), written(figure.value)
            yield Fault(cell, f"数据“{figure.name}”由上月 {last} 变为 {now}，变动较大。", "变动较大")


def _is_jump(last: Decimal | None, value: Decimal) -> bool:
    if not last or not value:
        return False
    return value > last * JUMP_FACTOR or value * JUMP_FACTOR < last


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
