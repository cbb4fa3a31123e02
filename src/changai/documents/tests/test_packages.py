"""Packages for the archive: the same files give the same bytes, and whatever was touched is found."""

import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.documents.packages import MANIFEST, TAG_MANIFEST, check, packed_bytes, safe_name

FILES = [("公文.docx", b"PK"), ("数据/数据.json", "一".encode()), ("空.txt", b"")]
ABOUT = {"External-Identifier": "示产改通〔2026〕1号", "External-Description": "关于\n督查的通报"}


def test_a_package_is_whole_and_the_same_each_time() -> None:
    first = packed_bytes(FILES, ABOUT)
    assert first == packed_bytes(iter(FILES), ABOUT)
    checked = check(io.BytesIO(first))
    assert checked.faults == ()
    assert checked.files == 6  # three files, and bagit.txt, bag-info.txt, the manifest
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert checked.digest == hashlib.sha256(packed.read(TAG_MANIFEST)).hexdigest()
        manifest = packed.read(MANIFEST).decode()
        assert (
            f"{hashlib.sha256(b'PK').hexdigest()}  data/公文.docx\n" in manifest
        )  # as sha256sum -c reads it
        assert "Payload-Oxum: 5.3\n" in packed.read("bag-info.txt").decode()
        assert "关于 督查的通报\n" in packed.read("bag-info.txt").decode()


def rebuilt(changes: dict[str, bytes | None]) -> io.BytesIO:
    """Return the package with some files changed, taken out (None) or put beside."""
    source, written = zipfile.ZipFile(io.BytesIO(packed_bytes(FILES, ABOUT))), io.BytesIO()
    files = {name: source.read(name) for name in source.namelist()} | changes
    with zipfile.ZipFile(written, "w") as packed:
        for name, content in files.items():
            if content is not None:
                packed.writestr(name, content)
    return written


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"data/公文.docx": b"pk"}, "内容不符：data/公文.docx"),
        ({"data/公文.docx": None}, "缺少：data/公文.docx"),
        ({"data/夹带.txt": b"x"}, "多出：data/夹带.txt"),
        ({MANIFEST: b""}, f"内容不符：{MANIFEST}"),
        ({"bag-info.txt": b""}, "内容不符：bag-info.txt"),
    ],
)
def test_whatever_was_touched_is_found(changes: dict[str, bytes | None], told: str) -> None:
    assert told in check(rebuilt(changes)).faults


@pytest.mark.parametrize("content", [b"", b"no zip", packed_bytes([], {})[:40]])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="不是归档包"):
        check(io.BytesIO(content))


def test_a_zip_without_manifest_is_no_package() -> None:
    with pytest.raises(ValueError, match="不是归档包"):
        check(rebuilt({TAG_MANIFEST: None}))


@given(st.text(max_size=90))
def test_names_are_one_file_on_every_system(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 60
    assert not set(safe) & set('\\/:*?"<>|\r\n\t')
    assert safe not in {".", ".."}
