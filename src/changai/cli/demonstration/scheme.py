"""The demonstration's indicator system, written for it; the office loads it as a workbook."""

from typing import Any

Rule = dict[str, Any]


def _rate(num: str, den: str) -> Rule:
    of = {"measure": "Ratio", "num": num, "den": den, "times": 100, "unit": "%"}
    return {"rule": "Linear", "of": of, "knots": [[0, 0], [100, 1]]}


def _steps(num: str, den: str, bounds: list[int], shares: list[str]) -> Rule:
    of = {"measure": "Ratio", "num": num, "den": den, "times": 100, "unit": "%"}
    return {"rule": "Tiers", "of": of, "bounds": bounds, "shares": shares}


def _less(**each: str) -> Rule:
    return {"rule": "PerItem", "items": each, "start": "full", "floor": "0"}


def _more(cap: str, **each: str) -> Rule:
    return {"rule": "PerItem", "items": each, "start": "0", "cap": cap}


def _leaf(
    code: str, name: str, points: str, rule: Rule, wording: str, owner: str = "市产改办"
) -> dict[str, Any]:
    leaf = {
        "code": code,
        "name": name,
        "points": points,
        "rule": rule,
        "wording": wording,
        "data_owner": owner,
    }
    # Nothing fell due yet, nothing was asked for yet: silence of the table must not cost the unit points.
    return leaf | ({"void": "full"} if "Ratio" in str(rule) else {})


def _branch(code: str, name: str, points: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "name": name, "points": points, "children": list(children)}


GRADES = [
    {"name": "优秀", "min": "90", "quota": "0.3"},
    {"name": "良好", "min": "80"},
    {"name": "合格", "min": "60"},
    {"name": "不合格", "min": None},
]
DONE = "按到期任务完成率计分，全部完成得满分"
LATE = "迟报一次扣1分，未报一次扣2分，扣完为止"
RETURNED = "因质量问题每退回一次扣0.5分，扣完为止"
REVIEWED = "由办公室根据经验推广实效核定，须写明理由"
PLATFORMS = {"platform_academy": "2", "platform_alliance": "2", "platform_service": "1"}


def _county() -> list[dict[str, Any]]:
    return [
        _branch(
            "1",
            "责任落实",
            "35",
            _branch(
                "1.1",
                "任务推进",
                "20",
                _leaf("1.1.1", "到期任务完成率", "20", _rate("tasks_done", "tasks_due"), DONE),
            ),
            _branch(
                "1.2",
                "报送管理",
                "15",
                _leaf("1.2.1", "月报及时性", "10", _less(ledger_late="-1", ledger_missing="-2"), LATE),
                _leaf("1.2.2", "月报质量", "5", _less(ledger_returned="-0.5"), RETURNED),
            ),
        ),
        _branch(
            "2",
            "素质提升",
            "25",
            _branch(
                "2.1",
                "技能培训",
                "25",
                _leaf(
                    "2.1.1",
                    "培训任务完成率",
                    "15",
                    _rate("training_persons", "training_target"),
                    "按完成率得分，100%得满分",
                    "市人力资源和社会保障局",
                ),
                _leaf(
                    "2.1.2",
                    "培训后取证比例",
                    "10",
                    _steps("training_certified", "training_persons", [40, 50, 60], ["0.6", "0.8", "1"]),
                    "60%以上得满分，50%以上得80%，40%以上得60%",
                    "市人力资源和社会保障局",
                ),
            ),
        ),
        _branch(
            "3",
            "建功立业",
            "15",
            _branch(
                "3.1",
                "竞赛创新",
                "15",
                _leaf(
                    "3.1.1",
                    "竞赛覆盖工种",
                    "5",
                    {
                        "rule": "Tiers",
                        "of": {"measure": "Value", "field": "competition_jobs", "unit": "个"},
                        "bounds": [4, 8, 12],
                        "shares": ["0.4", "0.7", "1"],
                    },
                    "12个以上得满分，8个以上得70%，4个以上得40%",
                ),
                _leaf(
                    "3.1.2",
                    "创新成果转化",
                    "5",
                    _more("5", innovation_applied="0.5"),
                    "每转化一项得0.5分，最高5分",
                ),
                _leaf(
                    "3.1.3",
                    "平台建设",
                    "5",
                    {"rule": "Checklist", "items": PLATFORMS},
                    "工匠学院投入使用2分，创新工作室联盟开展攻关2分，职工服务中心开放1分",
                ),
            ),
        ),
        _branch(
            "4",
            "队伍壮大",
            "20",
            _branch(
                "4.1",
                "建会入会",
                "15",
                _leaf(
                    "4.1.1",
                    "新就业形态入会完成率",
                    "10",
                    _rate("union_members", "union_target"),
                    "按完成率得分，100%得满分",
                    "市总工会",
                ),
                _leaf(
                    "4.1.2",
                    "户外驿站建设",
                    "5",
                    _more("5", stations_new="1"),
                    "每新建一个得1分，最高5分",
                    "市总工会",
                ),
            ),
            _branch(
                "4.2",
                "权益保障",
                "5",
                _leaf(
                    "4.2.1",
                    "集体合同签订率",
                    "5",
                    _steps("contract_signed", "contract_due", [80, 90], ["0.6", "1"]),
                    "90%以上得满分，80%以上得60%",
                ),
            ),
        ),
        _branch(
            "5",
            "典型培育",
            "5",
            _branch(
                "5.1",
                "经验推广",
                "5",
                _leaf("5.1.1", "典型经验", "5", {"rule": "Reviewed", "field": "typical"}, REVIEWED),
            ),
        ),
    ]


def _member() -> list[dict[str, Any]]:
    return [
        _branch(
            "1",
            "任务落实",
            "60",
            _branch(
                "1.1",
                "任务推进",
                "60",
                _leaf("1.1.1", "到期任务完成率", "60", _rate("tasks_done", "tasks_due"), DONE),
            ),
        ),
        _branch(
            "2",
            "报送管理",
            "25",
            _branch(
                "2.1",
                "月报",
                "25",
                _leaf("2.1.1", "月报及时性", "15", _less(ledger_late="-1", ledger_missing="-2"), LATE),
                _leaf("2.1.2", "月报质量", "10", _less(ledger_returned="-0.5"), RETURNED),
            ),
        ),
        _branch(
            "3",
            "统筹协作",
            "15",
            _branch(
                "3.1",
                "政策供给",
                "15",
                _leaf("3.1.1", "配套政策实效", "15", {"rule": "Reviewed", "field": "typical"}, REVIEWED),
            ),
        ),
    ]


def _enterprise() -> list[dict[str, Any]]:
    return [
        _branch(
            "1",
            "责任落实",
            "40",
            _branch(
                "1.1",
                "任务推进",
                "25",
                _leaf("1.1.1", "到期任务完成率", "25", _rate("tasks_done", "tasks_due"), DONE),
            ),
            _branch(
                "1.2",
                "报送管理",
                "15",
                _leaf("1.2.1", "月报及时性", "15", _less(ledger_late="-1", ledger_missing="-2"), LATE),
            ),
        ),
        _branch(
            "2",
            "素质提升",
            "30",
            _branch(
                "2.1",
                "技能培训",
                "30",
                _leaf(
                    "2.1.1",
                    "培训任务完成率",
                    "20",
                    _rate("training_persons", "training_target"),
                    "按完成率得分，100%得满分",
                ),
                _leaf(
                    "2.1.2",
                    "培训后取证比例",
                    "10",
                    _steps("training_certified", "training_persons", [40, 50, 60], ["0.6", "0.8", "1"]),
                    "60%以上得满分，50%以上得80%，40%以上得60%",
                ),
            ),
        ),
        _branch(
            "3",
            "建功立业",
            "20",
            _branch(
                "3.1",
                "岗位创新",
                "20",
                _leaf(
                    "3.1.1",
                    "创新成果转化",
                    "20",
                    _more("20", innovation_applied="1"),
                    "每转化一项得1分，最高20分",
                ),
            ),
        ),
        _branch(
            "4",
            "典型培育",
            "10",
            _branch(
                "4.1",
                "经验推广",
                "10",
                _leaf("4.1.1", "典型经验", "10", {"rule": "Reviewed", "field": "typical"}, REVIEWED),
            ),
        ),
    ]


def scheme(year: int) -> dict[str, Any]:
    """Return the indicator system of a year as the scoring core's JSON object."""
    tables = {"县区": _county(), "成员单位": _member(), "直属企业": _enterprise()}
    return {
        "scheme": "示范市产业工人队伍建设改革评价考核指标体系",
        "year": year,
        "version": "1.0",
        "decimals": 2,
        "tables": [
            {
                "category": category,
                "full": "100",
                "nodes": nodes,
                "grades": GRADES,
                "ranking": {"by": "total", "tie_breakers": []},
            }
            for category, nodes in tables.items()
        ],
    }
