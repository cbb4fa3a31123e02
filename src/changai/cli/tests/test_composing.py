"""Composite indices and experts' weights from files."""

import argparse
import csv
import json

import pytest
from tests.reference import CASES

from changai.cli import scoring as command
from changai.core.errors import Invalid, Unreadable


def run(*words):
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    arguments = parser.parse_args([str(word) for word in words])
    return arguments.run(arguments)


def result(capfdbinary, *words):
    assert run(*words) == 0
    return json.loads(capfdbinary.readouterr().out)


@pytest.fixture
def matrix(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("unit,a,b\n甲,1,9\n乙,2,5\n丙,4,3\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("indicator,direction,low,high\na,1,0,4\nb,-1,,\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("aggregate", ["arithmetic", "topsis", "vikor", "copeland", "borda"])
@pytest.mark.parametrize("weights", ["equal", "critic", "pca"])
def test_the_best_in_everything_is_first_by_every_method(matrix, capfdbinary, aggregate, weights):
    directions = matrix.with_name("d.csv")
    words = ("compose", matrix, "--directions", directions, "--aggregate", aggregate, "--weights", weights)
    found = result(capfdbinary, *words)
    assert [unit["unit"] for unit in found["units"]] == ["丙", "乙", "甲"]
    assert sum(float(weight) for weight in found["weights"].values()) == pytest.approx(1)


def test_goalposts_tree_weights_and_draws(matrix, capfdbinary):
    directions = matrix.with_name("d.csv")
    found = result(
        capfdbinary, "compose", matrix, "--directions", directions, "--normalise", "goalposts", "--draws", 200
    )
    assert found["units"][0] == {
        "unit": "丙",
        "value": "1",
        "rank": "1",
        "median": "1",
        "p5": "1",
        "p95": "1",
    }
    tree = matrix.with_name("t.csv")
    tree.write_text("name,parent,weight\nall,,1\na,all,3\nb,all,1\n", encoding="utf-8")
    found = result(capfdbinary, "compose", matrix, "--tree", tree)
    assert [unit["value"] for unit in found["units"]] == ["0.75", "0.333333333333", "0.25"]
    assert found["weights"] == {"a": "0.75", "b": "0.25"}
    weights = matrix.with_name("w.csv")
    weights.write_text("indicator,weight\na,3\nb,1\n", encoding="utf-8")
    assert result(capfdbinary, "compose", matrix, "--weights", weights)["units"] == found["units"]
    assert result(
        capfdbinary,
        "compose",
        matrix,
        "--weights",
        "entropy",
        "--normalise",
        "max",
        "--aggregate",
        "geometric",
    )


def test_gaps_are_filled_by_group_and_outliers_named(tmp_path, capfdbinary):
    rows = [f"u{n},{n},{'x' if n % 2 else 'y'}" for n in range(20)] + ["big,500,x", "gap,NA,y"]
    path = tmp_path / "m.csv"
    path.write_text("unit,a,kind\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = result(capfdbinary, "compose", path, "--group", "kind", "--treat")
    assert (found["missing"], found["treated"]) == ("1", {"a": "winsorised 1"})


def test_results_are_written_to_files(matrix):
    out = matrix.with_name("out")
    assert run("compose", matrix, "--out", out) == 0
    assert json.loads((out / "compose.json").read_text(encoding="utf-8"))["aggregate"] == "arithmetic"
    assert (out / "compose.xlsx").stat().st_size > 1000


@pytest.mark.parametrize(
    ("name", "text", "words", "told"),
    [
        ("m.csv", "unit,a\n甲,x\n乙,1\n", (), "第 2 行“a”列：“x”不是数字"),
        ("m.csv", "unit,a\n甲,\n乙,1\n", (), "请用 --group"),
        ("m.csv", "unit,a\n", (), "至少要有一个单位"),
        ("d.csv", "indicator,direction\nz,1\na,2\n", ("--directions", "d.csv"), "没有指标“z”"),
        ("w.csv", "indicator,weight\na,x\n", ("--weights", "w.csv"), "没有指标“b”的权重"),
        ("w.csv", "indicator,weight\na,-1\nb,1\n", ("--weights", "w.csv"), "权重不能为负"),
        ("t.csv", "name,parent,weight\na,,1\nb,,1\n", ("--tree", "t.csv"), "应恰有一个"),
        ("t.csv", "name,parent,weight\nall,,1\nz,all,1\n", ("--tree", "t.csv"), "既不是指标也没有下级"),
        (
            "t.csv",
            "name,parent,weight\nall,,1\n",
            ("--tree", "t.csv", "--aggregate", "vikor"),
            "不能逐级合成",
        ),
        ("x.csv", "", ("--aggregate", "geometric"), "要求标准化后的数值都大于零"),
        ("x.csv", "", ("--aggregate", "borda", "--draws", "5"), "只用于不分级"),
        ("x.csv", "", ("--group", "没有"), "没有“没有”列"),
        ("m.csv", "unit,a,a\n甲,1,2\n", (), "“a”列有 2 列"),
        ("m.csv", "unit,a\n甲,1\n甲,2\n", (), "单位“甲”有 2 行"),
        (
            "t.csv",
            "name,parent,weight\nall,,1\na,all,1\n",
            ("--tree", "t.csv", "--weights", "entropy"),
            "请去掉 --weights",
        ),
        ("x.csv", "", ("--weights", "entropy", "--normalise", "zscore"), None),
    ],
)
def test_faults_are_named(matrix, monkeypatch, name, text, words, told):
    monkeypatch.chdir(matrix.parent)
    if name != "x.csv":
        (matrix.parent / name).write_text(text, encoding="utf-8")
    if told is None:
        assert run("compose", "m.csv", *words) == 0
        return
    with pytest.raises(Invalid) as refused:
        run("compose", "m.csv", *words)
    assert any(told in each for each in (refused.value.sentence, *refused.value.faults))


def test_a_number_of_draws_below_one_is_no_number_of_draws(matrix, capsys):
    with pytest.raises(SystemExit):
        run("compose", matrix, "--draws", "-5")
    assert "must be at least 1" in capsys.readouterr().err


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(Unreadable, match="文件打不开"):
        run("compose", tmp_path / "none.csv")


def test_ahp_prints_weights_points_and_disagreement(tmp_path, capfdbinary):
    path = tmp_path / "j.csv"
    rows = ["张,a,b,2", "张,a,c,4", "张,b,c,2", "李,a,b,9", "李,a,c,1/9", "李,b,c,9"]
    path.write_text("expert,first,second,value\n" + "\n".join(rows) + "\n", encoding="utf-8")
    found = result(capfdbinary, "ahp", path, "--points", "10")["全部"]
    assert sum(float(item["points"]) for item in found["items"]) == 10
    assert [expert["usable"] for expert in found["experts"]] == [True, False]
    assert found["experts"][1]["worst_triads"] == [["a", "b", "c"]]
    assert found["random_index"] == "simulated-60000"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("first,second\na,b\n", "缺少列 value"),
        ("first,second,value\na,b,much\n", "“much”不是数字"),
        ("first,second,value\na,b,10\n", "不在 1/9 至 9 之间"),
    ],
)
def test_impossible_judgements_are_named(tmp_path, text, told):
    path = tmp_path / "j.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        run("ahp", path)
    assert any(told in each for each in (refused.value.sentence, *refused.value.faults))


@pytest.mark.parametrize("wrong", ["x", "0"])
def test_points_must_be_positive_numbers(tmp_path, wrong):
    with pytest.raises(SystemExit):
        run("ahp", tmp_path / "j.csv", "--points", wrong)


def test_a_published_index_is_rebuilt_from_files(tmp_path, capfdbinary):
    source = CASES / "oecd_tai"
    if not source.exists():
        pytest.skip("the published case oecd_tai is not on this machine")
    posts = json.loads((source / "goalposts.json").read_text(encoding="utf-8"))
    lines = [
        f"{n},1,{low},{high}" for n, low, high in zip(posts["order"], posts["min"], posts["max"], strict=True)
    ]
    directions = tmp_path / "d.csv"
    directions.write_text("indicator,direction,low,high\n" + "\n".join(lines) + "\n", encoding="utf-8")
    words = ("compose", source / "raw_table_A2.csv", "--directions", directions, "--normalise", "goalposts")
    found = {unit["unit"]: unit["rank"] for unit in result(capfdbinary, *words)["units"]}
    with (source / "published_ranks_tables_23_38.csv").open(encoding="utf-8") as file:
        published = {row["country"]: row["EW"] for row in csv.DictReader(file)}
    assert found == published


def test_an_indicator_is_counted_per_head(tmp_path, capfdbinary):
    (tmp_path / "m.csv").write_text("unit,a,人口,note\n甲,10,5,x\n乙,12,12,y\n丙,6,4,z\n", encoding="utf-8")
    (tmp_path / "d.csv").write_text("indicator,direction,denominator\na,1,人口\n", encoding="utf-8")
    (tmp_path / "t.csv").write_text("name,parent,weight\nall,,1\na,all,1\n", encoding="utf-8")
    words = ("compose", tmp_path / "m.csv", "--directions", tmp_path / "d.csv")
    found = result(capfdbinary, *words, "--tree", tmp_path / "t.csv")
    assert [(unit["unit"], unit["value"]) for unit in found["units"]] == [
        ("甲", "1"),
        ("丙", "0.5"),
        ("乙", "0"),
    ]
    assert found["denominators"] == {"a": "人口"}
    # Without a tree every further column must be a number, and the denominator is no indicator.
    (tmp_path / "m.csv").write_text("unit,a,人口\n甲,10,5\n乙,12,12\n丙,6,4\n", encoding="utf-8")
    assert list(result(capfdbinary, *words)["weights"]) == ["a"]
    (tmp_path / "d.csv").write_text("indicator,direction,denominator\na,1,面积\n", encoding="utf-8")
    with pytest.raises(Invalid, match="没有作分母的列 面积"):
        run(*words)
    (tmp_path / "d.csv").write_text("indicator,direction,denominator\na,1,人口\n", encoding="utf-8")
    (tmp_path / "m.csv").write_text("unit,a,人口\n甲,10,0\n乙,12,12\n", encoding="utf-8")
    with pytest.raises(Invalid, match="缺失值"):
        run(*words)


def test_orders_by_pairs_and_the_benefit_of_the_doubt(matrix, capfdbinary):
    directions = matrix.with_name("d.csv")
    words = ("compose", matrix, "--directions", directions)
    found = result(capfdbinary, *words, "--aggregate", "kemeny", "--weights", "factors")
    assert [(unit["unit"], unit["value"]) for unit in found["units"]] == [
        ("丙", "1"),
        ("乙", "2"),
        ("甲", "3"),
    ]
    found = result(capfdbinary, *words, "--aggregate", "benefit", "--shares", "0.2", "0.8")
    assert [unit["unit"] for unit in found["units"]] == ["丙", "乙", "甲"]
    with pytest.raises(Invalid, match="benefit：权重下限不能高于平均份额"):
        run(*words, "--aggregate", "benefit", "--shares", "0.9", "1")


def test_asem_is_rebuilt_from_its_published_files(tmp_path, capfdbinary):
    folder = CASES / "coinr_asem"
    if not folder.exists():
        pytest.skip("the published case coinr_asem is not on this machine")
    with (folder / "iMeta.csv").open(encoding="utf-8") as file:
        meta = [row for row in csv.DictReader(file) if row["Type"] in ("Indicator", "Aggregate")]
    with (tmp_path / "d.csv").open("w", encoding="utf-8") as file:
        lines = [
            (row["iCode"], f"{float(row['Direction']):g}", row["Denominator"])
            for row in meta
            if row["Type"] == "Indicator"
        ]
        csv.writer(file).writerows([("indicator", "direction", "denominator"), *lines])
    with (tmp_path / "t.csv").open("w", encoding="utf-8") as file:
        lines = [(row["iCode"], row["Parent"].replace("NA", ""), row["Weight"]) for row in meta]
        csv.writer(file).writerows([("name", "parent", "weight"), *lines])
    words = (
        "--directions",
        tmp_path / "d.csv",
        "--tree",
        tmp_path / "t.csv",
        "--group",
        "EurAsia_group",
        "--treat",
    )
    found = {
        unit["unit"]: unit for unit in result(capfdbinary, "compose", folder / "iData.csv", *words)["units"]
    }
    with (folder / "iData.csv").open(encoding="utf-8") as file:
        names = {row["uCode"]: row["uName"] for row in csv.DictReader(file)}
    with (folder / "published_nominal.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            unit = found[names[row["uCode"]]]
            assert 100 * float(unit["value"]) == pytest.approx(float(row["Score"]), abs=1e-9)
            assert unit["rank"] == row["Rank"]
