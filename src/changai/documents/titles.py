"""Titles over several lines, evenly cut, no word broken. Source: GB/T 9704-2012, 7.3.1."""

import math
from itertools import accumulate

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
)  # fmt: skip
_LONG_NAME_CHARACTERS = 8
_LINE_COST = 100.0  # of one line more than needed
_BODY_LEVELS = "省市县区"  # 示范|市人民政府 parts a name
_MAY_NOT_BEGIN = "的和与及、，。；：）》」』〕”’！？"
_MAY_NOT_END = "（《「『〔“‘和与及"


def title_lines(title: str, characters_per_line: int) -> tuple[str, ...]:
    """Return the title cut into the fewest lines, of even length, without breaking words the programme uses.

    A line end in `title` is kept: the writer knows best.
    Source: GB/T 9704-2012, 7.3.1 (回行时词意完整、排列对称、长短适宜).
    """
    return tuple(
        line
        for given in printable(title).split("\n")
        if given.strip()
        for line in _cut(given.strip(), characters_per_line)
    )


def _cut(text: str, characters_per_line: int) -> list[str]:
    """Return the text in as few lines as hold it, or in one more where that keeps a word whole."""
    fewest = math.ceil(width_in_characters(text) / characters_per_line)
    if fewest <= 1:
        return [text]
    cuts = (_cut_evenly(text, characters_per_line, count) for count in (fewest, fewest + 1))
    (cost, lines), (longer_cost, more_lines) = cuts
    return lines if cost <= longer_cost + _LINE_COST else more_lines


def _cut_evenly(text: str, characters_per_line: int, count: int) -> tuple[float, list[str]]:
    """Return the lines whose breaks cost least together, found from the left, and what they cost."""
    edges = [0.0, *accumulate(map(width_in_characters, text))]
    costs = _break_costs(text)
    best, came_from = [0.0], [0]
    for end in range(1, len(text) + 1):
        options = [
            (best[start] + costs[end] + (edges[end] - edges[start] - edges[-1] / count) ** 2, start)
            for start in range(max(0, end - 2 * characters_per_line), end)
            if edges[end] - edges[start] <= characters_per_line
        ]
        cost, start = min(options)
        best.append(cost)
        came_from.append(start)
    lines: list[str] = []
    end = len(text)
    while end:
        lines.insert(0, text[came_from[end] : end])
        end = came_from[end]
    return best[-1], lines


def _break_costs(text: str) -> list[float]:
    """Return for each place in `text` what it costs to begin a new line there; both ends cost nothing."""
    costs = [0.0] * (len(text) + 1)
    for word in _WORDS:
        start = text.find(word)
        while start >= 0:
            for place in range(start + 1, start + len(word)):
                costs[place] += 40.0 if len(word) < _LONG_NAME_CHARACTERS else 120.0
            start = text.find(word, start + 1)
    for place in range(1, len(text)):
        costs[place] += _pair_cost(text[place - 1], text[place])
    return costs


def _pair_cost(before: str, after: str) -> float:
    if after in _MAY_NOT_BEGIN or before in _MAY_NOT_END:
        return 200.0
    if before.isalnum() and after.isalnum() and (before.isascii() or after.isascii()):
        return 100.0
    return 40.0 if after in _BODY_LEVELS else -20.0 if before == " " else 0.0
