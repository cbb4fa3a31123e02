"""The whole loop without a browser: `changai demo` leaves papers that agree with each other, down to the records."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from changai.documents.intake.outline import propose

PAPERS = (
    "plan.json",
    "claims.csv",
    "reports.csv",
    "result.json",
    "briefing.docx",
    "briefing.pdf",
    "provenance.json",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "out"
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("CHANGAI_", "DJANGO_"))
    }
    command = [sys.executable, "-m", "changai.cli.main", "demo", "--out", str(folder)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))


def test_every_paper_is_there(out: Path) -> None:
    assert sorted(file.name for file in out.iterdir()) == sorted(PAPERS)


def test_nothing_of_the_plan_is_lost(out: Path) -> None:
    plan = json.loads((out / "plan.json").read_text())
    text = plan["title"] + plan["preamble"] + "".join(_texts(plan["clauses"])) + plan["closing"]
    assert len(plan["clauses"]) == 6
    assert propose(text).joined() == text
    assert sum(1 for _ in _measures(plan["clauses"])) >= 25


def _texts(clauses: list[dict[str, Any]]) -> Iterator[str]:
    for clause in clauses:
        yield clause["label"] + clause["heading"] + clause["text"]
        yield from _texts(clause["children"])


def _measures(clauses: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for clause in clauses:
        yield from clause["measures"]
        yield from _measures(clause["children"])


def test_units_answered_in_every_way(out: Path) -> None:
    states = {row["状态"] for row in rows(out / "claims.csv")}
    assert {"已认领", "有异议", "待认领", "已转办", "已撤销"} <= states


def test_reports_came_on_time_late_and_not_at_all(out: Path) -> None:
    reports = [row for row in rows(out / "reports.csv") if row["状态"] != "填报中" or row["摘要"]]
    accepted = [row for row in reports if row["状态"] == "已采用"]
    assert len(accepted) > 50
    assert all(len(row["摘要"]) == 64 for row in accepted)
    assert any(row["报出时间"][:10] > row["应报日期"] for row in accepted)
    assert all("08" <= row["报出时间"][11:13] <= "18" for row in accepted)  # of the office's clock
    assert any(int(row["退回次数"]) for row in accepted)


def test_points_add_up_and_every_leaf_has_its_sentence(out: Path) -> None:
    result = json.loads((out / "result.json").read_text())
    assert {table["category"] for table in result["tables"]} == {"县区", "成员单位", "直属企业"}
    for table in result["tables"]:
        for unit in table["units"]:
            leaves = unit["leaves"]
            assert all(leaf["sentence"] for leaf in leaves)
            hundredths = sum(round(float(leaf["points"]) * 100) for leaf in leaves)
            assert hundredths == round(float(unit["regular"]) * 100)


def test_every_figure_printed_has_its_way_down(out: Path) -> None:
    provenance = json.loads((out / "provenance.json").read_text())
    printed = _docx_text(out / "briefing.docx")
    assert len(provenance["figures"]) > 40
    for figure in provenance["figures"]:
        assert figure["definition"]
        if not figure["key"].startswith(
            ("parts.", "scores.", "rates.member", "rates.county", "rates.enterprise")
        ):
            assert figure["printed"] in printed, figure["name"]
    assert _reaches(provenance, "reporting.submission")
    assert _reaches(provenance, "facts.fact")
    assert _reaches(provenance, "plans.measure")
    assert _reaches(provenance, "assessments.leaf")


def _docx_text(file: Path) -> str:
    document = Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def _reaches(node: Any, kind: str) -> bool:
    if isinstance(node, dict):
        return node.get("type") == kind or any(_reaches(child, kind) for child in node.values())
    return isinstance(node, list) and any(_reaches(child, kind) for child in node)


def test_a_score_in_the_briefing_leads_to_the_signed_report(out: Path) -> None:
    provenance = json.loads((out / "provenance.json").read_text())
    score = next(figure for figure in provenance["figures"] if figure["key"] == "scores.C01.total")
    leaf = next(leaf for leaf in score["records"][0]["from"] if leaf["label"].startswith("2.1.1"))
    fact = next(fact for fact in leaf["from"] if fact["from"][0]["type"] == "reporting.report")
    report = fact["from"][0]
    assert report["accepted_by"]
    assert report["from"][-1]["type"] == "reporting.submission"
    assert len(report["from"][-1]["digest"]) == 64


def test_the_pdf_says_what_the_docx_says(out: Path) -> None:
    text = "".join(page.extract_text() for page in PdfReader(str(out / "briefing.pdf")).pages).replace(
        "\n", ""
    )
    for heading in ("总体情况", "重点数据", "报送情况", "考核得分", "下步工作"):
        assert heading in text
