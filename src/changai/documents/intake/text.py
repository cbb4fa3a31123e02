"""The text of a paper that a unit or the office uploads: .docx or .txt."""

import codecs
import re
from dataclasses import dataclass

from changai.documents.intake.sandbox import Limits, parse_limited, refusal

_DOCX = "changai.documents.intake.docx:parse"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_LONGEST_TEXT_BYTES = 20 * 1024 * 1024


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
    if not source:
        raise refusal(name, "文件为空，请检查后重新上传。")
    if len(source) > most_bytes:
        raise refusal(name, f"文本文件超过 {most_bytes // 2**20} MB，请拆分后上传。")
    if source.startswith(_BINARY_STARTS):
        raise refusal(name, "文件实际不是文本文件，请按文件的真实格式改正扩展名后上传。")
    encoding = next((encoding for mark, encoding in _BOMS if source.startswith(mark)), "")
    failed_at = 0
    for candidate in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = source.decode(candidate)
        except UnicodeDecodeError as undecodable:
            # In a file of two encodings the one that came further is the one it begins in.
            failed_at = max(failed_at, undecodable.start)
        else:
            break
    else:
        line = source.count(b"\n", 0, failed_at) + 1
        raise refusal(name, f"第 {line} 行的文字编码无法识别，请另存为 UTF-8 编码的文本文件后上传。")
    if _CONTROLS.search(text):
        raise refusal(name, "文件含有非文本内容，请确认上传的是文本文件。")
    return text.replace("\r\n", "\n").replace("\r", "\n")
