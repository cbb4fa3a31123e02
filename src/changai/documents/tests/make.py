"""Papers for the tests: plain typed makers."""

from datetime import date

from changai.documents.paper import (
    Block,
    Briefing,
    Chart,
    ChartSpec,
    Figure,
    Heading,
    Imprint,
    Paragraph,
    Reference,
    Series,
    Signature,
    Table,
    TableColumn,
)

SENTENCE = "今年以来，各级各部门围绕五项任务细化措施、压实责任，重点工作有序推进。"
HOSTILE = (
    "控制\x00\x07\x1b字符、\ud800孤立代理、\ufffe非字符、\u202e倒写\u202c、\u200b零宽、<w:p>&amp;]]>标签、"
    "#set text(red) $x^2$ *粗* @引用 \\n、😀👩‍🏭表情、堃喆镕垚赟昇、العربية、=1+1"
)


def make_paper(
    *blocks: Block,
    title: str = "关于全市产业工人队伍建设改革推进情况的通报",
    recipients: tuple[str, ...] = (),
) -> Briefing:
    return Briefing(
        masthead="产改工作简报",
        issue_number=9,
        total_number=21,
        issuer="示范市产改办",
        issued_on=date(2026, 10, 12),
        title=title,
        recipients=recipients,
        blocks=blocks or (Paragraph((SENTENCE,)),),
        imprint=Imprint(("省产改办",), ("市产改协调小组各成员单位",), ("各县（区）总工会",), 120),
        security="内部资料",
    )


def make_table(rows: int) -> Table:
    columns = (TableColumn("序号"), TableColumn("单位", 3, "left"), TableColumn("完成率（%）", 2, "right"))
    cells = tuple(
        ((str(row),), (f"第{row}单位",), (Figure(f"rate:{row}", f"{row / 2:.1f}"),))
        for row in range(1, rows + 1)
    )
    return Table("各单位任务完成情况表", columns, cells, "注：数据截至2026年9月30日。")


def make_bars(count: int = 14, series: int = 1) -> ChartSpec:
    names = tuple(f"第{number}县" for number in range(1, count + 1))
    values = tuple(96.4 - 2.5 * number for number in range(count))
    sets = tuple(
        Series(f"完成率{number}", values, tuple(f"rate:{number}:{name}" for name in names))
        for number in range(1, series + 1)
    )
    return ChartSpec("bars", "各县任务完成率", "%", names, sets, Reference("序时进度", 75.0))


def make_lines() -> ChartSpec:
    actual = Series("实际完成率", (5.1, 11.9, None, 30.2, 41.5))
    scheduled = Series("序时进度", (8.3, 16.7, 25.0, 33.3, 41.7))
    return ChartSpec(
        "lines", "全市任务完成率走势", "%", ("1月", "2月", "3月", "4月", "5月"), (actual, scheduled)
    )


def make_full_paper() -> Briefing:
    return make_paper(
        Heading(1, ("一、总体进展",)),
        Paragraph(("截至9月底，完成", Figure("done", "248"), "项，完成率", Figure("rate", "79.5%"), "。")),
        Heading(2, ("（一）任务完成情况",)),
        Chart(make_bars()),
        make_table(14),
        Heading(3, ("1.技能提升。",)),
        Chart(make_lines()),
        Heading(4, ("（1）对标对表。",)),
        Paragraph((SENTENCE * 12,)),
        Signature("示范市产业工人队伍建设改革协调小组办公室", date(2026, 10, 12)),
        title="关于2026年第三季度全市产业工人队伍建设改革重点任务推进情况的通报",
        recipients=("各县（区）产改协调小组", "市产改协调小组各成员单位"),
    )
