"""What is wrong with a rule itself, before it is ever applied."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from changai.core.checks.cases import NotACase, speaks
from changai.core.checks.kinds import Compare, Kind, PartOfWhole
from changai.core.checks.rules import WORD, Rule
from changai.core.checks.sheets import EVERY

MOST_LETTERS = 200
# A count of people is never more than a count of their attendances; the other way round says nothing.
_WITHIN = frozenset(
    {("人", "人次"), ("名", "人次"), ("人", "名"), ("名", "人"), ("户", "户次"), ("家", "家次")}
)


@dataclass(frozen=True)
class Known:
    """A figure as the dictionary knows it."""

    name: str
    measure: str = ""


def faults_of(rule: Rule, dictionary: Mapping[str, Known]) -> tuple[str, ...]:
    """Return what keeps the rule from being used, one Chinese sentence each; nothing when it is sound.

    The test values are run: they must pass and fail as they say.
    """
    found = [*_faults_of_words(rule), *rule.kind.faults(), *_faults_of_figures(rule.kind, dictionary)]
    return tuple(found) or tuple(_faults_of_cases(rule))


def _faults_of_words(rule: Rule) -> Iterator[str]:
    if not rule.name.strip():
        yield "请填写规则名称。"
    if not rule.origin.strip():
        yield "请写明规则依据的文件或来源。"
    if len(rule.sentence) > MOST_LETTERS:
        yield f"提示语最多 {MOST_LETTERS} 字。"
    if rule.valid_from and rule.valid_to and rule.valid_to <= rule.valid_from:
        yield "停用日期应晚于启用日期。"
    known = rule.kind.words
    for word in WORD.findall(rule.sentence):
        if word not in known:
            yield f"提示语中的“{{{word}}}”无法代入，可用的有：{'、'.join(f'{{{name}}}' for name in known)}。"
    if set("{}") & set(WORD.sub("", rule.sentence)):
        yield "提示语中的花括号不成对。"


def _faults_of_figures(kind: Kind, dictionary: Mapping[str, Known]) -> Iterator[str]:
    unknown = [code for code in kind.reads if code != EVERY and code not in dictionary]
    if not all(kind.reads):
        yield "请选择数据项。"
    elif unknown:
        yield f"数据项目录中没有：{'、'.join(unknown)}。"
    elif isinstance(kind, PartOfWhole) or (isinstance(kind, Compare) and kind.right):
        is_within = isinstance(kind, PartOfWhole)
        for one, other in kind.alike:
            if not _are_alike(dictionary[one].measure, dictionary[other].measure, is_within=is_within):
                yield (
                    f"“{dictionary[one].name}”按“{dictionary[one].measure}”计，“{dictionary[other].name}”按"
                    f"“{dictionary[other].measure}”计，计量单位不同，不能直接比较。"
                )


def _are_alike(one: str, other: str, *, is_within: bool) -> bool:
    return one == other or (is_within and (one, other) in _WITHIN)


def _faults_of_cases(rule: Rule) -> Iterator[str]:
    for name, case, should_speak in (("应通过", rule.passes, False), ("应查出", rule.fails, True)):
        try:
            spoke = speaks(rule, case)
        except NotACase as fault:
            yield f"{name}的{fault}"
            continue
        if spoke != should_speak:
            yield f"“{name}”的检验值{'没有查出问题' if should_speak else '被查出了问题'}，请核对规则或检验值。"


def circles(rules: Iterable[Rule]) -> tuple[tuple[str, ...], ...]:
    """Return the totals that are parts of themselves over several rules of equality, each as the way round.

    `A + B = C` makes C a total of A and B; a second rule `C + D = A` closes the circle C, A, C.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        if isinstance(rule.kind, Compare) and rule.kind.sign == "=":
            total, summed = _total_of(rule.kind)
            if total:
                parts[total].update(summed)
    found = {tuple(way) for total in sorted(parts) if (way := _way_round(total, parts))}
    return tuple(sorted(found))


def _total_of(kind: Compare) -> tuple[str, tuple[str, ...]]:
    """Return the single figure that equals a sum of several, and the summed; nothing when neither side is one."""
    if len(kind.right) == 1 and len(kind.left) > 1:
        return kind.right[0], kind.left
    if len(kind.left) == 1 and len(kind.right) > 1:
        return kind.left[0], kind.right
    return "", ()


def _way_round(start: str, parts: Mapping[str, set[str]]) -> list[str]:
    """Return the way from a total down its parts back to itself, or nothing."""
    trails, seen = [[start]], set()
    while trails:
        trail = trails.pop()
        for part in sorted(parts.get(trail[-1], ())):
            if part == start:
                return [*trail, start]
            if part not in seen:
                seen.add(part)
                trails.append([*trail, part])
    return []
