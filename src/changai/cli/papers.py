"""`changai check DOCX`: where the form of an official paper deviates, one line each."""

from pathlib import Path

from changai.cli.terminal import write_out
from changai.core.errors import Unreadable
from changai.documents.checking import check_document

FAULTY = 2


def check_paper(path: Path) -> int:
    """Print every deviation of the .docx file; return 0 when none is binding, else 2.

    :raises Unreadable: when the file cannot be read
    """
    try:
        source = path.read_bytes()
    except OSError as unreadable:
        raise Unreadable(f"{path.name}：文件打不开，请核对路径和权限。") from unreadable
    deviations = check_document(source, name=path.name)
    for each in deviations:
        write_out(each.sentence())
    binding = sum(each.is_binding for each in deviations)
    advice = len(deviations) - binding
    if deviations:
        write_out(f"国标和条例 {binding} 处；惯例和本单位规定 {advice} 处，供参考。")
    else:
        write_out("格式检查通过，未发现不符之处。")
    return FAULTY if binding else 0
