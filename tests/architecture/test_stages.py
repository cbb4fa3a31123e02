"""The run of all tests counts what pytest reports, and passes over nothing silently."""

from pathlib import Path

import pytest

from tests import stages

REPORT = (
    '<?xml version="1.0"?><testsuites><testsuite name="x" errors="1" failures="2" skipped="3" tests="10"/>'
)


def test_outcomes_are_read_from_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT.replace("/>", "></testsuite>"), encoding="utf-8")
    assert stages.read_report(report) == stages.Count(passed=4, failed=3, skipped=3)
    assert str(stages.read_report(report)) == "4 passed, 3 failed, 3 skipped"


def test_a_run_that_broke_off_counts_as_failed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(stages, "REPORTS", tmp_path)
    monkeypatch.setattr(stages, "returned", lambda *_, **__: 3)
    assert stages.run_pytest("fast", "", extra=[]) == stages.Count(failed=1)


@pytest.mark.parametrize(("extra", "failed"), [([], 1), (["tests/architecture"], 0)])
def test_a_stage_without_a_test_fails_unless_a_part_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, extra: list[str], failed: int
) -> None:
    monkeypatch.setattr(stages, "REPORTS", tmp_path)
    monkeypatch.setattr(stages, "returned", lambda *_, **__: stages.NOTHING_SELECTED)
    assert stages.run_pytest("fast", "", extra=extra).failed == failed


@pytest.mark.parametrize(
    ("ci", "expected"), [("true", stages.Count(failed=1)), ("", stages.Count(skipped=1))]
)
def test_a_stage_that_cannot_run_fails_where_all_must_run(
    monkeypatch: pytest.MonkeyPatch, ci: str, expected: stages.Count
) -> None:
    monkeypatch.setenv("CI", ci)
    assert stages.outcome(stages.Stage("browser", stages.Count, "Chromium is not installed")) == expected
