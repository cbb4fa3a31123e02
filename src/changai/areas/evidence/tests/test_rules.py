import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.evidence.rules import LONGEST_NAME, cleaned_name, kind_of
from changai.areas.evidence.tests.make import DOCX, OLE, PDF, PNG, XLSX
from changai.core.errors import Unreadable


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("总结.docx", "总结.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\资料\\照片.jpg", "照片.jpg"),
        ("资料\u202efdp.exe", "资料fdp.exe"),
        ("一\0二\r\n三.pdf", "一二三.pdf"),
        (" 两  处　空格 .pdf", "两 处 空格 .pdf"),
        ("..", ""),
    ],
)
def test_a_name_is_kept_without_folders_and_tricks(written: str, kept: str) -> None:
    assert cleaned_name(written) == kept


def test_a_long_name_keeps_its_extension() -> None:
    name = cleaned_name("长" * 300 + ".docx")
    assert len(name) == LONGEST_NAME
    assert name.endswith("长.docx")


@given(st.text(max_size=400))
def test_a_cleaned_name_stays_clean(written: str) -> None:
    name = cleaned_name(written)
    assert len(name) <= LONGEST_NAME
    assert not {"/", "\\", "\n", "\0", "\u202e"} & set(name)
    assert cleaned_name(name) == name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", DOCX), ("a.XLSX", XLSX), ("a.pdf", PDF), ("a.png", PNG), ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.doc", OLE), ("a.wps", OLE), ("a.et", OLE), ("a.txt", "产改".encode()),
        ("a.csv", "产改".encode("gb18030")),
    ],
)  # fmt: skip
def test_files_whose_bytes_agree_with_their_name_are_taken_in(name: str, content: bytes) -> None:
    assert kind_of(name, content) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", OLE, "旧版 .doc"),
        ("a.docx", XLSX, "内容却不是"),
        ("a.pdf", b"<html>", "内容却不是"),
        ("a.pdf.exe", b"MZ", "不在接收范围"),
        ("a.svg", b"<svg/>", "不在接收范围"),
        ("a.zip", DOCX, "压缩包"),
        ("没有后缀", PDF, "不在接收范围"),
        ("a.txt", b"MZ\0\0", "内容却不是"),
        ("a.txt", b"", "空文件"),
    ],
)
def test_others_are_refused_in_words(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        kind_of(name, content)
