"""`changai check DOCX…`: where the form of official papers deviates, one line each."""

from collections.abc import Sequence
from pathlib import Path

from changai.cli.terminal import write_out
from changai.core.errors import Unreadable
from changai.documents.checking import Deviation, check_document

FAULTY = 2


def check_papers(paths: Sequence[Path]) -> int:
    """Print every deviation of the .docx files, each under its name when there are several.

    Return 0 when none is binding, else 2. Of several files one that cannot be read does not keep the others back.

    :raises Unreadable: when the only file cannot be read
    """
    if len(paths) == 1:
        return _told(_deviations(paths[0]))
    codes = []
    for path in paths:
        write_out(f"【{path.name}】")
        try:
            codes.append(_told(_deviations(path)))
        except Unreadable as refusal:
            write_out(refusal.sentence)
            codes.append(FAULTY)
    return max(codes)


def _deviations(path: Path) -> list[Deviation]:
    try:
        source = path.read_bytes()
    except OSError as unreadable:
        raise Unreadable(f"{path.name}：文件打不开，请核对路径和权限。") from unreadable
    return check_document(source, name=path.name)


def _told(deviations: Sequence[Deviation]) -> int:
    for each in deviations:
        write_out(each.sentence())
    binding = sum(each.is_binding for each in deviations)
    advice = len(deviations) - binding
    if deviations:
        write_out(f"国标和条例 {binding} 项；惯例和本单位规定 {advice} 项，供参考。")
    else:
        write_out("格式检查通过，未发现不符之处。")
    return FAULTY if binding else 0
