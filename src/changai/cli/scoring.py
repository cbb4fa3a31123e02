"""`changai score`, `check`, `schema`: the scoring engine on files, without database or Django."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changai.cli import composing, weighing
from changai.cli.terminal import positive, write_out

if TYPE_CHECKING:
    from changai.cli.scoring_files import FactRows
    from changai.core.scoring import Facts, Finding, Scheme, Scorecard

FAULTY = 2


def register(commands: Any) -> None:
    """Add `score`, `check`, `schema`, `compose` and `ahp` to the command line's `commands`."""
    score = commands.add_parser("score", help="按考核方案计分：得分、位次、等次和逐项说明")
    score.add_argument("scheme", type=Path, metavar="SCHEME", help="考核方案，.json、.yaml 或 .xlsx")
    score.add_argument("facts", type=Path, metavar="FACTS", help="数据，.csv 或 .xlsx，长表或宽表")
    score.add_argument("--category", help="考核对象类别；方案只有一张指标表时可省略")
    score.add_argument("--period", help="数据文件含多个期间时，指明计分的期间")
    score.add_argument("--out", type=Path, metavar="DIR", help="结果写入此目录：result.json、result.xlsx")
    score.add_argument("--draws", type=positive, metavar="N", help="另算权重敏感性：抽取 N 组权重")
    score.add_argument("--seed", type=int, default=0, metavar="S", help="随机种子，默认 0")
    score.add_argument("--spread", type=float, default=0.25, metavar="R", help="权重的相对标准差，默认 0.25")
    _language(score)
    score.set_defaults(run=run_score)

    check = commands.add_parser("check", help="检查考核方案（和数据），不计分；或检查公文（.docx）的格式")
    check.add_argument("scheme", type=Path, metavar="SCHEME|DOCX")
    check.add_argument("facts", type=Path, metavar="FACTS|DOCX", nargs="*", help="数据；或另外几件公文")
    check.add_argument("--category")
    check.add_argument("--period")
    check.add_argument("--save", type=Path, metavar="FILE", help="检查通过后另存为 .json、.yaml 或 .xlsx")
    _language(check)
    check.set_defaults(run=run_check)

    schema = commands.add_parser("schema", help="输出方案、数据或结果的 JSON Schema")
    schema.add_argument("of", choices=("scheme", "facts", "result"))
    schema.set_defaults(run=run_schema)
    composing.register(commands)
    weighing.register(commands)


def run_score(arguments: argparse.Namespace) -> int:
    """Score the files and write or print the result.

    Return 0, or 2 after one sentence per fault and with nothing written.
    """
    from changai.cli.scoring_files import to_json
    from changai.core.scoring import Refused, result

    try:
        scheme, cards = _score(arguments)
    except Refused as refused:
        return _tell(refused.findings, arguments.lang)
    outcome = result(scheme, cards, lang=arguments.lang, seed=arguments.seed if arguments.draws else None)
    pictures = _vary(arguments, cards, outcome) if arguments.draws else {}
    if arguments.out is None:
        write_out(to_json(outcome))
        return 0
    from changai.cli.scoring_files import sheets_to_xlsx
    from changai.cli.scoring_sheets import result_sheets

    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "result.json").write_text(to_json(outcome) + "\n", encoding="utf-8")
    (arguments.out / "result.xlsx").write_bytes(sheets_to_xlsx(result_sheets(outcome, arguments.lang)))
    for name, picture in pictures.items():
        (arguments.out / name).write_bytes(picture)
    for card in cards:
        write_out(_places(card))
    return 0


def _one(facts: list[Path]) -> Path | None:
    if len(facts) > 1:
        from changai.core.errors import Invalid

        raise Invalid("检查考核方案时只给一个数据文件。")
    return next(iter(facts), None)


def _vary(arguments: argparse.Namespace, cards: list[Scorecard], outcome: dict[str, Any]) -> dict[str, bytes]:
    """Add the robustness of every category that has ranked units, and return a chart of each, SVG and PNG."""
    from changai.cli.scoring_charts import svg_to_png
    from changai.core.errors import Invalid
    from changai.core.scoring.robust import robustness
    from changai.core.scoring.robust.picture import interval_chart

    pictures: dict[str, bytes] = {}
    for number, (card, table) in enumerate(zip(cards, outcome["tables"], strict=True), start=1):
        if not card.ranked.any():
            continue
        try:
            report = robustness(card, rho=arguments.spread, draws=arguments.draws, seed=arguments.seed)
        except ValueError as impossible:
            raise Invalid(
                f"权重的相对标准差 {arguments.spread} 过大或为负，请改小 --spread。"
            ) from impossible
        table["robustness"] = report.result(arguments.lang)
        if arguments.out is not None:
            name = "ranks" if len(cards) == 1 else f"ranks-{number}"
            drawing = interval_chart(report, arguments.lang)
            pictures[f"{name}.svg"], pictures[f"{name}.png"] = drawing.encode(), svg_to_png(drawing)
    return pictures


def run_check(arguments: argparse.Namespace) -> int:
    """Tell everything wrong or doubtful; return 0 when the scheme (and the facts) can be used, else 2.

    Of .docx files, tell where their form deviates; return 0 when nothing binding does.
    """
    if arguments.scheme.suffix.lower() == ".docx":
        from changai.cli.papers import check_papers

        return check_papers([arguments.scheme, *arguments.facts])
    arguments.facts = _one(arguments.facts)
    from changai.cli.scoring_files import read_scheme, write_scheme
    from changai.core.burden import scheme_findings
    from changai.core.scoring import Refused, errors_of

    cards: list[Scorecard] = []
    try:
        if arguments.facts is not None:
            cards = _score(arguments)[1]
        read = read_scheme(arguments.scheme)
        if errors_of(read.findings):
            return _tell(read.findings, arguments.lang)
    except Refused as refused:
        return _tell(refused.findings, arguments.lang)
    burdens = scheme_findings(read.scheme)
    _tell((*read.findings, *burdens), arguments.lang)
    if errors_of(burdens):
        return FAULTY
    if arguments.save is not None:
        write_scheme(read.scheme, arguments.save)
    for card in cards:
        _write_audit(card, arguments.lang)
    good = {"zh": "检查通过，可以计分。", "en": "No fault found; the scheme can be used."}
    write_out(good[arguments.lang])
    return 0


def _write_audit(card: Scorecard, lang: Any) -> None:
    """Print what the facts say about the table itself."""
    from changai.core.scoring.audit import audit

    colon = "：" if lang == "zh" else ": "
    for told in audit(card).findings(lang):
        write_out(f"{card.table.category}{colon}{told}")


def run_schema(arguments: argparse.Namespace) -> int:
    """Print one JSON Schema and return 0."""
    from changai.cli.scoring_files import to_json
    from changai.core.scoring import schemas

    write_out(to_json(schemas.SCHEMAS[arguments.of]()))
    return 0


def _score(arguments: argparse.Namespace) -> tuple[Scheme, list[Scorecard]]:
    """Return the scheme and the scorecard of every category.

    :raises Refused: with the faults of both files at once
    """
    from changai.cli.scoring_files import read_facts
    from changai.core.scoring import Refused, errors_of, name_doubts, score

    scheme, findings = _readable(arguments.scheme)
    rows = read_facts(arguments.facts, period=arguments.period)
    findings += rows.findings
    if scheme is None:
        # Without a scheme nothing says what the figures should be; that the file itself is at fault can be told.
        raise Refused(findings + _doubled(rows))
    chosen, unknown = _units_of(scheme, rows, arguments.category)
    facts, doubted = _facts_of(scheme, rows, chosen)
    findings += unknown + doubted
    if errors_of(findings):
        raise Refused(findings)
    _tell(findings, arguments.lang)
    for category, figures in facts.items():
        _tell(name_doubts(scheme, category, figures), arguments.lang)
    return scheme, [score(scheme, category, figures) for category, figures in facts.items()]


def _readable(path: Path) -> tuple[Scheme | None, list[Finding]]:
    """Return the scheme of a file, None with every fault when it cannot be used."""
    from changai.cli.scoring_files import read_scheme
    from changai.core.scoring import SchemeRefused, errors_of

    try:
        read = read_scheme(path)
    except SchemeRefused as refused:
        return None, list(refused.findings)
    errors = list(errors_of(read.findings))
    return (None if errors else read.scheme), errors


def _doubled(rows: FactRows) -> list[Finding]:
    from changai.core.scoring import FactsRefused

    try:
        rows.facts(list(rows.units))
    except FactsRefused as refused:
        return list(refused.findings)
    return []


def _facts_of(
    scheme: Scheme, rows: FactRows, chosen: dict[str, list[str]]
) -> tuple[dict[str, Facts], list[Finding]]:
    """Return the facts of each category, and every figure that cannot (or may not) be what its rule takes it for."""
    from changai.core.scoring import FactsRefused, check_facts, percent_doubts

    facts: dict[str, Facts] = {}
    findings: list[Finding] = []
    for category, units in chosen.items():
        try:
            facts[category] = rows.facts(units)
        except FactsRefused as refused:
            findings.extend(refused.findings)
            continue
        findings.extend(rows.placed(check_facts(scheme.tables[category], facts[category])))
        findings.extend(rows.placed(percent_doubts(scheme, category, facts[category])))
    return facts, findings


def _units_of(
    scheme: Scheme, rows: FactRows, wanted: str | None
) -> tuple[dict[str, list[str]], list[Finding]]:
    """Return the units of each table to score, and the categories without a table or without a unit."""
    known = list(scheme.tables)
    default = wanted or (known[0] if len(known) == 1 else "")
    found: dict[str, list[str]] = {}
    for unit in rows.units:
        found.setdefault(rows.categories.get(unit) or default, []).append(unit)
    if wanted is not None:
        found = {wanted: found.get(wanted, [])}
    findings = [_no_table(rows, category, known) for category in found if category not in scheme.tables]
    if wanted in scheme.tables and not found[wanted] and rows.units:
        findings.append(
            rows.fault(
                f"没有类别“{wanted}”的考核对象，无可计分；请核对 --category 或数据的“类别”列",
                f'no unit of category "{wanted}" to score; check --category or the column "category"',
            )
        )
    return {category: units for category, units in found.items() if category in scheme.tables}, findings


def _no_table(rows: FactRows, category: str, known: list[str]) -> Finding:
    tables = "、".join(known)
    return rows.fault(
        f"没有类别“{category}”的指标表，方案中有：{tables}；可用 --category 指明，或在数据中加“类别”列",
        f'no table of category "{category}"; there are: {tables}; use --category or a column "category"',
    )


def _places(card: Scorecard) -> str:
    lines = [card.table.category]
    for each in card.standings():
        place = "—" if each.rank is None else str(each.rank)
        total = card.text(each.total)
        lines.append("\t".join((place, each.unit, total, each.grade or "")))
    return "\n".join(lines)


def _tell(findings: Iterable[Finding], lang: str) -> int:
    """Print one sentence per finding on standard error and return the exit code of a faulty input."""
    for finding in findings:
        stop = "。" if lang == "zh" else "."
        print(f"{finding.message(lang).rstrip('。.')}{stop}", file=sys.stderr)
    return FAULTY


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="说明文字的语言")
