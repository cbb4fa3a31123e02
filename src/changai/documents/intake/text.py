"""The text of a paper that a unit or the office uploads: .docx or .txt."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from changai.documents.intake.sandbox import Limits, parse_limited, refusal

_DOCX = "changai.documents.intake.docx:parse"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LONGEST_TEXT_BYTES = 20 * 1024 * 1024
_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True)
class PlainText:
    """What could be read of a paper; `notes` name in Chinese what was left out (text boxes, footnotes,
    hidden text).
    """

    text: str
    notes: tuple[str, ...] = ()


def read_text(source: bytes, *, name: str) -> str:
    """Return the text of the .docx or .txt file `source`; see `read_document`."""
    return read_document(source, name=name).text


def read_document(source: bytes, *, name: str, limits: Limits | None = None) -> PlainText:
    """Return the text of the .docx or .txt file `source`, line ends as ``\\n``.

    Of a .docx: paragraphs and table rows in reading order, automatic numbers as printed, soft line breaks as
    line ends, revisions accepted. It is parsed in a limited child process. Of a .txt: the whole file decoded
    as UTF-8, UTF-16 with its mark, or GB18030.

    :param name: the file's name; its ending says what it should be
    :raises Unreadable: when the file is something else, encrypted, damaged or too large
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "docx":
        answer = parse_limited(_DOCX, source, name=name, limits=limits)
        return PlainText(str(answer["text"]), tuple(map(str, answer["notes"])))
    if ending == "txt":
        return PlainText(decode_text(source, name=name))
    if ending in ("doc", "wps", "rtf", "odt"):
        raise refusal(name, f"暂不接收 .{ending} 文件，请用 Word 或 WPS 打开后另存为 .docx 再上传。")
    if ending == "docm":
        raise refusal(name, "含宏的文件不接收，请另存为 .docx 再上传。")
    raise refusal(name, "只接收 .docx 和 .txt 文件，请转换格式后上传。")


def decode_text(source: bytes, *, name: str, most_bytes: int = _LONGEST_TEXT_BYTES) -> str:
    """Return `source` decoded whole, without byte order mark, line ends as ``\\n``.

    UTF-8 goes before GB18030, and the whole file decides: single words are often valid in both.

    :raises Unreadable: when it is empty, too large, no text or in another encoding
    """
    _refuse_size(len(source), name, most_bytes)
    text = source.decode(_encoding_of(lambda: iter((source,)), name))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_lines(source: Path, *, name: str, most_bytes: int) -> Iterator[str]:
    """Yield the lines of a text file as `decode_text` reads it; little of it is held at a time.

    :raises Unreadable: as `decode_text`, before the first line
    """

    def pieces() -> Iterator[bytes]:
        with source.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield piece

    _refuse_size(source.stat().st_size, name, most_bytes)
    with source.open(encoding=_encoding_of(pieces, name)) as lines:
        yield from lines


def _refuse_size(size: int, name: str, most_bytes: int) -> None:
    if not size:
        raise refusal(name, "文件为空，请检查后重新上传。")
    if size > most_bytes:
        raise refusal(name, f"文本文件超过 {most_bytes // 2**20} MB，请拆分后上传。")


def _encoding_of(pieces: Callable[[], Iterator[bytes]], name: str) -> str:
    """Return in which encoding all of a file is text; `pieces` yields its bytes from the beginning each time."""
    begun = next(pieces())
    if begun.startswith(_BINARY_STARTS):
        raise refusal(name, "文件实际不是文本文件，请按文件的真实格式改正扩展名后上传。")
    marked = next((encoding for mark, encoding in _BOMS if begun.startswith(mark)), "")
    # In a file of two encodings the one that came further is the one it begins in.
    furthest = 0
    for candidate in (marked,) if marked else ("utf-8", "gb18030"):
        failed_at = _failing_at(pieces(), candidate, name)
        if failed_at is None:
            return candidate
        furthest = max(furthest, failed_at)
    line = _line_ends_before(furthest, pieces()) + 1
    raise refusal(name, f"第 {line} 行的文字编码无法识别，请另存为 UTF-8 编码的文本文件后上传。")


def _failing_at(pieces: Iterator[bytes], encoding: str, name: str) -> int | None:
    """Return at which byte the encoding fails, or None when it holds to the end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    read, has_controls = 0, False
    try:
        for piece in pieces:
            waiting = len(decoder.getstate()[0])
            has_controls |= bool(_CONTROLS.search(decoder.decode(piece)))
            read += len(piece)
        waiting = len(decoder.getstate()[0])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as undecodable:
        return read - waiting + undecodable.start
    if has_controls:
        raise refusal(name, "文件含有非文本内容，请确认上传的是文本文件。")
    return None


def _line_ends_before(place: int, pieces: Iterator[bytes]) -> int:
    found, read = 0, 0
    for piece in pieces:
        found += piece.count(b"\n", 0, max(0, place - read))
        read += len(piece)
    return found
