"""Files as they really arrive: renamed, bombed, merged, faulty. One clear sentence each, and nothing half-saved."""

import io
import zipfile

import pytest
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import papers
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

TODAY = timezone.localdate()
OLD_WORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + "WordDocument".encode("utf-16-le") + b"\x00" * 999
)
HEADS = ("班次名称", "类别", "结业日期", "学时", "培训人数", "取得证书人数")


def bomb() -> bytes:
    """Return a Word file of a few kilobytes that unpacks to two hundred megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with zipfile.ZipFile(io.BytesIO(papers.docx("一、要点"))) as sound:
            for name in sound.namelist():
                if name != "word/document.xml":
                    archive.writestr(name, sound.read(name))
        archive.writestr("word/document.xml", b" " * (200 * 2**20))
    return packed.getvalue()


def faulty_classes() -> bytes:
    """Return a workbook with a merged title, full-width digits, a number as text, an error and a wrong kind."""
    book = Workbook()
    sheet = book.active
    sheet.title = "班次"
    sheet.append(["某区技能培训班次一览表"])
    sheet.merge_cells("A1:F1")
    sheet.append(HEADS)
    sheet.append(["焊工提升班", "技能提升培训", TODAY, "４０", "1,20", "80"])
    sheet.append(["电工提升班", "技能提升培训", TODAY, 40, "#N/A", 30])
    sheet["E4"].data_type = "e"
    sheet.append(["养老护理班", "烹饪培训", TODAY, 40, 60, 30])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def offer(page: Page, place: str, button: str, label: str, name: str, content: bytes) -> None:
    """Go to where a file is asked for, and choose it."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name=place, exact=True).click()
    page.get_by_role("main").get_by_role("link", name=button, exact=True).first.click()
    page.get_by_label(label).set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param(
            "旧方案.docx", OLD_WORD, ("旧方案.docx", "旧版 Word 格式（.doc）", "另存为 .docx"), id="renamed"
        ),
        pytest.param("方案.docx", bomb(), ("方案.docx", "压缩比异常"), id="bomb"),
        pytest.param("方案.pdf", b"%PDF-1.7\n", ("方案.pdf",), id="pdf"),
        pytest.param("空.txt", b" \r\n", ("空.txt", "没有文字"), id="blank"),
    ],
)
def test_a_paper_that_is_none_is_refused_with_its_name(
    person: Person, name: str, content: bytes, words: tuple[str, ...]
):
    page = person("office")
    page.get_by_role("link", name="方案要点").click()
    rows = page.get_by_role("main").get_by_role("row").count()
    offer(page, "方案要点", "录入方案", "方案文件", name, content)
    page.get_by_label("年度").fill(str(TODAY.year))
    page.get_by_label("起始日期").fill(TODAY.isoformat())
    page.get_by_label("完成时限").fill(TODAY.isoformat())
    page.get_by_role("button", name="上传并拆解").click()
    for word in words:
        expect(page.get_by_role("main")).to_contain_text(word)
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="方案要点").click()
    expect(page.get_by_role("main").get_by_role("row")).to_have_count(rows)


def test_a_faulty_workbook_is_refused_cell_by_cell_and_not_half_taken(person: Person):
    page = person("c02-liaison")
    offer(page, "名册", "导入", "班次表", "班次.xlsx", faulty_classes())
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("row", name="电工提升班")).to_contain_text("E4")
    expect(page.get_by_role("row", name="电工提升班")).to_contain_text("#N/A")
    expect(page.get_by_role("row", name="养老护理班")).to_contain_text("B5")
    expect(page.get_by_role("row", name="养老护理班")).to_contain_text("技能提升培训")
    expect(page.get_by_role("button", name="确认登记")).to_have_count(0)
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="名册").click()
    expect(page.get_by_role("row", name="焊工提升班")).to_have_count(0)


def test_an_old_csv_with_full_width_digits_is_understood_once(person: Person):
    page = person("c02-liaison")
    lines = [",".join(HEADS), f"焊工提升班,技能提升培训,{TODAY:%Y年%m月%d日},４０,１２０,“"]
    wrong = "\r\n".join(lines).encode("gb18030")
    offer(page, "名册", "导入", "班次表", "班次.csv", wrong)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("row", name="焊工提升班")).to_contain_text("F2")
    sound = wrong.replace("“".encode("gb18030"), "８０".encode("gb18030"))
    offer(page, "名册", "导入", "班次表", "班次.csv", sound)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("row", name="焊工提升班")).to_contain_text("120")
    page.get_by_role("button", name="确认登记").dblclick()
    expect(page.get_by_role("row", name="焊工提升班")).to_have_count(1)


def test_a_roster_under_a_unit_that_is_not_there_is_refused(person: Person):
    page = person("office")
    content = papers.xlsx(
        papers.ROSTER_HEADS,
        ("C77", "示外县", "示外县", "县区", "S99", 1, "", ""),
        ("C78", "示里县", "示里县", "县里", "S00", 1, "", ""),
    )
    offer(page, "组织机构", "导入", "机构表", "机构.xlsx", content)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("row", name="示外县")).to_contain_text("S99")
    expect(page.get_by_role("row", name="示里县")).to_contain_text("县里")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)


def test_an_indicator_workbook_whose_points_do_not_add_up_is_refused_whole(person: Person):
    page = person("office")
    listed = page.get_by_role("main").get_by_role("row")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="指标体系").click()
    expect(listed.first).to_be_visible()
    before = listed.count()
    content = papers.xlsx(
        ("类别", "一级指标", "二级指标", "三级指标", "分值", "评分规则", "数据项"),
        ("县区", "责任落实", "任务推进", "到期任务完成率", 90, "没有这样的句式", "不存在的数据"),
        sheet="指标表",
    )
    offer(page, "指标体系", "导入指标体系", "指标体系文件", "指标.xlsx", content)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("alert").first).to_contain_text("指标")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="指标体系").click()
    expect(listed).to_have_count(before)
