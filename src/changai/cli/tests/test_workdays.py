import json

import pytest

from changai.cli.main import main
from changai.foundation.workdays.queries import work_calendar

pytestmark = pytest.mark.django_db
YEAR = {
    "year": 2027,
    "source": "测试用安排",
    "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
    "workdays": ["2027-01-10"],
}


def test_the_known_years_are_listed(capsys):
    assert main(["workdays"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("2026　国务院办公厅关于2026年")


def test_a_file_is_looked_at_before_it_is_loaded(tmp_path, capsys):
    file = tmp_path / "2027.json"
    file.write_text(json.dumps(YEAR), encoding="utf-8")
    assert main(["workdays", "--load", str(file)]) == 0
    assert "仅核对" in capsys.readouterr().out
    assert 2027 not in work_calendar().years
    assert main(["workdays", "--load", str(file), "--confirm"]) == 0
    assert 2027 in work_calendar().years


@pytest.mark.parametrize(("content", "sentence"), [(b"\xff\xff\x80", "文字编码"), (b"no notice", "没有找到")])
def test_what_cannot_be_read_is_told(content, sentence, tmp_path, capsys):
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    assert main(["workdays", "--load", str(file)]) == 2
    assert sentence in capsys.readouterr().err
    assert main(["workdays", "--load", str(tmp_path / "none.txt")]) == 2
