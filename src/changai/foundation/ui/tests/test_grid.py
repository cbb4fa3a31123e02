"""The grid in a real browser: keys, blocks, undo, saving, and what happens when saving fails."""

import re

import pytest
from django.http import HttpResponse, JsonResponse
from playwright.sync_api import Locator, Page, expect

from changai.foundation.ui.tests.gallery import views

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("changai.foundation.ui.tests.gallery.urls"),
]
SAVED = re.compile(r"已保存 \d\d:\d\d")


@pytest.fixture(autouse=True)
def nothing_saved() -> None:
    views.SAVED.clear()
    views.PLANNED.clear()


@pytest.fixture
def grid(page: Page) -> Page:
    page.goto("/gallery/grid/")
    return page


def cell(page: Page, row: int, column: str = "完成数") -> Locator:
    return page.locator("td").get_by_label(f"任务{row} {column}")


def paste(page: Page, text: str, html: str = "") -> None:
    page.evaluate(
        """([text, html]) => {
            const copied = new DataTransfer();
            copied.setData("text/plain", text);
            if (html) copied.setData("text/html", html);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: copied, bubbles: true, cancelable: true }));
        }""",
        [text, html],
    )


def test_typing_replaces_enter_goes_down_and_the_server_keeps_it(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.type("25")
    grid.keyboard.press("Enter")
    expect(cell(grid, 2)).to_be_focused()
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    assert views.SAVED["1:done"] == "25"
    assert views.SAVED["version"] == "2"
    grid.reload()
    expect(cell(grid, 1)).to_have_value("25")


def test_arrows_tab_and_escape(grid: Page):
    cell(grid, 2).click()
    grid.keyboard.press("ArrowDown")
    expect(cell(grid, 3)).to_be_focused()
    grid.keyboard.press("Tab")
    expect(cell(grid, 3, "本月进展")).to_be_focused()
    grid.keyboard.press("Tab")
    grid.keyboard.press("Tab")
    expect(cell(grid, 4)).to_be_focused()
    grid.keyboard.press("Shift+Enter")
    expect(cell(grid, 3)).to_be_focused()
    grid.keyboard.type("99")
    grid.keyboard.press("Escape")
    expect(cell(grid, 3)).to_have_value("30")


def test_f2_edits_inside_the_text(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.press("F2")
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.type("5")
    grid.keyboard.press("Enter")
    expect(cell(grid, 1)).to_have_value("150")


def test_tab_leaves_the_grid_at_its_end(grid: Page):
    cell(grid, 8, "状态").focus()
    grid.keyboard.press("Tab")
    expect(grid.get_by_role("button", name="保存")).to_be_focused()


def test_a_locked_cell_says_why(grid: Page):
    cell(grid, 1, "状态").focus()
    grid.keyboard.press("ArrowRight")
    expect(grid.locator(".grid-note")).to_have_text("不可修改：取自培训名册，不可修改")
    cell(grid, 2).click()
    expect(grid.locator(".grid-note")).to_have_text("已退回：与台账不符，请核对")
    expect(cell(grid, 2)).to_have_accessible_description("已退回：与台账不符，请核对")


def test_a_block_is_pasted_undone_and_redone(grid: Page):
    cell(grid, 1).click()
    paste(grid, '1,200\t"第一行\n第二行"\t滞后\n１５\t走访""企业\t正常\n')
    expect(cell(grid, 1)).to_have_value("1200")
    expect(cell(grid, 1, "本月进展")).to_have_value("第一行\n第二行")
    expect(cell(grid, 1, "状态")).to_have_value("late")
    expect(cell(grid, 2)).to_have_value("15")
    expect(grid.locator("tfoot [data-sum]").first).to_have_text("1,545")
    grid.keyboard.press("Control+z")
    expect(cell(grid, 1)).to_have_value("10")
    expect(cell(grid, 1, "状态")).to_have_value("")
    grid.keyboard.press("Control+y")
    expect(cell(grid, 2)).to_have_value("15")
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    assert views.SAVED["1:words"] == "第一行\n第二行"


def test_what_does_not_fit_is_said_and_the_rest_is_pasted(grid: Page):
    cell(grid, 8).click()
    paste(grid, "7\t好\t不知道\t5\n9\t多出一行\t\t")
    expect(cell(grid, 8)).to_have_value("7")
    expect(cell(grid, 8, "状态")).to_have_value("")
    expect(grid.locator("#toasts")).to_contain_text("已粘贴 2 格；另有 6 格")


def test_paragraphs_from_a_letter_stay_in_one_cell(grid: Page):
    cell(grid, 1, "本月进展").click()
    paste(grid, "第一段\n第二段", "<p>第一段</p><p>第二段</p>")
    expect(cell(grid, 1, "本月进展")).to_have_value("第一段\n第二段")
    expect(cell(grid, 2, "本月进展")).to_have_value("")


def test_fill_down_copy_and_delete_a_block(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.press("Shift+ArrowDown")
    grid.keyboard.press("Shift+ArrowDown")
    grid.keyboard.press("Control+d")
    expect(cell(grid, 3)).to_have_value("10")
    grid.keyboard.press("Control+c")
    assert grid.evaluate("navigator.clipboard.readText()").split() == ["10", "10", "10"]
    grid.keyboard.press("Delete")
    expect(cell(grid, 2)).to_have_value("")
    expect(grid.locator("tfoot [data-sum]").first).to_have_text("300")


def test_a_refused_cell_keeps_its_text_and_says_why(grid: Page):
    cell(grid, 1).click()
    paste(grid, "12x\n13")
    expect(grid.get_by_role("status").filter(has_text="有 1 格没有保存")).to_contain_text("“12x”不是数字")
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_count(0)
    expect(cell(grid, 1)).to_have_value("12x")
    expect(cell(grid, 1)).to_have_attribute("aria-invalid", "true")
    cell(grid, 3).click()
    grid.keyboard.type("33")
    grid.keyboard.press("Enter")
    expect(cell(grid, 3).locator("xpath=..")).to_have_attribute("data-state", "saved")
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_count(0)
    assert "1:done" not in views.SAVED
    assert views.SAVED["2:done"] == "13"
    grid.reload()
    expect(grid.get_by_role("alert").filter(has_text="上次有 1 格")).to_contain_text("12x")


def test_a_busy_server_is_asked_again(grid: Page):
    views.PLANNED.append(HttpResponse("busy", status=503))
    cell(grid, 1).click()
    grid.keyboard.type("31")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("alert").filter(has_text="自动重试")).to_be_visible()
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    assert views.SAVED["1:done"] == "31"


def test_when_somebody_else_changed_it_nothing_typed_is_lost(grid: Page):
    moved = {"code": "record_moved", "sentence": "李四刚刚修改了这份月报。", "faults": []}
    views.PLANNED.append(JsonResponse(moved, status=409))
    cell(grid, 1).click()
    grid.keyboard.type("44")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("alert").filter(has_text="李四刚刚修改了这份月报")).to_be_visible()
    grid.get_by_role("button", name="重新载入").click()
    expect(grid.get_by_role("alert").filter(has_text="上次有 1 格")).to_be_visible()
    expect(cell(grid, 1)).to_have_value("44")
    assert "1:done" not in views.SAVED
    grid.get_by_role("button", name="全部保存我填写的").click()
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    assert views.SAVED["1:done"] == "44"


def test_what_was_kept_can_be_dropped_and_survives_other_work(grid: Page):
    views.PLANNED.append(JsonResponse({"sentence": "李四刚刚修改了这份月报。"}, status=409))
    cell(grid, 1).click()
    paste(grid, "44\n45")
    grid.get_by_role("button", name="重新载入").click()
    cell(grid, 5).click()
    grid.keyboard.type("6")
    grid.keyboard.press("Enter")
    expect(cell(grid, 5).locator("xpath=..")).to_have_attribute("data-state", "saved")
    expect(grid.get_by_role("status").filter(has_text="待您选择")).to_have_text("有 2 格待您选择保留哪一项")
    expect(grid.get_by_role("alert").filter(has_text="上次有 2 格")).to_be_visible()
    grid.reload()
    grid.get_by_role("button", name="全部放弃我填写的").click()
    expect(cell(grid, 1)).to_have_value("10")
    expect(cell(grid, 2)).to_have_value("20")
    expect(grid.locator("tfoot [data-sum]").first).to_have_text("316")
    assert set(views.SAVED) == {"5:done", "version"}


def test_leaving_the_form_saves_first(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.type("17")
    grid.get_by_role("button", name="English").click()
    expect(cell(grid, 1)).to_have_value("17")
    expect(grid.locator("html")).to_have_attribute("lang", "en")
    assert views.SAVED["1:done"] == "17"


def test_a_remark_stays_readable_while_it_is_mended(grid: Page):
    cell(grid, 2).click()
    grid.keyboard.type("21")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    cell(grid, 2).click()
    expect(grid.locator(".grid-note")).to_have_text("与台账不符，请核对")


def test_leaving_with_unsaved_cells_is_asked_about(grid: Page):
    asked: list[str] = []
    grid.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    views.PLANNED.extend(HttpResponse("busy", status=503) for _ in range(5))
    cell(grid, 1).click()
    grid.keyboard.type("5")
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("alert").filter(has_text="自动重试")).to_be_visible()
    grid.get_by_role("link", name="产改通").click()
    grid.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(cell(grid, 1)).to_have_value("5")


def test_what_is_typed_last_is_saved_on_leaving(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.type("5")
    grid.goto("/gallery/")
    grid.goto("/gallery/grid/")
    expect(cell(grid, 1)).to_have_value("5")
    assert views.SAVED["1:done"] == "5"
    expect(grid.get_by_role("alert").filter(has_text="上次有")).to_have_count(0)


def test_of_two_texts_in_one_cell_the_person_chooses(grid: Page):
    sentence = "李四 已于 14:05 修改了同一条记录。您的内容已保留在下方，请对照后选择保留哪一项。"
    conflict = {"state": "conflict", "sentence": sentence, "version": 3}
    refused = [{"ref": "1:done", "value": "77", **conflict}, {"ref": "2:done", "value": "78", **conflict}]
    views.PLANNED.append(JsonResponse({"version": 5, "saved": [], "refused": refused}))
    cell(grid, 1).click()
    paste(grid, "44\n45")
    choices = grid.get_by_role("alert").filter(has_text="有 2 格他人与您同时填写")
    expect(choices).to_contain_text(sentence)
    expect(choices.get_by_role("definition")).to_have_text(["77", "44", "78", "45"])
    choices.get_by_role("button", name="保留我的：任务1 完成数").click()
    expect(cell(grid, 1)).to_have_value("44")
    choices = grid.get_by_role("alert").filter(has_text="有 1 格他人与您同时填写")
    choices.get_by_role("button", name="保留现有的：任务2 完成数").click()
    expect(cell(grid, 2)).to_have_value("78")
    expect(grid.get_by_role("status").filter(has_text="已保存")).to_have_text(SAVED)
    assert views.SAVED["1:done"] == "44"
    assert "2:done" not in views.SAVED


def test_a_selection_is_summed_and_cut(grid: Page):
    cell(grid, 1).click()
    grid.keyboard.press("Shift+ArrowDown")
    grid.keyboard.press("Shift+ArrowDown")
    expect(grid.locator(".grid-selection[role=status]")).to_have_text("选中 3 格，合计 60，平均 20")
    grid.keyboard.press("Control+x")
    expect(cell(grid, 3)).to_have_value("")
    assert grid.evaluate("navigator.clipboard.readText()").split() == ["10", "20", "30"]
    grid.keyboard.press("Control+End")
    grid.keyboard.press("Control+Home")
    expect(cell(grid, 1)).to_be_focused()
    grid.keyboard.press("Control+a")
    expect(grid.locator(".grid-selection[role=status]")).to_contain_text("选中 32 格")


def test_the_form_works_without_script(chromium, live_server):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/gallery/grid/")
    page.locator('[name="1:done"]').fill("8")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("/gallery/grid/$"))
    expect(page.locator('[name="1:done"]')).to_have_value("8")
    context.close()
