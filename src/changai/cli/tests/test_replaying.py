"""`changai verify --replay`: archived years come out the same at every release; `--keep` writes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from changai.cli.main import main
from changai.cli.verify import archived_years
from changai.core.scoring.archives import replay_archive

# What the archived year came to when it was kept. A release that changes any of it changes results that stand.
STANDING = [
    ("中县", "99.00", "1", "合格"),
    ("东县", "95.54", "2", "优秀"),
    ("南县", "84.05", "3", "良好"),
    ("西县", "54.69", "4", "不合格"),
    ("新区", "52.88", "5", "不合格"),
    ("北县", "25.44", "6", "不合格"),
]


def test_the_archived_year_is_scored_to_the_same_at_every_release() -> None:
    (kept,) = [json.loads(text) for text in archived_years()]
    replayed = replay_archive(kept)
    assert replayed.differences == ()
    shown = [(each["unit"], each["total"], each["rank"], each["grade"]) for each in kept["result"]["units"]]
    assert shown == STANDING
    assert len({json.dumps(node["rule"])[:20] for node in _leaves(kept["scheme"])}) >= 10


def _leaves(scheme: Any) -> list[Any]:
    nodes = [*scheme["tables"][0]["nodes"]]
    found = []
    while nodes:
        node = nodes.pop()
        nodes += node.get("children", [])
        found += [node] if "rule" in node else []
    return found


def test_files_are_replayed_without_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = json.loads(next(iter(archived_years())))
    good, bad, none = tmp_path / "2025.json", tmp_path / "改过.json", tmp_path / "别的.json"
    good.write_text(json.dumps(kept), encoding="utf-8")
    assert main(["verify", "--replay", str(good)]) == 0
    assert "重新计算一致" in capsys.readouterr().out
    next(fact for fact in kept["facts"] if fact[1] == "trained")[2] = "1"
    bad.write_text(json.dumps(kept), encoding="utf-8")
    none.write_text("{}", encoding="utf-8")
    assert main(["verify", "--replay", str(good), str(bad), str(none), str(tmp_path / "没有.json")]) == 2
    told = capsys.readouterr().out
    assert "重新计算与存档不一致" in told
    assert "不是考核结果存档文件" in told
    assert "无法读取" in told


@pytest.mark.django_db
def test_results_and_the_year_that_comes_along_are_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--replay"]) == 0
    told = capsys.readouterr().out
    assert "2025年县区考核" in told
    assert "已公布 0 次" in told
    assert main(["verify", "--keep", str(tmp_path / "存档")]) == 0
    assert (tmp_path / "存档").is_dir()
