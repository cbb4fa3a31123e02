import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from changai.areas.accounts.tests.make import make_person
from changai.areas.organisations.models import Unit
from changai.areas.reporting import actions
from changai.areas.reporting.models import Form, Obligation, Period, Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    OFFICER,
    TOO_LATE,
    accept,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_office,
    make_report,
    make_unit,
    send_back,
    sign,
    submit,
)
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db


def signed_in(role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(make_person(role, unit), backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, *arguments: object) -> str:
    return reverse(f"reporting:{name}", args=arguments)


def save(client: Client, report: Report, *cells: dict[str, Any]) -> Any:
    body = json.dumps({"version": report.version, "cells": cells})
    return client.post(
        at("save", report.pk), body, content_type="application/json", headers={"accept": "application/json"}
    )


# --- the unit ---


@pytest.mark.parametrize(
    "body", ['{"cells":["x"]}', '{"cells":[{"ref":"a","value":"1","version":Infinity}]}']
)
def test_a_saving_that_is_no_list_of_cells_is_answered_with_a_sentence(body: str) -> None:
    unit = make_unit()
    report = make_report(unit, make_form(make_field()))
    answer = signed_in(Role.UNIT_LIAISON, unit).post(
        at("save", report.pk), body, content_type="application/json"
    )
    assert (answer.status_code, "。" in answer.text) == (422, True)


def test_the_sheet_arrives_prefilled_and_saves_cell_by_cell() -> None:
    unit = make_unit()
    asked, known = make_field(), make_field(source="register", source_key="training.persons")
    claim = make_claim(unit)
    report = make_report(unit, make_form(asked, known))
    client = signed_in(Role.UNIT_LIAISON, unit)

    page = client.get(at("sheet", report.pk))
    assert f'data-ref="task:{claim.pk}:percent"' in page.text
    assert f'data-ref="figure:{known.pk}:value"' not in page.text
    assert "核对无误" in page.text
    answer = save(
        client,
        report,
        {"ref": f"task:{claim.pk}:percent", "value": "８０％", "was": ""},
        {"ref": f"task:{claim.pk}:progress", "value": "长" * 2001, "was": ""},
    ).json()
    assert answer["version"] == 2
    assert [(cell["ref"], cell["value"]) for cell in answer["saved"]] == [(f"task:{claim.pk}:percent", "80")]
    assert "最多 2000 字" in answer["refused"][0]["sentence"]
    report.refresh_from_db()
    assert (
        "修改了同一条记录"
        in save(client, report, {"ref": f"task:{claim.pk}:percent", "value": "90", "was": "70"}).json()[
            "refused"
        ][0]["sentence"]
    )
    assert client.post(at("save", report.pk), "{", content_type="application/json").status_code == 422


def test_the_sheet_can_be_saved_without_script() -> None:
    unit, field = make_unit(), make_field()
    report = make_report(unit, make_form(field))
    client = signed_in(Role.UNIT_LIAISON, unit)

    posted = {"shown": "{}", f"figure:{field.pk}:value": "12"}
    assert client.post(at("save", report.pk), posted).status_code == 303
    assert report.figure_lines.get().value == 12
    assert client.post(at("save", report.pk), posted).status_code == 303
    assert report.cell_changes.count() == 1
    wrong = client.post(at("save", report.pk), {"shown": '{"x": 1}', f"figure:{field.pk}:remark": "长" * 301})
    assert wrong.status_code == 422
    assert "最多 300 字" in wrong.text
    assert "长" * 301 in wrong.text
    assert (
        client.post(at("save", report.pk), {"shown": "[", f"figure:{field.pk}:value": "1"}).status_code == 422
    )


def test_without_script_nobody_is_overwritten_and_nothing_typed_is_lost() -> None:
    unit, first, second = make_unit(), make_field(), make_field()
    report = make_report(unit, make_form(first, second))
    other, mine = f"figure:{first.pk}:value", f"figure:{second.pk}:value"
    actions.save_cells(
        head_of(unit),
        report.pk,
        cells=[actions.CellEdit(other, "7"), actions.CellEdit(mine, "8")],
        at=IN_TIME,
    )
    client = signed_in(Role.UNIT_LIAISON, unit)

    answer = client.post(at("save", report.pk), {"shown": "{}", other: "", mine: "9"})

    assert answer.status_code == 409
    assert "负责人丙 已于" in answer.text
    assert "您的内容已保留在下方，请对照后选择保留哪一项。" in answer.text
    assert 'value="9"' in answer.text
    assert "现有内容：8" in answer.text
    values = dict(report.figure_lines.values_list("field_id", "value"))
    assert values == {first.pk: 7, second.pk: 8}, "an untouched cell is not written back"
    again = client.post(
        at("save", report.pk), {"shown": json.dumps({other: 1, mine: 1}), other: "7", mine: "9"}
    )
    assert again.status_code == 303
    assert report.figure_lines.get(field=second).value == 9


def test_checking_without_script_saves_first() -> None:
    unit, field = make_unit(), make_field()
    report = make_report(unit, make_form(field))
    client = signed_in(Role.UNIT_LIAISON, unit)
    checked = client.post(at("check", report.pk), {f"figure:{field.pk}:value": "12"})
    assert checked.headers["location"] == at("submit", report.pk)
    assert report.figure_lines.get().value == 12
    refused = client.post(at("check", report.pk), {f"figure:{field.pk}:value": "约十二"})
    assert refused.status_code == 422
    assert "不是数字" in refused.text


def test_the_check_names_every_fault_beside_its_cell() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = make_report(unit)
    client = signed_in(Role.UNIT_LIAISON, unit)

    checked = client.post(at("check", report.pk), follow=True)

    assert "还有 2 处需要补正" in checked.text
    assert f'href="#task:{claim.pk}:percent"' in checked.text
    assert client.get(at("submit", report.pk)).status_code == 303
    fill(report)
    assert client.post(at("check", report.pk)).headers["location"] == at("submit", report.pk)


def test_from_submission_to_receipt() -> None:
    unit = make_unit()
    make_claim(unit)
    report = fill(make_report(unit, make_form(make_field())))
    liaison, head = signed_in(Role.UNIT_LIAISON, unit), signed_in(Role.UNIT_HEAD, unit)

    assert "已办班三期" in liaison.get(at("submit", report.pk)).text
    assert liaison.post(at("submit", report.pk), {"version": report.version}).status_code == 303
    assert liaison.post(at("submit", report.pk), {"version": report.version}).status_code == 409
    assert liaison.post(at("submit", report.pk), {}).status_code == 422
    report.refresh_from_db()
    assert "已提交，正待本单位负责人审签" in liaison.get(at("sheet", report.pk)).text
    assert liaison.get(at("sign", report.pk)).status_code == 403
    assert "同意，审签报出" in head.get(at("sign", report.pk)).text
    receipt = head.post(at("sign", report.pk), {"version": report.version}, follow=True)
    assert f"{report.pk}-1" in receipt.text
    assert report.submissions.get().digest in receipt.text
    assert liaison.get(at("receipt", report.pk, 2)).status_code == 404
    assert head.get(at("sign", report.pk)).headers["location"] == at("report", report.pk)
    assert liaison.get(at("submit", report.pk)).headers["location"] == at("report", report.pk)


def test_withdrawing_and_declining() -> None:
    unit = make_unit()
    report = submit(make_report(unit))
    liaison, head = signed_in(Role.UNIT_LIAISON, unit), signed_in(Role.UNIT_HEAD, unit)

    assert liaison.post(at("withdraw", report.pk)).status_code == 303
    submit(report)
    report.refresh_from_db()
    declined = head.post(at("decline", report.pk), {"version": report.version, "reason": "数据再核一下"})
    assert declined.status_code == 303
    assert "数据再核一下" in liaison.get(at("sheet", report.pk)).text


def test_one_click_for_registers_and_for_a_month_without_change() -> None:
    unit = make_unit()
    known = make_field(source="register", source_key="training.persons")
    report = make_report(unit, make_form(known, make_field()))
    client = signed_in(Role.UNIT_LIAISON, unit)

    assert client.post(at("confirm", report.pk), {"field": known.pk}).status_code == 303
    assert report.figure_lines.get(field=known).value == 0
    preview = client.get(at("no_change", report.pk))
    assert "以下 1 处空白将这样填入" in preview.text
    report.refresh_from_db()
    assert client.post(at("no_change", report.pk), {"version": report.version}).status_code == 303
    assert not report.figure_lines.filter(value=None).exists()
    assert "表上没有空白" in client.get(at("no_change", report.pk)).text
    assert "“本月无变化”已填入 1 格" in client.get(at("sheet", report.pk)).text
    assert client.post(at("undo_no_change", report.pk)).status_code == 303
    assert report.figure_lines.filter(value=None).count() == 1
    assert client.post(at("no_change", report.pk)).status_code == 422


def test_evidence_is_uploaded_used_again_and_taken_off() -> None:
    unit, field = make_unit(), make_field()
    claim = make_claim(unit)
    report = make_report(unit, make_form(field))
    client = signed_in(Role.UNIT_LIAISON, unit)
    task, figure = (
        at("attachments", report.pk, f"task:{claim.pk}"),
        at("attachments", report.pk, f"figure:{field.pk}"),
    )

    assert client.get(task).status_code == 200
    upload = SimpleUploadedFile("通知.txt", "关于开展培训的通知".encode())
    assert client.post(task, {"file": upload}).status_code == 303
    file = report.task_lines.get().evidence.get()
    assert client.post(figure, {"file_id": file.pk}).status_code == 303
    assert report.figure_lines.get().evidence.get() == file
    assert client.post(figure, {"file_id": file.pk, "move": "detach"}).status_code == 303
    assert not report.figure_lines.get().evidence.exists()
    assert "通知.txt" in client.get(figure).text
    assert client.post(figure, {"file_id": "x"}).status_code == 422
    both = at("placing", report.pk, file.pk)
    assert "checked" in client.get(both).text
    assert client.post(both, {"line": [f"task:{claim.pk}", f"figure:{field.pk}"]}).status_code == 303
    assert report.figure_lines.get().evidence.get() == report.task_lines.get().evidence.get() == file
    assert "用于 2 处" in client.get(figure).text
    assert client.post(both, {"line": []}).status_code == 303
    assert not report.task_lines.get().evidence.exists()
    assert client.post(both, {"line": ["task:0"]}).status_code == 422
    assert client.get(at("placing", report.pk, 0)).status_code == 404
    client.post(figure, {"file_id": file.pk})
    client.post(figure, {"file_id": file.pk, "move": "detach"})
    client.post(task, {"file_id": file.pk})
    assert client.get(at("attachments", report.pk, "task:0")).status_code == 422


def test_wrong_evidence_is_refused_at_its_place() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = make_report(unit)
    client = signed_in(Role.UNIT_LIAISON, unit)
    upload = SimpleUploadedFile("签到表.pdf", b"MZ\x90 a programme, not a paper")
    answer = client.post(at("attachments", report.pk, f"task:{claim.pk}"), {"file": upload})
    assert answer.status_code == 422
    assert "签到表.pdf" in answer.text
    assert "没有改动任何内容" in answer.text
    assert "上传材料" in answer.text
    assert not report.task_lines.get().evidence.exists()


def test_last_month_stands_beside_each_cell_when_asked() -> None:
    unit, field = make_unit(), make_field()
    make_claim(unit)
    form = make_form(field)
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))
    report = make_report(unit, form)
    client = signed_in(Role.UNIT_LIAISON, unit)
    assert "cell-last" not in client.get(at("sheet", report.pk)).text
    page = client.get(at("sheet", report.pk) + "?compare=1").text
    assert page.count("cell-last") == 4  # percent, progress, problems; the figure
    assert "师资不足。" in page


def test_marked_cells_are_shown_where_they_are_to_be_mended() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = sign(make_report(unit))
    send_back(report, marks={f"task:{claim.pk}:progress": "写明期数和人数"})

    page = signed_in(Role.UNIT_LIAISON, unit).get(at("sheet", report.pk))

    assert page.text.count("写明期数和人数") == 2
    assert 'data-state="returned"' in page.text


def test_the_sheet_costs_the_same_for_many_lines(django_assert_num_queries: Any) -> None:
    unit = make_unit()
    form = make_form(make_field(), make_field())
    client = signed_in(Role.UNIT_LIAISON, unit)
    for _ in range(3):
        make_claim(unit)
    one = make_report(unit, form, month=OCTOBER.plus(-1))
    client.get(at("sheet", one.pk))
    with CaptureQueriesContext(connection) as few:
        client.get(at("sheet", one.pk))
    for _ in range(9):
        make_claim(unit)
    many = make_report(unit, form)

    with django_assert_num_queries(len(few)):
        client.get(at("sheet", many.pk))


# --- who finds what ---


@pytest.mark.parametrize("name", ["report", "sheet"])
def test_strangers_do_not_find_a_report(name: str) -> None:
    report = make_report(make_unit())

    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(at(name, report.pk)).status_code == 404
    assert signed_in(Role.AUDIT_ADMINISTRATOR).get(at(name, report.pk)).status_code == 404
    assert Client().get(at(name, report.pk)).status_code == 302


def test_buttons_of_others_are_refused() -> None:
    unit = make_unit()
    report = sign(make_report(unit))
    leader = signed_in(Role.LEADER, make_office())

    for name in ("save", "confirm", "check", "withdraw", "decline", "accept", "return"):
        assert leader.post(at(name, report.pk)).status_code == 403
    other = signed_in(Role.UNIT_LIAISON, make_unit())
    assert other.post(at("withdraw", report.pk)).status_code == 404


def test_a_draft_is_not_read_by_others_what_was_signed_is() -> None:
    unit = make_unit()
    make_claim(unit)
    report = fill(make_report(unit))
    office = signed_in(Role.OFFICE_OFFICER, make_office())

    page = office.get(at("sheet", report.pk), follow=True)
    assert "尚未报出" in page.text
    assert "已办班三期" not in page.text
    sign(report)
    assert "已办班三期" in office.get(at("report", report.pk)).text
    assert office.get(at("report", report.pk), {"number": 2}).status_code == 404


def test_the_list_names_what_is_to_do_on_top(django_assert_max_num_queries: Any) -> None:
    unit = make_unit()
    report = make_report(unit)
    client = signed_in(Role.UNIT_LIAISON, unit)

    with django_assert_max_num_queries(25):
        page = client.get(at("reports"), {"month": str(OCTOBER), "status": "draft"})
    assert "填报2026年10月月报" in page.text
    assert page.text.count(at("sheet", report.pk)) == 2
    assert "没有符合条件的月报" in client.get(at("reports"), {"month": "2020-01", "q": "x"}).text
    assert client.get(at("reports"), {"month": "十月"}).status_code == 200


# --- the reviewer ---


def test_the_queue_goes_from_one_to_the_next() -> None:
    first, second = make_unit(), make_unit()
    form = make_form()
    for unit in (first, second):
        make_claim(unit)
    reports = [sign(make_report(unit, form)) for unit in (first, second)]
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    page = client.get(at("queue"), follow=True)
    assert page.redirect_chain[-1][0] == at("review", reports[0].pk) + "?sort=arrived"
    assert "标记" in page.text
    after = client.post(at("accept", reports[0].pk), {"version": reports[0].version}, follow=True)
    assert after.redirect_chain[-1][0] == at("review", reports[1].pk) + "?sort=arrived"
    assert client.get(at("review", reports[0].pk)).headers["location"] == at("report", reports[0].pk)
    assert reports[1].obligation.unit.name in client.get(at("clean")).text
    many = client.post(at("accept_many"), {"chosen": [f"{reports[1].pk}:{reports[1].version}"]})
    assert "已采用 1 份，未采用 0 份" in many.text
    assert "没有可以批量采用的月报" in client.get(at("clean")).text
    assert "没有待审核的月报" in client.get(at("queue")).text
    assert client.post(at("accept_many")).status_code == 422


def test_a_return_carries_marks_and_the_next_version_shows_what_changed() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    report = sign(make_report(unit))
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    ref = f"task:{claim.pk}:progress"
    posted = {
        "version": report.version,
        "due_on": timezone.localdate() + timedelta(days=30),
        "words": "写得不够具体",
        f"remark:{ref}": "写明期数",
    }

    assert client.post(at("return", report.pk), posted | {"due_on": ""}).status_code == 422
    without_reason = client.post(at("return", report.pk), posted | {"words": ""})
    assert without_reason.status_code == 422
    assert "请填写退回原因" in without_reason.text
    assert 'value="写明期数"' in without_reason.text
    assert client.post(at("return", report.pk), posted).status_code == 303
    edit = actions.CellEdit(ref, "办班三期共 216 人。")
    actions.save_cells(liaison_of(unit), report.pk, cells=[edit], at=IN_TIME)
    submitted = submit(report)
    actions.sign_report(head_of(unit), report.pk, version=submitted.version, at=IN_TIME)
    page = client.get(at("review", report.pk))
    assert "与上次报送比" in page.text
    assert "上次要求：写明期数" in page.text
    assert "办班三期共 216 人。" in page.text


# --- the office ---


def test_the_board_opens_every_count_to_named_rows() -> None:
    form = make_form()
    late, missing, exempt = make_unit("迟到县"), make_unit("未报县"), make_unit("免报县")
    sign(make_report(late, form), at=TOO_LATE)
    actions.exempt_obligation(OFFICER, make_report(exempt, form).obligation_id, reason="机构调整", at=IN_TIME)
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    page = client.get(at("board"))
    assert "报送率 50.0%" in page.text
    assert "迟到县" in client.get(at("board"), {"tab": "late"}).text
    assert "未报县" not in client.get(at("board"), {"tab": "late"}).text
    assert "机构调整" in client.get(at("board"), {"tab": "exempt"}).text
    assert "本月尚未开启填报" in client.get(at("board"), {"month": "2020-01"}).text
    own = signed_in(Role.UNIT_LIAISON, missing).get(at("board"))
    assert "迟到县" not in own.text
    assert "提醒未报单位" not in own.text


def test_the_board_as_a_workbook() -> None:
    make_report(make_unit("示范县"))

    answer = signed_in(Role.OFFICE_OFFICER, make_office()).get(at("board_export"), {"month": str(OCTOBER)})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {"示范县", "未报", "填报中"} <= cells


def test_the_office_extends_exempts_reminds_and_closes() -> None:
    form = make_form()
    units = [make_unit(), make_unit()]
    first, second = (make_report(unit, form) for unit in units)
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    period = Period.objects.get(opened_at__isnull=False)
    extend, exempt = at("settle", first.obligation_id, "extend"), at("settle", first.obligation_id, "exempt")
    later = max(timezone.localdate(), period.due_on) + timedelta(days=5)

    assert client.post(extend, {"due_on": "2026-11-01", "reason": "防汛"}).status_code == 422
    assert client.post(extend, {"due_on": later, "reason": "防汛"}).status_code == 303
    assert "防汛" in client.get(at("obligation", first.obligation_id)).text
    assert client.post(exempt, {}).status_code == 422
    assert client.post(exempt, {"reason": "机构调整"}).status_code == 303
    assert client.post(exempt, {"reason": "机构调整"}).status_code == 409
    assert "已提醒" in client.post(at("remind", period.pk), follow=True).text
    assert "没有需要提醒的单位" in client.post(at("remind", period.pk), follow=True).text
    Obligation.objects.update(due_on="2026-01-05")
    assert client.post(at("close", period.pk)).status_code == 303
    assert "到月底应完成的任务" in client.get(at("record", second.obligation_id)).text
    assert client.post(at("close", period.pk)).status_code == 409


def test_a_form_is_set_up_issued_opened_and_stopped() -> None:
    make_unit()
    field = make_field()
    client = signed_in(Role.OFFICE_OFFICER, make_office())
    entry = {
        "name": "月度台账",
        "levels": ["county"],
        "fields_asked": [field.pk],
        "opens_day": 25,
        "due_day": 5,
    }

    assert client.get(at("form_new")).status_code == 200
    assert client.post(at("form_new"), entry | {"levels": []}).status_code == 422
    assert client.post(at("form_new"), entry).status_code == 303
    form = Form.objects.get()
    assert client.post(at("form", form.pk), entry | {"name": "台账", "version": 1}).status_code == 303
    assert client.post(at("form", form.pk), entry | {"version": 1}).status_code == 409
    assert client.post(at("form_burden", form.pk)).status_code == 303
    assert client.post(at("open", form.pk), {"month": "十月"}).status_code == 422
    opened = client.post(at("open", form.pk), {"month": "2026-10"}, follow=True)
    assert "应报单位" in opened.text
    assert "2026年10月" in client.get(at("form", form.pk)).text
    assert client.post(at("retire", form.pk)).status_code == 303
    assert "已停用" in client.get(at("forms")).text
    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(at("forms")).status_code == 403


# --- where figures lead back to ---


def test_an_item_s_history_shows_month_by_month() -> None:
    unit = make_unit()
    claim = make_claim(unit)
    form = make_form()
    accept(sign(make_report(unit, form, month=OCTOBER.plus(-1))))
    accept(sign(make_report(unit, form)))
    client = signed_in(Role.OFFICE_OFFICER, make_office())

    page = client.get(at("task_history", claim.pk))

    assert "2026年9月" in page.text
    assert "2026年10月" in page.text
    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(at("task_history", claim.pk)).status_code == 404


def test_the_record_waits_for_the_closing() -> None:
    report = make_report(make_unit())

    page = signed_in(Role.OFFICE_OFFICER, make_office()).get(at("record", report.obligation_id))
    assert "尚未关闭" in page.text
