"""Everything that must hold before a table may be used, and what is worth a second look."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from changai.core.scoring.decimals import decimal_places, show
from changai.core.scoring.findings import Finding, Severity
from changai.core.scoring.model import Bonus, Grade, Node, Penalty, Scheme, Table, Veto
from changai.core.scoring.rules import Rule

LEVELS = 3
MOST_DECIMALS = 4


def check_scheme(scheme: Scheme) -> Iterator[Finding]:
    """Yield every fault and every doubt of the scheme."""
    if not 0 <= scheme.decimals <= MOST_DECIMALS:
        yield _error(
            "", f"decimals 只能是 0 到 {MOST_DECIMALS}", f"decimals must lie in 0 to {MOST_DECIMALS}"
        )
        return
    if not scheme.tables:
        yield _error("", "至少要有一张指标表", "there must be at least one table")
    declared = {each.name for each in scheme.fields}
    for name, count in Counter(each.name for each in scheme.fields).items():
        if count > 1:
            yield _error("", f"数据项“{name}”声明了两次", f'field "{name}" is declared twice')
    for table in scheme.tables.values():
        category = table.category if len(scheme.tables) > 1 else ""
        for finding in _Checked(table, scheme.decimals, declared).findings():
            yield replace(finding, category=category)


class _Checked:
    """One table with what its checks share."""

    def __init__(self, table: Table, decimals: int, declared: set[str]) -> None:
        self.table = table
        self.decimals = decimals
        self.declared = declared

    def findings(self) -> Iterator[Finding]:
        yield from self._codes()
        yield from self._sums()
        for node, level in self.table.walk():
            yield from self._node(node, level)
        for bonus in self.table.bonus:
            yield from self._bonus(bonus)
        for penalty in self.table.penalty:
            yield from self._penalty(penalty)
        for veto in self.table.veto:
            yield from self._veto(veto)
        yield from self._edges()
        yield from self._grades()
        yield from self._ranking()

    def _codes(self) -> Iterator[Finding]:
        table = self.table
        codes = [node.code for node, _ in table.walk()]
        codes += [bonus.code for bonus in table.bonus] + [penalty.code for penalty in table.penalty]
        codes += [veto.code for veto in table.veto]
        for code, count in Counter(codes).items():
            if count > 1:
                yield _error(
                    code,
                    f"编号重复 {count} 次，请改为各不相同的编号",
                    f"the code stands {count} times; give each node its own",
                    "code",
                )
            if not code.strip():
                yield _error(code, "编号不能为空", "a code must not be empty", "code")

    def _sums(self) -> Iterator[Finding]:
        table = self.table
        if not table.nodes:
            yield _error(
                "", f"“{table.category}”的指标表没有指标", f'the table "{table.category}" has no indicator'
            )
        total = sum((node.points for node in table.nodes), Fraction(0))
        if table.nodes and total != table.full:
            yield _error(
                "",
                f"“{table.category}”一级指标分值合计 {show(total)} 分，应为 {show(table.full)} 分",
                f'first-level points of "{table.category}" sum to {show(total)}, not {show(table.full)}',
                "points",
            )

    def _node(self, node: Node, level: int) -> Iterator[Finding]:
        if level > LEVELS:
            yield _error(node.code, f"指标最多 {LEVELS} 级", f"at most {LEVELS} levels")
        if node.points <= 0:
            yield _error(node.code, "分值须大于 0", "points must be positive", "points")
        yield from self._granular(node.code, node.points)
        if node.children:
            yield from self._inner(node)
        elif node.rule is None:
            yield _error(node.code, "末级指标没有评分规则", "a leaf needs a rule", "rule")
        else:
            yield from self._granular(node.code, node.lowest)
            yield from self._rule(node.code, node.rule, node.points, (node.lowest, node.points))
            if node.rule.may_be_void() and node.void is None and self.table.void is None:
                yield _warning(
                    node.code,
                    "未规定分母为零时如何计分，出现时该对象不予排名",
                    "no policy for a zero denominator (void); a unit that has one will not be ranked",
                    "void",
                )

    def _inner(self, node: Node) -> Iterator[Finding]:
        if node.rule is not None:
            yield _error(
                node.code, "有下级指标，不能再有评分规则", "a node with children must not have a rule", "rule"
            )
        total = sum((child.points for child in node.children), Fraction(0))
        if total != node.points:
            yield _error(
                node.code,
                f"下级分值合计 {show(total)} 分，应为 {show(node.points)} 分",
                f"children's points sum to {show(total)}, not {show(node.points)}",
                "points",
            )

    def _bonus(self, bonus: Bonus) -> Iterator[Finding]:
        if bonus.cap <= 0:
            yield _error(bonus.code, "加分上限须大于 0", "the cap must be positive", "points")
        yield from self._granular(bonus.code, bonus.cap)
        yield from self._rule(bonus.code, bonus.rule, bonus.cap, (Fraction(0), None))

    def _penalty(self, penalty: Penalty) -> Iterator[Finding]:
        if penalty.cap is not None and penalty.cap <= 0:
            yield _error(penalty.code, "减分上限须大于 0", "the cap must be positive", "points")
        yield from self._granular(penalty.code, penalty.cap or Fraction(0))
        yield from self._rule(penalty.code, penalty.rule, penalty.cap or self.table.full, (None, Fraction(0)))

    def _rule(
        self, code: str, rule: Rule, full: Fraction, allowed: tuple[Fraction | None, Fraction | None]
    ) -> Iterator[Finding]:
        flaws = list(rule.flaws(full))
        for flaw in flaws:
            yield (_warning if flaw.is_warning else _error)(code, flaw.zh, flaw.en, "rule")
        yield from self._known(code, rule.fields())
        if not any(not flaw.is_warning for flaw in flaws):
            yield from _range(code, rule, full, allowed)

    def _known(self, code: str, fields: tuple[str, ...], member: str = "field") -> Iterator[Finding]:
        for name in fields:
            if not name.strip():
                yield _error(code, "数据项名称为空", "a field name is empty", member)
            elif self.declared and name not in self.declared:
                yield _error(
                    code,
                    f"数据项“{name}”没有在 fields 中声明",
                    f'field "{name}" is not declared in fields',
                    member,
                )

    def _granular(self, code: str, points: Fraction) -> Iterator[Finding]:
        places = decimal_places(points)
        if places is None or places > self.decimals:
            yield _error(
                code,
                f"分值 {show(points)} 超出本方案的 {self.decimals} 位小数",
                f"points {show(points)} need more than the scheme's {self.decimals} decimals",
                "points",
            )

    def _veto(self, veto: Veto) -> Iterator[Finding]:
        yield from self._known(veto.code, (veto.when,))
        if veto.effect == "factor" and (veto.factor is None or not 0 <= veto.factor <= 1):
            yield _error(
                veto.code,
                "按系数折减须给出 0 到 1 之间的 factor",
                'effect "factor" needs a factor within 0 and 1',
                "rule",
            )
        if veto.effect == "grade_ceiling" and veto.ceiling not in [grade.name for grade in self.table.grades]:
            yield _error(
                veto.code,
                f"限定的最高等次“{veto.ceiling}”不在等次表中",
                f'the ceiling "{veto.ceiling}" is not one of the grades',
                "rule",
            )

    def _edges(self) -> Iterator[Finding]:
        table = self.table
        for edge in (table.full, table.bonus_cap, table.penalty_cap, table.floor, table.ceiling):
            if edge is not None:
                yield from (replace(each, member="settings") for each in self._granular("", edge))
        if table.total_decimals is not None and not 0 <= table.total_decimals <= self.decimals:
            yield _error(
                "",
                f"总分的小数位数只能是 0 到 {self.decimals}（各项的小数位数）",
                f"total_decimals must lie in 0 to {self.decimals}, the decimals of the items",
                "settings",
            )
        for name, share in (("cover", table.cover), ("rank_cover", table.rank_cover)):
            if not 0 <= share <= 1:
                yield _error(
                    "",
                    f"{name} 须在 0 与 1 之间（60% 写作 0.6）",
                    f"{name} must lie within 0 and 1 (60% is 0.6)",
                    "settings",
                )
        if table.floor is not None and table.ceiling is not None and table.floor > table.ceiling:
            yield _error("", "总分下限大于上限", "the floor of the total lies above its ceiling", "settings")

    def _grades(self) -> Iterator[Finding]:
        grades = self.table.grades
        for name, count in Counter(grade.name for grade in grades).items():
            if count > 1:
                yield _error("", f"等次“{name}”重复", f'grade "{name}" stands twice', "grades")
        floors = [grade.min for grade in grades if grade.min is not None]
        if any(later > earlier for earlier, later in itertools.pairwise(floors)):
            yield _error("", "等次须从高到低排列", "grades must be listed best first", "grades")
        for grade in grades:
            yield from self._known("", grade.bars, "grades")
            if grade.quota is not None and not 0 <= grade.quota <= 1:
                yield _error(
                    "",
                    f"等次“{grade.name}”的名额比例须在 0 与 1 之间（30% 写作 0.3）",
                    f'quota of "{grade.name}" must lie within 0 and 1',
                    "grades",
                )
        if grades and not _is_open(grades[-1]):
            yield _error(
                "",
                f"最末等次“{grades[-1].name}”不能再设条件",
                f'the last grade "{grades[-1].name}" must be unconditional',
                "grades",
            )

    def _ranking(self) -> Iterator[Finding]:
        known = {node.code for node, _ in self.table.walk()} | {"regular", "bonus", "penalty"}
        for name in self.table.ranking.tie_breakers:
            if name not in known:
                yield _error(
                    "",
                    f"并列时比较的“{name}”不是本表的指标",
                    f'tie breaker "{name}" is not a node of this table',
                    "settings",
                )


def _is_open(grade: Grade) -> bool:
    return grade.min is None and grade.quota is None and grade.top is None and not grade.bars


def _range(
    code: str, rule: Rule, full: Fraction, allowed: tuple[Fraction | None, Fraction | None]
) -> Iterator[Finding]:
    span, (lowest, highest) = rule.span(full), allowed
    if lowest is not None and (span.lowest is None or span.lowest < lowest):
        found_zh = "没有下限" if span.lowest is None else f"最低可得 {show(span.lowest)} 分"
        found_en = "has no lower bound" if span.lowest is None else f"can give {show(span.lowest)}"
        yield _error(
            code,
            f"规则{found_zh}，低于允许的 {show(lowest)} 分；请写明 floor",
            f"the rule {found_en}, below the allowed {show(lowest)}; state a floor",
            "rule",
        )
    if highest is not None and (span.highest is None or span.highest > highest):
        found_zh = "没有上限" if span.highest is None else f"最高可得 {show(span.highest)} 分"
        found_en = "has no upper bound" if span.highest is None else f"can give {show(span.highest)}"
        yield _error(
            code,
            f"规则{found_zh}，超过允许的 {show(highest)} 分；请写明 cap",
            f"the rule {found_en}, above the allowed {show(highest)}; state a cap",
            "rule",
        )
    elif highest and span.highest is not None and span.highest < highest:
        yield _warning(
            code,
            f"规则最高只能得 {show(span.highest)} 分，{show(highest)} 分的满分谁也得不到",
            f"the rule gives at most {show(span.highest)}: nobody can reach the full mark of {show(highest)}",
            "rule",
        )


def _error(code: str, zh: str, en: str, member: str = "") -> Finding:
    return Finding(code, Severity.ERROR, zh, en, member=member)


def _warning(code: str, zh: str, en: str, member: str = "") -> Finding:
    return Finding(code, Severity.WARNING, zh, en, member=member)
