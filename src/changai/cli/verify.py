"""`changai verify`: whether the audit log, the kept files, results and briefings are what was written."""

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add `verify` to the command line's `commands`."""
    parser = commands.add_parser(
        "verify", help="校验审计日志、佐证材料、考核结果和简报；有问题时指出并以 2 退出"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the command line's signature
    """Print the number of lines and the head of the chain, or the first line that does not fit; then 2."""
    import django

    django.setup()
    found = [check() for check in (_verify_chain, _verify_files, _verify_results, _verify_briefings)]
    return 0 if all(found) else 2


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


def _verify_results() -> bool:
    from changai.areas.assessments.queries import published_rounds, replays_identically

    rounds = list(published_rounds())
    changed = [round_ for round_ in rounds if not replays_identically(round_)]
    for round_ in changed:
        print(f"考核结果：“{round_.name}”按冻结数据重新计算，与公布的不一致。")
    if not changed:
        print(f"考核结果：已公布 {len(rounds)} 次，重新计算全部一致。")
    return not changed


def _verify_briefings() -> bool:
    from changai.areas.briefings.models import Briefing
    from changai.documents.paper import Briefing as Paper

    issued = list(Briefing.objects.filter(status=Briefing.Status.ISSUED))
    changed = [each for each in issued if Paper.from_dict(each.content).digest != each.content_digest]
    for each in changed:
        print(f"简报：《{each.title}》的内容与印发时的摘要不符。")
    if not changed:
        print(f"简报：已印发 {len(issued)} 期，内容全部相符。")
    return not changed
