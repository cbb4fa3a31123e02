"""`changai verify`: whether the audit log and the kept files are what was written."""

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add `verify` to the command line's `commands`."""
    parser = commands.add_parser("verify", help="校验审计日志和佐证材料；有问题时指出第一条并以 2 退出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the command line's signature
    """Print the number of lines and the head of the chain, or the first line that does not fit; then 2."""
    import django

    django.setup()
    is_chain_whole = _verify_chain()
    are_files_whole = _verify_files()
    return 0 if is_chain_whole and are_files_whole else 2


def _verify_chain() -> bool:
    from changai.foundation.audit.anchors import misfit
    from changai.foundation.audit.verifier import verify_chain

    verdict = verify_chain()
    if not verdict.is_whole:
        print(f"审计日志：第 {verdict.first_bad} 条不符，{verdict.reason}。此前 {verdict.lines} 条完好。")
        return False
    fault = misfit()
    if fault:
        print(f"审计日志：{fault}。")
        return False
    print(f"审计日志：共 {verdict.lines} 条，全部相符。")
    print(f"链首：{verdict.head}")
    return True


def _verify_files() -> bool:
    from changai.areas.evidence.models import EvidenceFile
    from changai.areas.evidence.queries import faulty_files

    faults = list(faulty_files())
    for digest, name, reason in faults:
        print(f"佐证材料：{name}（{digest[:12]}…）{reason}。")
    if not faults:
        print(f"佐证材料：{EvidenceFile.objects.values('digest').distinct().count()} 个文件，全部相符。")
    return not faults
