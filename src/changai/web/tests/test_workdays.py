"""The pages of the working calendar."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from changai.areas.accounts.tests.make import make_person
from changai.foundation.actors import Role
from changai.foundation.workdays.models import WorkYear

pytestmark = pytest.mark.django_db
YEAR = {
    "year": 2027,
    "source": "测试用安排",
    "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
    "workdays": ["2027-01-10"],
}


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_year_shows_days_off_and_days_worked():
    page = signed_in(Role.UNIT_LIAISON).get("/workdays/?year=2026").content.decode()
    assert 'title="春节"' in page
    assert 'title="调休上班"' in page
    assert "248 天" in page
    assert "按周末推算" not in page
    assert "载入年度安排" not in page


def test_a_year_nobody_announced_says_so():
    page = signed_in(Role.OFFICE_OFFICER).get("/workdays/?year=2024").content.decode()
    assert "251 天" in page
    for asked in ("", "x", "9999", "1"):
        assert signed_in(Role.OFFICE_OFFICER).get(f"/workdays/?year={asked}").status_code == 200


def test_a_year_is_read_compared_and_loaded():
    office = signed_in(Role.OFFICE_OFFICER)
    text = json.dumps(YEAR)
    page = office.post("/workdays/load/", {"text": text}).content.decode()
    assert "2 天的安排不同：1月1日元旦、1月10日调休上班" in page
    assert not WorkYear.objects.exists()
    response = office.post("/workdays/load/confirm/", {"text": text, "once": "k"})
    assert (response.status_code, response.headers["Location"]) == (303, "/workdays/?year=2027")
    office.post("/workdays/load/confirm/", {"text": text, "once": "k"})  # a double click
    assert WorkYear.objects.count() == 1
    assert "没有变化" in office.post("/workdays/load/", {"text": text}).content.decode()


def test_a_file_is_read_whatever_its_encoding():
    office = signed_in(Role.OFFICE_OFFICER)
    content = json.dumps(YEAR, ensure_ascii=False).encode("gb18030")
    page = office.post("/workdays/load/", {"file": SimpleUploadedFile("2027.json", content)}).content.decode()
    assert "测试用安排" in page
    torn = SimpleUploadedFile("x.txt", b"\xff\xff\x80")
    assert office.post("/workdays/load/", {"file": torn}).status_code == 422


def test_a_faulty_notice_names_its_faults_and_keeps_the_text():
    response = signed_in(Role.OFFICE_OFFICER).post("/workdays/load/", {"text": "关于2027年的通知"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "没有找到" in page
    assert "关于2027年的通知</textarea>" in page


def test_only_the_office_loads():
    liaison = signed_in(Role.UNIT_LIAISON)
    assert liaison.get("/workdays/load/").status_code == 403
    assert liaison.post("/workdays/load/confirm/", {"text": json.dumps(YEAR)}).status_code == 403
