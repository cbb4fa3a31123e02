"""The sheets and column heads of a scheme workbook."""

from __future__ import annotations

INDICATORS = "指标表"
GRADES = "等次"
SETTINGS = "设置"
FIELDS = "数据项"

# Head -> member of the node. The level heads, 项目, 分值, 评分规则 and 数据项 are read by their own rules.
CATEGORY = "类别"
PART = "项目"
LEVEL_HEADS = ("一级指标", "二级指标", "三级指标")
CODE = "编号"
POINTS = "分值"
RULE = "评分规则"
FIGURES = "数据项"
MATTER = "同一事项"
DOCUMENT = "依据文件"

PLAIN = {
    "评分标准": "wording",
    "佐证材料": "evidence",
    "核验方式": "verification",
    "数据来源": "data_owner",
    "责任单位": "responsible",
    "导向说明": "orientation",
}
POLICIES = {"缺报处理": "missing", "不适用处理": "not_applicable", "分母为零处理": "void"}
POLICY_WORDS = {"计零分": "zero", "计满分": "full", "按平均分": "average", "按比例折算": "reweight"}
NATURE = "性质"
NATURE_WORDS = {"结果": "result", "过程": "process"}
DIRECTION = "方向"
DIRECTION_WORDS = {"越高越好": "more", "越低越好": "less", "适度": "centred"}
LOWEST = "最低分"

INDICATOR_HEADS = (
    CATEGORY,
    PART,
    *LEVEL_HEADS,
    CODE,
    POINTS,
    RULE,
    FIGURES,
    *POLICIES,
    LOWEST,
    *PLAIN,
    NATURE,
    DIRECTION,
    MATTER,
    DOCUMENT,
)

ALIASES = {
    "指标类别": CATEGORY,
    "考核类别": CATEGORY,
    "序号编码": CODE,
    "指标编号": CODE,
    "编码": CODE,
    "满分": POINTS,
    "基准分值": POINTS,
    "计分规则": RULE,
    "计分办法": RULE,
    "数据字段": FIGURES,
    "数据责任单位": "数据来源",
    "牵头单位": "责任单位",
    "考核方法": "核验方式",
    "佐证": "佐证材料",
}

RULE_HEADS = {RULE, "计分规则", "计分办法"}

REGULAR, BONUS, PENALTY, VETO = "指标", "加分", "减分", "否决"
PART_WORDS = {
    "": REGULAR,
    "指标": REGULAR,
    "加分": BONUS,
    "加分项": BONUS,
    "减分": PENALTY,
    "减分项": PENALTY,
    "扣分项": PENALTY,
    "否决": VETO,
    "一票否决": VETO,
}
TOTAL_WORDS = frozenset({"合计", "总计", "总分", "小计"})

SETTING_HEADS = (CATEGORY, "设置项", "内容")
SCHEME_SETTINGS = {"方案名称": "scheme", "年度": "year", "版本": "version", "小数位数": "decimals"}
TOTAL_DECIMALS = "总分小数位数"
TABLE_SETTINGS = {
    "满分": "full",
    "缺报处理": "missing",
    "不适用处理": "not_applicable",
    "分母为零处理": "void",
    "折算所需适用比例": "cover",
    "排名所需适用比例": "rank_cover",
    "加分上限": "bonus_cap",
    "减分上限": "penalty_cap",
    "总分下限": "floor",
    "总分上限": "ceiling",
    TOTAL_DECIMALS: "total_decimals",
}
CONVERSION_FULL, CONVERSION_INTO = "折算满分", "折算去向"
RANK_BY, TIE_BREAKERS = "排名依据", "并列时依次比较"
RANK_WORDS = {"总分": "total", "指标得分": "regular"}
NO_LIMIT = "不限"

GRADE_HEADS = (CATEGORY, "等次", "最低分", "名额比例", "名额", "末位并列", "不得评定情形")
TIE_WORDS = {"计入": "in", "不计入": "out"}
FIELD_HEADS = ("数据项", "名称", "单位")

# Where a reader finds what a finding names: the column of a node's row, or the sheet of what concerns a whole table.
MEMBER_HEADS = {
    "code": CODE,
    "points": POINTS,
    "cap": POINTS,
    "rule": RULE,
    "field": FIGURES,
    "when": FIGURES,
    "lowest": LOWEST,
    "void": "分母为零处理",
}
MEMBER_SHEETS = {"settings": SETTINGS, "grades": GRADES, "fields": FIELDS}
