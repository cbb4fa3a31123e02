"""An office's own table as a workbook: title rows, merged cells, points inside names, full-width digits."""

import io

import openpyxl

TITLE = "示范市2026年产业工人队伍建设改革评价考核指标体系"
HEADS = ["序号", "一级指标", "二级指标", "三级指标", "分值", "评分标准", "数据来源", "考核方式"]
ROWS = (
    ["１", "组织领导（３０分）", "机制运行", "月报及时性", "30",
     "每月上报，每迟一次扣1分，扣完为止", "市产改办", "查资料"],
    ["２", "素质提升（70分）", "技能培训", "培训任务完成率", "60", "按完成率得分，100%得满分", "市人社局", "抽样"],
    ["３", "", "", "培训效果", "10", "视情况酌情扣分", "市总工会", "座谈"],
)  # fmt: skip


def office_workbook(*, spoilt: dict[str, object] | None = None, rows: tuple[list[str], ...] = ROWS) -> bytes:
    """Return the table with cells overwritten by address."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["附件1"])
    sheet.append([TITLE])
    sheet.append(HEADS)
    for row in rows:
        sheet.append(list(row))
    sheet.append(["", "合计", "", "", "100"])
    sheet.merge_cells("A2:H2")
    if rows is ROWS:
        sheet.merge_cells("B5:B6")
        sheet.merge_cells("C5:C6")
    for address, value in (spoilt or {}).items():
        sheet[address] = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
