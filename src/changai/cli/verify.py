"""`changai verify`: is the audit log whole, are the files what they were, do the results replay?"""

import argparse
import sys
from collections.abc import Callable, Iterator


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `verify`."""
    parser = commands.add_parser("verify", help="核验审计日志、佐证材料和考核结果")
    parser.add_argument("--audit-only", action="store_true", help="只核验审计日志")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was verified; return 0, or 2 after naming what does not fit."""
    import django

    django.setup()
    checks: list[Callable[[], Iterator[str]]] = [_audit]
    if not arguments.audit_only:
        checks += [_evidence, _results, _briefings]
    faults = [fault for check in checks for fault in check()]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 2 if faults else 0


def _audit() -> Iterator[str]:
    from changai.foundation.audit.verifier import verify_chain

    verdict = verify_chain()
    if verdict.is_whole:
        print(f"审计日志：{verdict.lines} 条，封印完整，末条 {verdict.head}")
    else:
        yield f"审计日志：第 {verdict.first_bad} 条不符——{verdict.reason}（此前 {verdict.lines} 条完整）"


def _evidence() -> Iterator[str]:
    from changai.areas.evidence.queries import faulty_files

    faulty = [f"文件 {name}（{digest[:16]}…）：{reason}" for digest, name, reason in faulty_files()]
    if not faulty:
        print("佐证材料：全部与数字摘要相符")
    yield from faulty


def _results() -> Iterator[str]:
    from changai.areas.assessments.queries import published_rounds, replays_identically

    rounds = list(published_rounds())
    changed = [round_ for round_ in rounds if not replays_identically(round_)]
    print(f"考核结果：已公布 {len(rounds)} 次，重新计算一致 {len(rounds) - len(changed)} 次")
    yield from (f"考核“{round_.name}”重新计算的结果与公布的不一致" for round_ in changed)


def _briefings() -> Iterator[str]:
    from changai.areas.briefings.models import Briefing
    from changai.documents.paper import Briefing as Paper

    issued = list(Briefing.objects.filter(status=Briefing.Status.ISSUED))
    changed = [each for each in issued if Paper.from_dict(each.content).digest != each.content_digest]
    print(f"简报：已印发 {len(issued)} 期，内容与摘要相符 {len(issued) - len(changed)} 期")
    yield from (f"简报《{each.title}》的内容与印发时的摘要不符" for each in changed)
