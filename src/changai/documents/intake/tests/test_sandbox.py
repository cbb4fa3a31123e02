"""Every way a parser can end reaches the caller as a value or as one Chinese refusal."""

import time
from pathlib import Path

import pytest

from changai.core.errors import Unreadable
from changai.documents.intake.sandbox import Limits, parse_limited

HOSTILE = "changai.documents.intake.tests.hostile:"
TIGHT = Limits(cpu_seconds=1, wall_seconds=1.5, answer_bytes=1_000_000)


@pytest.mark.parametrize(
    "parser",
    [
        "eats_memory",
        "aborts",
        "burns_time",
        "sleeps",
        "kills_itself",
        "talks_nonsense",
        "answers_a_list",
        "talks_too_much",
        "recurses",
        "calls_out",
        "starts_a_process",
        "no_such_parser",
    ],
)
def test_every_bad_end_is_one_refusal(parser: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        parse_limited(HOSTILE + parser, b"x", name="月报.xlsx", limits=TIGHT)
    assert str(refused.value).startswith("月报.xlsx：文件无法读取")
    assert time.monotonic() - begun < 5


def test_a_parser_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "x"
    with pytest.raises(Unreadable):
        parse_limited(HOSTILE + "writes", str(target).encode(), name="a.docx")
    assert not target.exists()


def test_the_parsers_own_refusal_is_told_with_the_files_name() -> None:
    with pytest.raises(Unreadable, match=r"^a\.docx：自己拒绝。$"):
        parse_limited(HOSTILE + "refuses", b"", name="a.docx")


def test_the_child_has_neither_third_party_packages_nor_the_callers_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHANGAI_SECRET_KEY", "secret")
    seen = parse_limited(HOSTILE + "echoes", b"\0" * 3_000_000, name="a.docx")
    assert seen["length"] == 3_000_000
    assert not {"django", "numpy", "openpyxl", "docx"} & set(seen["modules"])
    assert "CHANGAI_SECRET_KEY" not in seen["environment"]


def test_only_parsers_of_the_documents_package_run() -> None:
    with pytest.raises(Unreadable):
        parse_limited("os:getcwd", b"", name="a.docx")


def test_a_file_beyond_the_limit_is_refused_before_a_child_starts() -> None:
    with pytest.raises(Unreadable, match="超过 0 MB"):
        parse_limited(HOSTILE + "refuses", b"xx", name="a.docx", limits=Limits(source_bytes=1))


def test_a_hostile_file_name_is_made_safe_to_show() -> None:
    with pytest.raises(Unreadable) as refused:
        parse_limited(HOSTILE + "refuses", b"", name="资料\u202efdp\n" + "长" * 500 + ".docx")
    shown = str(refused.value)
    assert "\u202e" not in shown
    assert "\n" not in shown
    assert len(shown) < 100
