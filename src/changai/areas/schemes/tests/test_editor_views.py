"""The pages of a draft as the office meets them."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued
from changai.areas.schemes.tests.office import office_workbook
from changai.core import scoring
from changai.foundation.actors import Actor

SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def dictionary(db: None) -> None:
    make_dictionary()


def indicator(pk: int, code: str, name: str = "indicator") -> str:
    return reverse(f"schemes:{name}", args=[pk, 0, code])


def typed(client: Client, pk: int, code: str, **changed: str) -> dict[str, str]:
    """Return what the form of an indicator holds, some of it typed over."""
    form = client.get(indicator(pk, code)).context["form"]
    held = {name: form[name].value() or "" for name in form.fields if name != "verification"}
    return {name: str(value) for name, value in held.items()} | changed


def test_an_office_s_table_is_read_and_confirmed_page_by_page(signed_in: SignIn, officer: Actor) -> None:
    client = signed_in(officer)
    file = SimpleUploadedFile("考核表.xlsx", office_workbook())
    answer = client.post(reverse("schemes:load"), {"category": "县区", "file": file})
    draft = SchemeVersion.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, reverse("schemes:edit", args=[draft.pk]))
    page = client.get(answer["Location"]).content.decode()
    assert "逐条确认（3）" in page
    assert "待确认" in page
    first = client.get(reverse("schemes:waiting", args=[draft.pk]))
    assert first["Location"] == indicator(draft.pk, "1.1.1")
    page = client.get(first["Location"]).content.decode()
    assert "Sheet 第 4 行 F 列" in page
    assert "每月上报，每迟一次扣1分，扣完为止" in page
    sent = typed(client, draft.pk, "2.1.1", confirm="1")
    assert sent["sentence"] == "按完成率得分，100%得满分"
    answer = client.post(indicator(draft.pk, "2.1.1"), sent | {"figures": "技能培训人次/培训任务数"})
    assert answer["Location"] == indicator(draft.pk, "1.1.1")
    draft.refresh_from_db()
    assert draft.waiting_count == 2


def test_examples_follow_what_is_typed_and_nothing_is_saved(signed_in: SignIn, officer: Actor) -> None:
    client, draft = signed_in(officer), make_draft(officer)
    before = draft.digest
    sent = typed(client, draft.pk, "1.1", sentence="90%得满分，80%得60%，其余不得分")
    page = client.post(indicator(draft.pk, "1.1", "preview"), sent).content.decode()
    assert "达到 80% 档，按 36 分计" in page
    assert "技能培训人次" in page
    looked = client.post(indicator(draft.pk, "1.1"), sent | {"look": "1"})
    assert looked.status_code == 200
    assert "达到 80% 档，按 36 分计" in looked.content.decode()
    told = client.post(
        indicator(draft.pk, "1.1", "preview"), sent | {"sentence": "看着给分"}
    ).content.decode()
    assert "不认识的评分规则" in told
    unknown = sent | {"figures": "某新数据/培训任务数"}
    told = client.post(indicator(draft.pk, "1.1", "preview"), unknown).content.decode()
    assert reverse("facts:field_new") in told
    draft.refresh_from_db()
    assert draft.digest == before


def test_an_indicator_saves_by_itself_and_tells_of_conflicts(
    signed_in: SignIn, officer: Actor, office_head: Actor
) -> None:
    draft = make_draft(officer)
    client, other = signed_in(officer), signed_in(office_head)
    mine, theirs = typed(client, draft.pk, "1.1", points="55"), typed(other, draft.pk, "1.1", points="50")
    saved = client.post(indicator(draft.pk, "1.1", "autosave"), mine)
    assert saved.status_code == 200
    assert saved.json()["seen"] != mine["seen"]
    refused = other.post(indicator(draft.pk, "1.1", "autosave"), theirs)
    assert refused.status_code == 409
    assert officer.name in refused.json()["sentence"]
    assert other.post(indicator(draft.pk, "1.1"), theirs).status_code == 409
    faulty = client.post(indicator(draft.pk, "1.1", "autosave"), mine | {"points": "很多"})
    assert faulty.status_code == 422


def test_points_are_typed_in_the_table_and_their_sums_are_shown(signed_in: SignIn, officer: Actor) -> None:
    client, draft = signed_in(officer), make_draft(officer)
    address = reverse("schemes:edit", args=[draft.pk])
    answer = client.post(f"{address}?table=0", {"points-1.1": "55.5", "points-2": "１０", "version": 1})
    assert answer.status_code == 303
    page = client.get(address).content.decode()
    assert "下级差 4.5" in page
    bad = client.post(f"{address}?table=0", {"points-1.1": "-3", "points-2": "十", "version": 2})
    assert bad.status_code == 422
    assert bad.content.decode().count("最多两位小数") == 2
    assert client.get(f"{address}?table=7").status_code == 404


def test_the_tree_is_arranged_on_the_page_and_taken_back(signed_in: SignIn, officer: Actor) -> None:
    client, draft = signed_in(officer), make_draft(officer)
    address = reverse("schemes:arrange", args=[draft.pk, 0])
    answer = client.post(address, {"act": "add", "parent": "1", "name": "新指标", "version": 1})
    assert answer["Location"] == indicator(draft.pk, "1.3")
    assert client.post(address, {"act": "up", "code": "1.3", "version": 2}).status_code == 303
    assert (
        client.post(address, {"act": "below", "code": "1.2", "parent": "", "version": 3}).status_code == 303
    )
    assert client.post(address, {"act": "drop", "code": "3", "version": 4}).status_code == 303
    assert client.post(address, {"act": "?", "version": 5}).status_code == 422
    assert client.post(reverse("schemes:undo", args=[draft.pk]), {"version": 5}).status_code == 303
    draft.refresh_from_db()
    leaves = next(iter(scheme_of(draft).tables.values())).leaves
    assert [leaf.name for leaf in leaves] == ["培训任务完成率", "月报及时性", "典型经验", "新指标"]


def test_items_and_settings_have_their_pages(signed_in: SignIn, officer: Actor) -> None:
    client, draft = signed_in(officer), make_draft(officer)
    for kind in ("bonus", "penalty", "veto"):
        assert client.get(reverse("schemes:new_item", args=[draft.pk, 0, kind])).status_code == 200
    assert client.get(reverse("schemes:new_item", args=[draft.pk, 0, "x"])).status_code == 404
    bonus = {
        "version": 1,
        "name": "表彰",
        "cap": "2",
        "sentence": "每有一项加1分，最高2分",
        "figures": "月报迟报次数",
    }
    assert client.post(reverse("schemes:new_item", args=[draft.pk, 0, "bonus"]), bonus).status_code == 303
    penalty = bonus | {"version": 2, "sentence": "每有一项扣1分", "cap": "5", "name": "通报"}
    assert client.post(reverse("schemes:new_item", args=[draft.pk, 0, "penalty"]), penalty).status_code == 303
    veto = {"version": 3, "name": "弄虚作假", "when": "late", "effect": "grade_ceiling", "ceiling": "合格"}
    assert client.post(reverse("schemes:new_item", args=[draft.pk, 0, "veto"]), veto).status_code == 303
    page = client.get(reverse("schemes:item", args=[draft.pk, 0, "P1"])).content.decode()
    assert "每有一项扣1分，扣完为止" in page
    address = reverse("schemes:settings", args=[draft.pk, 0])
    shown = client.get(address)
    form, grades = shown.context["form"], shown.context["grades"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"grades-{name}": value for name, value in grades.management_form.initial.items()}
    sent |= {"grades-0-name": "优秀", "grades-0-min": "85", "grades-1-name": "合格", "missing": "average"}
    assert client.post(address, sent).status_code == 303
    draft.refresh_from_db()
    table = next(iter(scheme_of(draft).tables.values()))
    assert (table.missing, [str(grade.min) for grade in table.grades]) == ("average", ["85", "None"])
    assert not scoring.errors_of(scheme_of(draft).validate())


def test_a_draft_begins_from_an_issued_version(
    signed_in: SignIn, officer: Actor, office_head: Actor, liaison: Actor
) -> None:
    issued = make_issued(officer, office_head)
    client = signed_in(officer)
    page = client.get(f"{reverse('schemes:start')}?copied={issued.pk}")
    assert page.context["form"]["label"].value() == "1.1"
    sent = {"name": issued.name, "year": 2026, "label": "1.1", "copied": issued.pk, "category": ""}
    answer = client.post(reverse("schemes:start"), sent)
    copy = SchemeVersion.objects.get(version_label="1.1")
    assert answer["Location"] == reverse("schemes:edit", args=[copy.pk])
    assert client.post(reverse("schemes:start"), sent).status_code == 422
    assert client.get(reverse("schemes:edit", args=[issued.pk])).status_code == 409
    assert signed_in(liaison).get(reverse("schemes:edit", args=[copy.pk])).status_code == 403
