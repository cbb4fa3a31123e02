"""Pages of the rules of checking."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from changai.areas.accounts.tests.make import make_person
from changai.areas.organisations.models import Unit
from changai.areas.reporting import queries
from changai.areas.reporting.actions import CellEdit, check_report, save_cells
from changai.areas.reporting.forms.checking import ROLE_WORDS, WORDS
from changai.areas.reporting.models import CheckRule, CheckVersion
from changai.areas.reporting.tests.make import (
    IN_TIME,
    liaison_of,
    make_field,
    make_form,
    make_report,
    make_unit,
    switch_on,
)
from changai.core.checks import KINDS, PartOfWhole
from changai.foundation.actors import Role

pytestmark = pytest.mark.django_db
WITHIN = {"passes": {"part": "5", "whole": "5"}, "fails": {"part": "6", "whole": "5"}}


def signed_in(role: Role = Role.OFFICE_OFFICER, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(make_person(role, unit), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_kind_has_words_and_asks_what_the_core_needs() -> None:
    assert set(WORDS) == set(KINDS)
    for words in WORDS.values():
        assert set(words.roles) <= set(ROLE_WORDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_each_kind_can_be_begun(kind: str) -> None:
    make_field()
    client = signed_in()
    assert client.get(reverse("reporting:check_new"), {"kind": kind}).status_code == 200
    answer = client.post(f"{reverse('reporting:check_new')}?kind={kind}", {"name": "甲"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "value", ["9" * 5000, "-1", "1e400", "NaN", "²", "\x00", "<script>", "{部分.__class__}"]
)
def test_whatever_is_typed_into_a_rule_is_answered_with_a_sentence(value: str) -> None:
    field = make_field()
    client = signed_in()
    for kind, words in WORDS.items():
        sent = {
            "name": "甲", "severity": "block", "origin": "乙", "sentence": value,
            **{asked.name: field.code if asked.shape.startswith("figure") else value for asked in words.asked},
            **{f"{case}_{role}": value for role in words.roles for case in ("passes", "fails")},
        }  # fmt: skip
        answer = client.post(f"{reverse('reporting:check_new')}?kind={kind}", sent)
        assert answer.status_code == 422, kind
        assert b"<script>" not in answer.content
    assert not CheckRule.objects.exists()


def typed(signed: str, due: str, **changes: str) -> dict[str, str]:
    return {
        "name": "已签不超过应签", "severity": "block", "origin": "口径", "part": signed, "whole": due,
        "passes_part": "5", "passes_whole": "5", "fails_part": "6", "fails_whole": "5",
    } | changes  # fmt: skip


def test_the_office_writes_tries_switches_on_and_off() -> None:
    signed, due = make_field(unit_of_measure="家"), make_field(unit_of_measure="家")
    make_form(signed, due)
    client = signed_in()
    new = f"{reverse('reporting:check_new')}?kind=part"
    wrong = client.post(new, typed(signed.code, due.code, fails_part="5"))
    assert "没有查出问题" in wrong.content.decode()
    assert client.post(new, typed(signed.code, due.code)).status_code == 303
    rule = CheckRule.objects.get()

    def press(button: str, **values: object) -> int:
        rule.refresh_from_db()
        sent = {"version": rule.version, **values}
        return client.post(reverse(f"reporting:{button}", args=[rule.pk]), sent).status_code

    assert press("check_on") == 422
    assert press("check_try") == 303
    shown = client.get(reverse("reporting:check_rule", args=[rule.pk])).content.decode()
    assert "试运行结果" in shown
    assert press("check_on") == 303
    assert press("check_edit", **typed(signed.code, due.code, name="新名")) == 303
    assert press("check_discard") == 303
    assert press("check_off", reason="误报太多") == 303
    assert "误报太多" in client.get(reverse("reporting:check_rule", args=[rule.pk])).content.decode()
    assert CheckVersion.objects.count() == 1


def test_units_read_the_rules_in_force_and_no_draft() -> None:
    signed, due = make_field(unit_of_measure="家"), make_field(unit_of_measure="家")
    make_form(signed, due)
    signed_in().post(f"{reverse('reporting:check_new')}?kind=part", typed(signed.code, due.code))
    draft = CheckRule.objects.get()
    rule = switch_on(PartOfWhole(signed.code, due.code), **WITHIN)
    client = signed_in(Role.UNIT_LIAISON, make_unit())
    listed = client.get(reverse("reporting:checks")).content.decode()
    assert rule.code in listed
    assert draft.code not in listed
    assert "新增规则" not in listed
    assert client.get(reverse("reporting:check_rule", args=[draft.pk])).status_code == 404
    assert client.get(reverse("reporting:check_rule", args=[rule.pk])).status_code == 200
    assert client.get(reverse("reporting:checks_use")).status_code == 403


def test_lists_are_narrowed() -> None:
    signed, due = make_field(unit_of_measure="家"), make_field(unit_of_measure="家")
    make_form(signed, due)
    rule = switch_on(PartOfWhole(signed.code, due.code), **WITHIN)
    client = signed_in()
    for address, is_there in (
        ("?state=on&severity=block&kind=part&q=规则", True), ("?state=off", False), ("?state=draft", False),
        ("?sort=-severity", True),
    ):  # fmt: skip
        assert (rule.code in client.get(reverse("reporting:checks") + address).content.decode()) is is_there


def test_the_defaults_are_installed_with_one_press() -> None:
    client = signed_in()
    assert client.post(reverse("reporting:checks_install")).status_code == 303
    assert CheckRule.objects.get().seed == "jump"


def test_the_sheet_tells_what_rules_find_and_so_does_its_fragment() -> None:
    signed, due = make_field(unit_of_measure="家"), make_field(unit_of_measure="家")
    report = make_report(make_unit(), make_form(signed, due))
    switch_on(PartOfWhole(signed.code, due.code), "explain", **WITHIN)
    liaison = liaison_of(report.obligation.unit)
    cells = [CellEdit(f"figure:{signed.pk}:value", "7"), CellEdit(f"figure:{due.pk}:value", "5")]
    save_cells(liaison, report.pk, cells=cells, at=IN_TIME)
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    for name in ("sheet", "findings"):
        page = client.get(reverse(f"reporting:{name}", args=[report.pk])).content.decode()
        assert "多出 2，请核对。如情况属实，请在“说明”中写明原因。" in page
        assert f'href="#figure:{signed.pk}:remark"' in page
    stranger = signed_in(Role.LEADER)
    assert stranger.get(reverse("reporting:findings", args=[report.pk])).status_code == 404
    check_report(liaison, report.pk, at=IN_TIME)
    office = signed_in()
    assert "规则" in office.get(reverse("reporting:checks_use")).content.decode()
    assert queries.uses_of_rules(IN_TIME.date())[0].waiting == 1
    rule = CheckRule.objects.get()
    assert "最近查出" in office.get(reverse("reporting:check_rule", args=[rule.pk])).content.decode()


def test_the_listed_rules_are_downloaded_in_words() -> None:
    make_unit()
    signed, due = make_field("signed"), make_field("due")
    make_form(signed, due)
    switch_on(PartOfWhole("signed", "due"), **WITHIN)
    answer = signed_in().get(reverse("reporting:checks_export") + "?state=on")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if "JY" in str(row[0])]
    assert len(rows) == 1
    assert "部分：" in str(rows[0][4])
    assert rows[0][7] == "已启用"
    empty = load_workbook(
        BytesIO(signed_in().get(reverse("reporting:checks_export") + "?state=draft").content)
    )
    assert not [row for row in empty.worksheets[0].iter_rows(values_only=True) if "JY" in str(row[0])]
