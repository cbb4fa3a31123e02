"""The scoring commands on real files: what they write, and how they refuse."""

import argparse
import json

import openpyxl
import pytest

from changai.cli import scoring as command
from changai.core import scoring
from changai.core.errors import Invalid, Unreadable

SCHEME = {
    "scheme": "示范市产改评价考核",
    "year": 2022,
    "tables": [
        {
            "category": "县区",
            "void": "zero",
            "nodes": [
                {
                    "code": "1",
                    "name": "素质提升",
                    "points": "60",
                    "rule": {
                        "rule": "Linear",
                        "of": {
                            "measure": "Ratio",
                            "num": "trained",
                            "den": "plan",
                            "times": 100,
                            "unit": "%",
                        },
                        "knots": [[0, 0], [100, 1]],
                    },
                },
                {
                    "code": "2",
                    "name": "月报报送",
                    "points": "40",
                    "rule": {"rule": "PerItem", "items": {"late": "-1"}, "floor": "0"},
                },
            ],
            "grades": [{"name": "优秀", "min": "90"}, {"name": "合格"}],
        }
    ],
}
LONG = (
    "unit,field,period,value,status\n甲县,trained,2022,432,\n甲县,plan,2022,500,\n甲县,late,2022,2,REPORTED\n"
)
LONG += "乙县,trained,2022,５００,\n乙县,plan,2022,500,\n乙县,late,2022,,待核\n"
WIDE = "单位,trained,plan,late\n甲县,432,500,2\n乙县,500,500,待核\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "scheme.json").write_text(json.dumps(SCHEME, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "long.csv").write_text(LONG, encoding="utf-8")
    (tmp_path / "wide.csv").write_text(WIDE, encoding="utf-8")
    return tmp_path


def run(*words):
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    arguments = parser.parse_args([str(word) for word in words])
    return arguments.run(arguments)


def printed(capfdbinary):
    return capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize("facts", ["long.csv", "wide.csv"])
def test_score_prints_the_result(files, capfdbinary, facts):
    assert run("score", files / "scheme.json", files / facts) == 0
    result = json.loads(printed(capfdbinary))
    first, second = result["tables"][0]["units"]
    assert (first["unit"], first["total"], first["rank"], first["grade"]) == ("甲县", "89.84", "1", "合格")
    assert (second["unit"], second["rank"], second["attainable"]) == ("乙县", None, ["60.00", "100.00"])
    assert first["leaves"][0]["sentence"].startswith("432/500 = 86.4%")
    assert result["seed"] is None


def test_score_writes_json_workbook_and_charts(files, capfdbinary):
    out = files / "out"
    assert (
        run("score", files / "scheme.json", files / "wide.csv", "--out", out, "--draws", 50, "--seed", 3) == 0
    )
    assert "甲县\t89.84\t合格" in printed(capfdbinary)
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert result["seed"] == "3"
    assert result["tables"][0]["robustness"]["draws"] == "50"
    assert (out / "ranks.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "ranks.svg").read_text(encoding="utf-8").startswith("<svg")
    from changai.documents.intake.workbook import read_workbook

    book = read_workbook((out / "result.xlsx").read_bytes(), name="result.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["总分", "各项得分", "甲县", "乙县"]
    assert book.sheets[0].rows[1][7].value == "89.84"


def test_scheme_travels_through_json_workbook_and_yaml_unchanged(files):
    assert run("check", files / "scheme.json", "--save", files / "a.xlsx") == 0
    assert run("check", files / "a.xlsx", "--save", files / "b.yaml") == 0
    assert run("check", files / "b.yaml", "--save", files / "c.json") == 0
    first = scoring.Scheme.from_json((files / "scheme.json").read_text(encoding="utf-8"))
    assert scoring.Scheme.from_json((files / "c.json").read_text(encoding="utf-8")) == first


def test_faults_are_told_at_once_with_file_and_cell_and_nothing_is_written(files, capfd):
    bad = "单位,trained,plan,late\n甲县,432%,500,-1\n乙县,NaN,500,0\n"
    (files / "bad.csv").write_text(bad, encoding="utf-8")
    assert run("score", files / "scheme.json", files / "bad.csv", "--out", files / "none") == 2
    told = capfd.readouterr().err.splitlines()
    assert len(told) == 3
    assert told[0].startswith("bad.csv CSV 第 2 行：B2 单元格（trained）：“432%”")
    assert told[2] == "bad.csv CSV D2：指标 2：甲县的“late”为 -1，不应小于 0。"
    assert not (files / "none").exists()
    (files / "bad.csv").write_text(bad.replace("432%", "432").replace("NaN", "3"), encoding="utf-8")
    assert run("score", files / "scheme.json", files / "bad.csv", "--lang", "en") == 2
    assert capfd.readouterr().err == "bad.csv CSV D2: node 2: late of 甲县 is -1; must not be below 0.\n"


def test_faults_of_scheme_and_facts_are_told_in_one_answer(files, capfd):
    (files / "sum.json").write_text(json.dumps(SCHEME).replace('"60"', '"61"'), encoding="utf-8")
    twice = "unit,field,value\n甲县,late,NaN\n甲县,plan,1\n甲县,plan,2\n"
    (files / "twice.csv").write_text(twice, encoding="utf-8")
    for command_line in (("score", "--out", files / "none"), ("check",)):
        name, *options = command_line
        assert run(name, files / "sum.json", files / "twice.csv", *options) == 2
        told = capfd.readouterr().err.splitlines()
        assert [each.split("：")[0] for each in told] == [
            "sum.json",
            "twice.csv CSV 第 2 行",
            "twice.csv CSV C4",
        ]
    assert not (files / "none").exists()
    assert run("score", files / "scheme.json", files / "twice.csv") == 2
    assert len(capfd.readouterr().err.splitlines()) == 2


def test_nobody_to_score_is_refused(files, capfd):
    (files / "other.csv").write_text("单位,类别,late\n甲校,学校,1\n", encoding="utf-8")
    assert (
        run("score", files / "scheme.json", files / "other.csv", "--category", "县区", "--out", files / "o")
        == 2
    )
    assert capfd.readouterr().err.startswith("other.csv：没有类别“县区”的考核对象，无可计分")
    assert not (files / "o").exists()


def test_a_rate_written_as_95_where_the_rule_means_0_95_is_asked_about(files, capfd):
    shares = json.dumps(SCHEME).replace('"times": 100', '"times": 1').replace("[100, 1]", "[1, 1]")
    plain = '{"measure": "Value", "field": "rate"}'
    start = shares.index('{"measure"')
    (files / "share.json").write_text(
        shares[:start] + plain + shares[shares.index("}", start) + 1 :], encoding="utf-8"
    )
    (files / "rate.csv").write_text("unit,rate,late\n甲县,95,0\n乙县,0.9,0\n", encoding="utf-8")
    assert run("score", files / "share.json", files / "rate.csv", "--out", files / "o") == 2
    assert "rate.csv CSV B2：指标 1：甲县的“rate”为 95，而规则以 0.95 表示 95%" in capfd.readouterr().err
    assert not (files / "o").exists()
    (files / "rate.csv").write_text("unit,rate,late\n甲县,0.95,0\n乙县,0.9,0\n", encoding="utf-8")
    assert run("score", files / "share.json", files / "rate.csv", "--out", files / "o") == 0


def test_points_shown_as_percentages_are_asked_about(files, capfd):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "指标表"
    for row in (
        ["一级指标", "分值", "评分规则", "数据项"],
        ["甲", 0.95, "由考核组核定", "x"],
        ["乙", 5, "看着办", "y"],
    ):
        sheet.append(row)
    sheet["B2"].number_format = "0%"
    grades = book.create_sheet("等次")
    for row in (["等次", "最低分", "名额比例"], ["优秀", 90, 0.3], ["合格", None, None]):
        grades.append(row)
    grades["C2"].number_format = "0%"
    book.save(files / "percent.xlsx")
    assert run("check", files / "percent.xlsx") == 2
    told = capfd.readouterr().err.splitlines()
    assert told[0].startswith("percent.xlsx 指标表 B2：单元格为百分比格式，存的是 0.95；请改为常规数字")
    sheet["B2"].number_format, sheet["B2"], sheet["C3"] = "General", 95, "由考核组核定"
    book.save(files / "percent.xlsx")
    assert run("check", files / "percent.xlsx") == 0


def test_several_periods_need_a_choice(files, capfdbinary):
    more = LONG + "甲县,trained,2021,100,\n"
    (files / "two.csv").write_text(more, encoding="utf-8")
    assert run("score", files / "scheme.json", files / "two.csv") == 2
    assert "2021、2022" in capfdbinary.readouterr().err.decode()
    assert run("score", files / "scheme.json", files / "two.csv", "--period", "2022") == 0
    assert json.loads(printed(capfdbinary))["tables"][0]["units"][0]["total"] == "89.84"


def test_unknown_category_and_broken_scheme_are_refused(files, capfd):
    assert run("score", files / "scheme.json", files / "wide.csv", "--category", "企业") == 2
    assert "没有类别“企业”的指标表，方案中有：县区" in capfd.readouterr().err
    (files / "broken.json").write_text('{"scheme": "x", "tables": [', encoding="utf-8")
    assert run("check", files / "broken.json") == 2
    assert capfd.readouterr().err.startswith("broken.json：不是有效的 JSON")
    (files / "sum.json").write_text(json.dumps(SCHEME).replace('"60"', '"61"'), encoding="utf-8")
    assert run("check", files / "sum.json", "--lang", "en") == 2
    assert 'first-level points of "县区" sum to 101, not 100' in capfd.readouterr().err


def test_check_with_facts_audits_the_table(files, capfdbinary):
    assert run("check", files / "scheme.json", files / "long.csv") == 0
    told = printed(capfdbinary).splitlines()
    assert told[0].startswith("县区：")
    assert told[-2].startswith("县区：只有 2 个对象")
    assert told[-1] == "检查通过，可以计分。"


def test_check_names_what_must_not_be_assessed(files, capfdbinary):
    scheme = (files / "scheme.json").read_text(encoding="utf-8")
    leaf = json.loads(scheme)["tables"][0]["nodes"][0]
    while "children" in leaf:
        leaf = leaf["children"][0]
    (files / "burden.json").write_text(scheme.replace(leaf["name"], "召开推进会"), encoding="utf-8")
    assert run("check", files / "burden.json") == 0
    captured = capfdbinary.readouterr()
    assert "确需保留的应书面说明理由" in captured.err.decode()
    (files / "burden.json").write_text(scheme.replace(leaf["name"], "领导批示"), encoding="utf-8")
    assert run("check", files / "burden.json", "--save", files / "saved.json") == 2
    captured = capfdbinary.readouterr()
    assert f"指标 {leaf['code']}：“批示”，以领导批示评分，不得列入考核" in captured.err.decode()
    assert not captured.out
    assert not (files / "saved.json").exists()


def workbook(path, rows, formats=None):
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for address, form in (formats or {}).items():
        book.active[address].number_format = form
    book.save(path)


def test_facts_in_a_workbook_with_formulas_percentages_and_errors(files, capfd):
    rows = [["单位", "trained", "plan", "late"], ["甲县", 0.95, 500, "#N/A"], ["乙县", "=1/0", True, 1]]
    workbook(files / "facts.xlsx", rows, {"B2": "0%"})
    assert run("score", files / "scheme.json", files / "facts.xlsx") == 2
    told = capfd.readouterr().err
    assert "facts.xlsx Sheet 第 2 行：B2 单元格（trained）为百分比格式，存的是 0.95" in told
    assert "D2 单元格为 #N/A，不是数值" in told
    assert "B3 单元格" in told


def test_an_offices_scheme_workbook_scores_a_workbook_of_facts(files, capfdbinary):
    heads = ["类别", "一级指标", "二级指标", "分值", "评分规则", "数据项"]
    rows = [
        heads,
        ["县区", "素质提升（６０分）", "培训", 60, "按完成率得分，100%得满分", "完成/计划"],
        [None, "制度", None, 40, "每迟报一次扣1分，扣完为止", "迟报"],
    ]
    workbook(files / "office.xlsx", rows)
    workbook(files / "facts.xlsx", [["单位", "完成", "计划", "迟报"], ["甲县", 45, 50, 3]])
    assert run("score", files / "office.xlsx", files / "facts.xlsx") == 0
    unit = json.loads(printed(capfdbinary))["tables"][0]["units"][0]
    assert unit["total"] == "91.00"
    assert (
        unit["leaves"][0]["sentence"]
        == "45/50 = 90%，在 0%（0 分）与 100%（60 分）之间按比例计，得 54 分（满分 60 分）。"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "不是有效的 YAML"),
        ("- a", "最外层应为一个对象"),
        ("a: &x [1]\nb: *x", "不接受别名"),
        ("scheme: a\nscheme: b", "“scheme”重复"),
        ("scheme: 1.10\ntables: []\nyear: 2022-01-01", "year 应为整数，现为 '2022-01-01'"),
    ],
)
def test_yaml_that_cannot_be_read(files, capfd, text, told):
    (files / "s.yaml").write_text(text, encoding="utf-8")
    assert run("check", files / "s.yaml") == 2
    assert told in capfd.readouterr().err


def test_files_of_other_kinds_are_refused(files):
    (files / "gbk.json").write_bytes('{"方案": 1}'.encode("gbk"))
    with pytest.raises(Unreadable, match="UTF-8"):
        run("check", files / "gbk.json")
    with pytest.raises(Unreadable, match="文件打不开"):
        run("check", files / "none.json")
    with pytest.raises(Invalid, match="只能保存为"):
        run("check", files / "scheme.json", "--save", files / "x.txt")
    with pytest.raises(Invalid, match="相对标准差"):
        run("score", files / "scheme.json", files / "wide.csv", "--draws", 5, "--spread", 9)
    with pytest.raises(SystemExit):
        run("score", files / "scheme.json", files / "wide.csv", "--draws", 0)


def test_faulty_facts_files(files, capfd):
    cases = {
        "name,x\n甲,1\n": "第一行须有“unit”或“单位”列",
        "unit,x\n": "没有任何数据行",
        "unit,x\n,1\n": "没有写单位",
        "unit,x\n甲,1\n甲,2\n": "单位“甲”出现两次",
        "unit,field,value,status\n甲,late,1,也许\n": "状态“也许”不在可用的写法中",
    }
    for text, told in cases.items():
        (files / "facts.csv").write_text(text, encoding="utf-8")
        assert run("score", files / "scheme.json", files / "facts.csv") == 2
        assert told in capfd.readouterr().err


def test_categories_in_the_facts_choose_the_table(files, capfdbinary):
    two = {**SCHEME, "tables": [SCHEME["tables"][0], {**SCHEME["tables"][0], "category": "企业"}]}
    (files / "two.json").write_text(json.dumps(two, ensure_ascii=False), encoding="utf-8")
    text = "单位,类别,trained,plan,late\n甲县,县区,1,2,0\n乙厂,企业,2,2,0\n"
    (files / "both.csv").write_text(text, encoding="utf-8")
    assert run("score", files / "two.json", files / "both.csv", "--out", files / "o", "--draws", 5) == 0
    assert (files / "o" / "ranks-2.svg").exists()
    result = json.loads((files / "o" / "result.json").read_text(encoding="utf-8"))
    assert [[unit["unit"] for unit in table["units"]] for table in result["tables"]] == [["甲县"], ["乙厂"]]


def test_misspelt_figures_are_told_and_scored_as_absent(files, capfd):
    (files / "typo.csv").write_text(WIDE.replace("late", "latte"), encoding="utf-8")
    assert run("score", files / "scheme.json", files / "typo.csv") == 0
    told = capfd.readouterr().err
    assert "指标 2：数据中没有“late”，所有对象都将按未报送处理" in told
    assert "数据中的“latte”不是本方案的数据项" in told


@pytest.mark.parametrize("of", ["scheme", "facts", "result"])
def test_schemas_are_json(capfdbinary, of):
    assert run("schema", of) == 0
    assert json.loads(printed(capfdbinary))["$schema"].endswith("2020-12/schema")
