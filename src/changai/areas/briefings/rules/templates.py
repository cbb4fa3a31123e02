"""What each kind of paper starts with: blocks with tokens, fitted to what is at hand (`blocks.fitted`).

`needs` names what must be at hand for a block to make sense; `when` is a condition that is asked again whenever the
paper is composed. Words in `ASKED` stand where only people can write; a draft that still has them is not finished.
`{month}` stands for the month the paper is about: papers are often written in a later one.
"""

# A part of the work is told to be slow when it is more points than these behind its schedule.
SLIGHT_LAG_POINTS = 3

Template = tuple[dict[str, str], ...]

ASKED = (
    "（请写明事实和依据。）",
    "（请写明建议采取的措施。）",
    "（请逐条写明议定事项、责任单位和时限。）",
    "（请填写）",
    "（请写明督办事项、依据和责任单位。）",
    "（请写明上次督办单的编号和这次办结的时限。）",
    "（请结合失分和滞后情况写明建议。）",
)
_FACTS, _MEASURES, _DECISIONS, _PEOPLE, _MATTERS, _BEFORE, _ADVICE = ASKED

_DUE_TASKS = {
    "kind": "paragraph",
    "text": "已到完成时限的任务【到期任务数】项，【到期任务完成情况】（完成率【到期任务完成率】）。",
    "when": "present:到期任务数",
}
_PACE = (
    "各项任务平均进度【平均进度】（【平均进度较上月】），【平均进度与序时进度相比】"
    f"（慢于序时进度超过{SLIGHT_LAG_POINTS}个百分点的有：【慢于序时进度的工作】）。"
)
_NO_LAG = "没有到期未完成的任务，也没有进度低于序时进度超过10个百分点的任务。"
_REPORTS = (
    "{month}应报月报【应报单位数】份，按时报送【按时报送单位数】份，按时报送率【按时报送率】"
    "（【按时报送率较上月】）；【迟报情况】，【未报情况】。"
)
_UNCLAIMED = {
    "kind": "paragraph",
    "text": "尚有【待认领任务数】项任务待认领，请有关单位抓紧认领。",
    "when": "present:待认领任务数",
}

MONTHLY: tuple[dict[str, str], ...] = (
    {"kind": "heading1", "text": "总体情况"},
    {
        "kind": "paragraph",
        "text": "截至{month}底，全市共下达产改任务【任务总数】项（按承担单位计），"
        "已认领【已认领任务数】项，认领率【任务认领率】。" + _PACE,
    },
    _DUE_TASKS,
    _UNCLAIMED,
    {"kind": "table", "source": "table.parts"},
    {"kind": "chart", "source": "chart.parts"},
    {"kind": "heading1", "text": "重点数据"},
    {
        "kind": "paragraph",
        "text": "{month}全市开展技能培训【本月技能培训人次】（【技能培训人次较上月】），"
        "今年以来累计【今年累计技能培训人次】（【今年累计技能培训人次同比】）；"
        "培训后取得证书【本月培训后取证人数】，今年以来累计【今年累计培训后取证人数】（【今年累计培训后取证人数同比】）。"
        "新发展新就业形态会员【本月新就业形态入会人数】（【新就业形态入会人数较上月】），"
        "今年以来累计【今年累计新就业形态入会人数】（【今年累计新就业形态入会人数同比】）。"
        "职工创新成果转化应用【本月创新成果转化数】，今年以来累计【今年累计创新成果转化数】；"
        "新建户外劳动者驿站【本月新建户外驿站数】，今年以来累计【今年累计新建户外驿站数】。",
    },
    {"kind": "heading1", "text": "报送情况"},
    {"kind": "paragraph", "text": _REPORTS},
    {"kind": "table", "source": "table.rates"},
    {"kind": "heading1", "text": "考核得分", "needs": "scores"},
    {
        "kind": "paragraph",
        "needs": "scores",
        "text": "【考核名称】共考核【考核单位数】个单位，平均得分【平均得分】，最高得分【最高得分】，"
        "【前三名单位】列前三名。各单位得分及逐项说明可在系统中查看。",
    },
    {"kind": "chart", "source": "chart.scores", "needs": "scores"},
    {"kind": "heading1", "text": "下步工作"},
    {
        "kind": "paragraph",
        "text": "目前滞后任务【滞后任务数】项（【滞后任务数较上月】），涉及【滞后任务单位名单】。"
        "有关单位要查明原因，逐项抓好整改。",
        "when": "present:滞后任务数",
    },
    {
        "kind": "paragraph",
        "text": "各单位要对照序时进度，抓紧推进各项任务。办公室将跟踪调度，帮助解决实际困难。",
    },
)

SUPERVISION_CIRCULAR: Template = (
    {
        "kind": "paragraph",
        "text": "按照工作安排，办公室对截至{month}底各单位承担的产改重点任务进展情况进行了督查。现将有关情况通报如下。",
    },
    {"kind": "heading1", "text": "总体情况"},
    {
        "kind": "paragraph",
        "text": "全市共下达产改任务【任务总数】项（按承担单位计），【任务完成情况】。" + _PACE,
    },
    _DUE_TASKS,
    {"kind": "table", "source": "table.parts"},
    {"kind": "heading1", "text": "存在问题"},
    {
        "kind": "paragraph",
        "text": "目前滞后任务【滞后任务数】项（【滞后任务数较上月】），涉及【滞后任务较多单位】；"
        "【到期未完成情况】。逐项情况见下表。",
        "when": "present:滞后任务数",
    },
    {"kind": "paragraph", "text": _NO_LAG, "when": "absent:滞后任务数"},
    {"kind": "table", "source": "table.lagging"},
    {"kind": "heading1", "text": "工作要求"},
    {
        "kind": "paragraph",
        "text": "进度滞后的单位要查明原因，明确完成时限，逐项抓好整改。办公室将跟踪督办，直至办结销号。",
        "when": "present:滞后任务数",
    },
    {
        "kind": "paragraph",
        "text": "各单位要保持工作力度，对照完成时限抓好后续任务，确保按期完成。",
        "when": "absent:滞后任务数",
    },
)

ASSESSMENT_CIRCULAR: Template = (
    {
        "kind": "paragraph",
        "needs": "scores",
        "text": "按照【考核依据】，办公室组织开展了【考核名称】。经审定，现将结果通报如下。",
    },
    {"kind": "heading1", "text": "考核结果", "needs": "scores"},
    {
        "kind": "paragraph",
        "needs": "scores",
        "text": "参加考核的【考核单位数】个单位（【等次情况】）平均得分【平均得分】，最高得分【最高得分】，"
        "【前三名单位】列前三名。",
    },
    {"kind": "table", "source": "table.scores", "needs": "scores"},
    {"kind": "heading1", "text": "有关要求"},
    {
        "kind": "paragraph",
        "text": "各单位的逐项得分和说明已在系统中反馈。请各单位对照失分项目查找原因，制定措施，抓好改进。",
    },
)


def _notice(*requirements: str) -> Template:
    return (
        {"kind": "heading1", "text": "督办事项"},
        {
            "kind": "paragraph",
            "text": "经办公室核查，截至{month}底，你单位承担的产改任务中有【滞后任务数】项进度滞后"
            "（依据：【督办依据】），需要抓紧办理。",
            "when": "present:滞后任务数",
        },
        {"kind": "table", "source": "table.lagging"},
        {"kind": "paragraph", "text": _MATTERS, "when": "absent:滞后任务数"},
        {"kind": "heading1", "text": "办理要求"},
        *({"kind": "paragraph", "text": text} for text in requirements),
        {
            "kind": "paragraph",
            "text": "请在系统中签收，并更新办理进度，不需另行报送书面材料。确需延期的，请说明理由提出申请。",
        },
    )


# Source of the colours: three-colour notices (三色督查单) as cities use them, and a warning between.
NOTICES = {
    "blue": _notice("现予以提醒。请查明原因，制定措施，加快推进。"),
    "yellow": _notice("现予以预警。请查明原因，排出时间表，逐项落实责任人，赶上序时进度。"),
    "orange": _notice("经提醒仍未明显改进，现予以告诫。请限期办结，并说明未能按时推进的原因。", _BEFORE),
    "red": _notice("逾期仍未办结，现责成限期办结，并说明原因。办结前由办公室逐周跟踪。", _BEFORE),
}

LETTER: Template = (
    {"kind": "paragraph", "text": "现就有关事项函告如下。"},
    {"kind": "heading1", "text": "有关情况"},
    {"kind": "paragraph", "text": _FACTS},
    {"kind": "heading1", "text": "有关意见"},
    {"kind": "paragraph", "text": _MEASURES},
)

SPECIAL_REPORT: Template = (
    {"kind": "paragraph", "text": "现将截至{month}底我市产业工人队伍建设改革工作情况报告如下。"},
    {"kind": "heading1", "text": "工作进展"},
    {
        "kind": "paragraph",
        "text": "全市共下达产改任务【任务总数】项（按承担单位计），【任务完成情况】，"
        "平均进度【平均进度】，【平均进度与序时进度相比】。今年以来累计开展技能培训【今年累计技能培训人次】"
        "（【今年累计技能培训人次同比】），培训后取得证书【今年累计培训后取证人数】（【今年累计培训后取证人数同比】），"
        "新发展新就业形态会员【今年累计新就业形态入会人数】（【今年累计新就业形态入会人数同比】）。",
    },
    {"kind": "table", "source": "table.parts"},
    {"kind": "heading1", "text": "存在困难"},
    {
        "kind": "paragraph",
        "text": "目前有【滞后任务数】项任务进度滞后（【滞后任务数较上月】），涉及【滞后任务较多单位】；"
        "【到期未完成情况】。",
        "when": "present:滞后任务数",
    },
    {"kind": "paragraph", "text": _NO_LAG, "when": "absent:滞后任务数"},
    {"kind": "heading1", "text": "下步打算"},
    {"kind": "paragraph", "text": "我们将对照方案要求，跟踪推进各项任务，帮助基层解决实际困难。"},
)

FEEDBACK: Template = (
    {"kind": "paragraph", "text": "现将有关情况反馈如下。"},
    {"kind": "heading1", "text": "考核得分", "needs": "scores"},
    {
        "kind": "paragraph",
        "needs": "scores",
        "text": "【考核名称】共考核【考核单位数】个单位，平均得分【平均得分】，最高得分【最高得分】。",
    },
    {"kind": "paragraph", "needs": "scores", "text": "【单位】：【明细】。", "each": "scored"},
    {"kind": "table", "source": "table.losses"},
    {"kind": "heading1", "text": "任务进展"},
    {
        "kind": "paragraph",
        "text": "截至{month}底承担任务【任务总数】项，【任务完成情况】，平均进度【平均进度】，"
        "【平均进度与序时进度相比】。",
        "when": "present:任务总数",
    },
    {"kind": "table", "source": "table.lagging"},
    {"kind": "heading1", "text": "改进建议"},
    {"kind": "paragraph", "text": _ADVICE},
)

# The common text of the letters to all units of a round: every figure in it is the unit's own.
LETTERS: Template = (
    {"kind": "paragraph", "text": "【考核名称】已经结束，考核时段为【考核时段】。现将你单位结果反馈如下。"},
    {"kind": "heading1", "text": "考核得分"},
    {"kind": "paragraph", "text": "你单位总分【本单位得分】，【本单位名次】。"},
    {
        "kind": "paragraph",
        "text": "等次为“【本单位等次】”（依据：【等次依据】）。",
        "when": "present:本单位等次",
    },
    {
        "kind": "paragraph",
        "text": "以上是公布的结果。公布后经更正登记，更正后【更正后结果】。",
        "when": "present:更正后结果",
    },
    {"kind": "paragraph", "text": "【与上次考核相比】。", "when": "present:与上次考核相比"},
    {"kind": "heading1", "text": "失分和改进办法"},
    {"kind": "paragraph", "text": "共失分【本单位失分】，逐项如下。", "when": "present:本单位失分"},
    {"kind": "table", "source": "table.losses", "when": "present:本单位失分"},
    {"kind": "paragraph", "text": "各项指标均未失分。", "when": "absent:本单位失分"},
    {"kind": "heading1", "text": "最有提升空间的指标"},
    {"kind": "paragraph", "text": "【最有提升空间的指标】。", "when": "present:最有提升空间的指标"},
    {"kind": "heading1", "text": "任务进展"},
    {
        "kind": "paragraph",
        "text": "截至{month}底承担任务【任务总数】项，【任务完成情况】，平均进度【平均进度】，"
        "序时进度【平均序时进度】。",
        "when": "present:任务总数",
    },
    {"kind": "table", "source": "table.lagging", "when": "present:滞后任务数"},
    {
        "kind": "paragraph",
        "text": "逐项得分见附件。对结果有疑问的，请与办公室联系；结果已经公布，更正将登记并告知。",
    },
    {"kind": "attachment", "text": "逐项得分表"},
    {"kind": "table", "source": "table.indicators"},
)

OPINIONS: Template = (
    {"kind": "paragraph", "text": "现将征求意见和意见采纳情况通报如下。"},
    {"kind": "heading1", "text": "征求意见情况"},
    {
        "kind": "paragraph",
        "text": "向【征求意见单位数】个单位征求意见，【反馈单位数】个单位反馈，其中【无意见单位数】个单位无意见；"
        "共收到意见【意见条数】条，合并为【合并后意见条数】条。",
    },
    {"kind": "heading1", "text": "采纳情况"},
    {
        "kind": "paragraph",
        "text": "采纳【采纳意见数】条，部分采纳【部分采纳意见数】条，不采纳【不采纳意见数】条（采纳率【意见采纳率】）。"
        "逐条情况和理由见下表。",
        "when": "present:意见条数",
    },
    {"kind": "table", "source": "table.opinions", "when": "present:意见条数"},
    {"kind": "paragraph", "text": "各单位对征求意见稿没有修改意见。", "when": "absent:意见条数"},
)

MINUTES: Template = (
    {
        "kind": "paragraph",
        "text": "会议听取了全市产业工人队伍建设改革工作进展情况汇报，研究了有关事项。现纪要如下。",
    },
    {"kind": "heading1", "text": "工作进展"},
    {
        "kind": "paragraph",
        "text": "截至{month}底，全市共下达产改任务【任务总数】项（按承担单位计），【任务完成情况】。",
    },
    {"kind": "heading1", "text": "议定事项"},
    {"kind": "paragraph", "text": _DECISIONS},
    {"kind": "attendance", "text": f"出席：{_PEOPLE}"},
)

LEDGER_DIGEST: Template = (
    {"kind": "heading1", "text": "报送情况"},
    {"kind": "paragraph", "text": _REPORTS},
    {"kind": "table", "source": "table.rates"},
    {"kind": "heading1", "text": "任务台账"},
    {
        "kind": "paragraph",
        "text": "截至{month}底，全市共下达产改任务【任务总数】项（按承担单位计）。" + _PACE,
    },
    {"kind": "table", "source": "table.parts"},
    {"kind": "table", "source": "table.units"},
    {"kind": "table", "source": "table.lagging"},
    {"kind": "heading1", "text": "做法摘录"},
    {"kind": "table", "source": "table.quotes"},
)

# One page, three sentences: where we stand, what is wrong and who, what to decide.
LEADER_BRIEF: Template = (
    {
        "kind": "paragraph",
        "text": "进展：截至{month}底，全市共下达产改任务【任务总数】项，【任务完成情况】；" + _PACE,
    },
    {
        "kind": "paragraph",
        "text": "问题：滞后任务【滞后任务数】项（【滞后任务数较上月】），涉及【滞后任务较多单位】；"
        "【到期未完成情况】；月报按时报送率【按时报送率】，【未报情况】。",
        "when": "present:滞后任务数",
    },
    {
        "kind": "paragraph",
        "text": "问题：" + _NO_LAG.removesuffix("。") + "；月报按时报送率【按时报送率】，【未报情况】。",
        "when": "absent:滞后任务数",
    },
    {
        "kind": "paragraph",
        "text": "建议：请分管领导重点调度【滞后任务最多单位】，帮助解决实际困难，逐项明确完成时限。",
        "when": "present:滞后任务数",
    },
    {
        "kind": "paragraph",
        "text": "建议：按现有安排继续推进，暂无需要领导协调的事项。",
        "when": "absent:滞后任务数",
    },
)
