"""Titles over several lines, evenly cut, no word broken. Source: GB/T 9704-2012, 7.3.1."""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from changai.documents.characters import printable, width_in_characters

_WORDS = (
    "产业工人队伍建设改革", "产业工人", "队伍建设", "建设", "改革", "工作", "情况", "通报", "通知",
    "报告", "简报", "方案", "意见", "总结", "任务", "进展", "推进", "落实", "实施", "协调小组",
    "办公室", "成员单位", "总工会", "工会", "委员会", "人民政府", "考核", "评价", "督查", "督办",
    "整改", "台账", "月报", "季度", "上半年", "下半年", "年度", "技能", "人才", "竞赛", "培训",
    "创新", "工匠", "劳模", "劳动", "权益", "维护", "职工", "企业", "单位", "全市", "各县", "县区",
    "问题", "反馈", "完成", "指标", "体系", "重点", "专项", "行动", "会议", "座谈会", "现场会",
    "推进会", "经验", "做法", "典型", "案例", "组织", "领导", "制度", "机制", "检查", "调研",
    "活动", "开展", "工作要点", "征求意见", "实施意见", "建议书", "提示函", "意见书", "督办单", "职业技能", "等级认定",
    "激励机制", "新就业形态", "劳动者", "集团", "有限公司", "印发", "转发", "调整", "成员", "组成人员",
    "就业形态", "发现", "推广应用", "专项督查", "督查检查", "行动方案", "三年行动", "进一步", "存在问题",
    "问题整改", "形态", "落实情况", "推进情况", "权益维护", "整改工作", "有关", "安排", "分工", "责任", "明细",
    "一览表", "情况表", "全省", "今年", "参加", "加强", "加快", "做好", "召开", "举办", "申报", "推荐", "选树",
    "表彰", "命名", "公布", "下达", "认定", "提升", "增强", "保障", "服务", "改进", "建立", "健全", "完善",
    "推动", "深化", "工作方案", "任务分解", "完成时限", "基层", "班组",
)  # fmt: skip
_WORD_COST, _LONG_WORD_COST, _NAME_COST = 300.0, 400.0, 500.0  # of breaking one
_LONG_WORD_CHARACTERS = 8
_LINE_COST = 100.0  # of one line more than needed: less than a broken word
_QUOTED_COST = 60.0  # of a line end that leaves one or two characters of a name with its 《 or 》
_SHAPE_COST = 80.0  # of lines that form neither 梯形 nor 菱形
_MOST_SHAPED_LINES = 6
_MOST_WEIGHED_LINES = 12  # what is longer is no title: it is filled line by line
_BODY_LEVELS = "省市县区"  # 示范|市人民政府 parts a name
_CITY = re.compile(rf"[\u4e00-\u9fff]{{1,5}}?[{_BODY_LEVELS}]")
_MAY_NOT_BEGIN = "的和与及、，。；：）》」』〕”’！？"
_MAY_NOT_END = "（《「『〔“‘和与及"


def title_lines(title: str, characters_per_line: int, *, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the title in few lines that form a trapezium or rhomb, without breaking words the programme uses.

    `names` are of bodies, whose city's name is kept whole too. A line end in `title` is kept: the writer knows best.
    Source: GB/T 9704-2012, 7.3.1 (回行时词意完整、排列对称、长短适宜, 梯形或菱形).
    """
    kept = tuple(_names(names))
    return tuple(
        line
        for given in printable(title).split("\n")
        if given.strip()
        for line in _cut(given.strip(), characters_per_line, kept)
    )


def _names(bodies: Iterable[str]) -> Iterator[str]:
    for body in bodies:
        yield body
        if city := _CITY.match(body):
            yield city[0]


def _cut(text: str, room: int, names: tuple[str, ...]) -> list[str]:
    """Return the text in as few lines as hold it, or in one more where that keeps a word whole."""
    fewest = math.ceil(width_in_characters(text) / room)
    if fewest <= 1:
        return [text]
    if fewest > _MOST_WEIGHED_LINES:
        return _filled(text, room)
    edges = [0.0, *accumulate(map(width_in_characters, text))]
    costs = _break_costs(text, [name for name in names if 1 < width_in_characters(name) <= room])
    options = []
    for count in (fewest, fewest + 1):
        for offsets in _shapes(count):
            targets = [edges[-1] / count + offset for offset in offsets]
            if found := _nearest(edges, costs, targets, room):
                cost, ends = found
                lines = [text[start:end] for start, end in pairwise((0, *ends))]
                options.append((cost + _shape_cost(lines) + _LINE_COST * (count - fewest), lines))
    return min(options)[1] if options else _filled(text, room)


def _shapes(count: int) -> list[list[float]]:
    """Return how much wider than the mean each line is: falling, rising, widest in the middle."""
    if not 2 < count <= _MOST_SHAPED_LINES:
        return [[0.0] * count]
    middle = (count - 1) / 2
    falling = [middle - place for place in range(count)]
    bulging = [middle / 2 - abs(middle - place) for place in range(count)]
    return [falling, falling[::-1], bulging]


def _shape_cost(lines: list[str]) -> float:
    """Return what it costs when the widths neither rise nor fall nor rise to one widest line, or are all alike."""
    if len(lines) <= 2:
        return 0.0
    steps = [width_in_characters(after) - width_in_characters(before) for before, after in pairwise(lines)]
    falls = [place for place, step in enumerate(steps) if step < 0]
    is_hollow = bool(falls) and any(step > 0 for step in steps[falls[0] :])
    is_block = all(abs(step) < 1 for step in steps)
    return _SHAPE_COST if is_hollow or is_block else 0.0


def _nearest(
    edges: list[float], costs: list[float], targets: list[float], room: int
) -> tuple[float, tuple[int, ...]] | None:
    """Return the cost and the ends of the lines whose breaks and distances from the targets cost least together."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for target in targets:
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            for end in range(start + 1, len(costs)):
                width = edges[end] - edges[start]
                if width > room:
                    break
                option = (cost + costs[end] + (width - target) ** 2, (*ends, end))
                if end not in longer or option < longer[end]:
                    longer[end] = option
        best = longer
    return best.get(len(costs) - 1)


def _filled(text: str, room: int) -> list[str]:
    """Return the text in full lines, none begun with what may not begin one."""
    lines = [""]
    for char in text:
        if width_in_characters(lines[-1] + char) > room:
            last = lines[-1]
            carried = last[-1:] if char in _MAY_NOT_BEGIN else ""
            lines[-1:] = [last[: len(last) - len(carried)], carried]
        lines[-1] += char
    return lines


def _break_costs(text: str, names: Iterable[str]) -> list[float]:
    """Return for each place in `text` what it costs to begin a new line there; both ends cost nothing."""
    costs = [0.0] * (len(text) + 1)
    weighed = {
        word: _WORD_COST if len(word) < _LONG_WORD_CHARACTERS else _LONG_WORD_COST for word in _WORDS
    } | dict.fromkeys(names, _NAME_COST)
    for word, cost in weighed.items():
        start = text.find(word)
        while start >= 0:
            for place in range(start + 1, start + len(word)):
                costs[place] = max(costs[place], cost)
            start = text.find(word, start + 1)
    for place in range(1, len(text)):
        costs[place] += _pair_cost(text[place - 1], text[place])
        if "《" in text[max(0, place - 3) : place] or "》" in text[place : place + 3]:
            costs[place] += _QUOTED_COST
    return costs


def _pair_cost(before: str, after: str) -> float:
    if after in _MAY_NOT_BEGIN or before in _MAY_NOT_END:
        return 200.0
    if before.isalnum() and after.isalnum() and (before.isascii() or after.isascii()):
        return 100.0
    return 40.0 if after in _BODY_LEVELS else -20.0 if before == " " else 0.0
