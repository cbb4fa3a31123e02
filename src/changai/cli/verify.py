"""`changai verify`: whether the audit log, the kept files, results and briefings are what was written."""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from changai.core.scoring.archives import NotAnArchive, Replayed, archive_of, replay_archive


def register(commands: Any) -> None:
    """Add `verify` to the command line's `commands`."""
    parser = commands.add_parser(
        "verify", help="校验审计日志、佐证材料、考核结果和简报；有问题时指出并以 2 退出"
    )
    parser.add_argument(
        "--replay",
        nargs="*",
        metavar="存档",
        help="只重算考核结果：随附的样例年度和已公布的各次，或给出的存档文件",
    )
    parser.add_argument("--keep", metavar="目录", type=Path, help="把已公布的各次结果存为可重算的文件")
    parser.add_argument(
        "--package", nargs="+", metavar="归档包", type=Path, help="只核对公文归档包，不需要数据库"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found whole and what was not; 2 when anything is not."""
    if arguments.package:
        found = [_verify_package(path) for path in arguments.package]
        return 0 if all(found) else 2
    if arguments.replay:
        return 0 if _replay_files([Path(each) for each in arguments.replay]) else 2
    import django

    django.setup()
    if arguments.keep is not None:
        return _keep_results(arguments.keep)
    if arguments.replay is not None:
        found = [_replay_sample(), _verify_results()]
    else:
        found = [check() for check in (_verify_chain, _verify_files, _verify_results, _verify_briefings)]
    return 0 if all(found) else 2


def _replay_sample() -> bool:
    """Replay the archived years that come with the product: a release that counts otherwise is found at once."""
    found = [_told(replay_archive(json.loads(text))) for text in archived_years()]
    return all(found)


def archived_years() -> Iterator[str]:
    """Yield the text of each archived year that comes with the product."""
    for file in sorted(files("changai.cli").joinpath("archives").iterdir(), key=lambda each: each.name):
        yield file.read_text(encoding="utf-8")


def _replay_files(paths: Sequence[Path]) -> bool:
    found = []
    for path in paths:
        try:
            found.append(_told(replay_archive(json.loads(path.read_text(encoding="utf-8")))))
        except (OSError, ValueError) as fault:
            told = str(fault) if isinstance(fault, NotAnArchive) else "文件不存在、无法读取或不是 JSON。"
            print(f"存档：{path} {told}")
            found.append(False)
    return all(found)


def _told(replayed: Replayed) -> bool:
    if replayed.is_identical:
        print(f"存档：“{replayed.name}”重新计算一致（摘要 {replayed.digest[:12]}…）。")
        return True
    print(f"存档：“{replayed.name}”重新计算与存档不一致：")
    for sentence in replayed.differences[:20]:
        print(f"  {sentence}")
    return False


def _keep_results(folder: Path) -> int:
    """Write each published result into a file that any release can score again, without the database."""
    from changai.areas.assessments.queries import archived_amendments, card_of, published_rounds

    folder.mkdir(parents=True, exist_ok=True)
    rounds = list(published_rounds())
    for round_ in rounds:
        versions = [(0, card_of(round_, round_.frozen_facts)), *archived_amendments(round_)]
        for number, card in versions:
            told = f"{round_.name}（第 {number} 次更正后）" if number else round_.name
            ending = f"{round_.pk}_{number}" if number else str(round_.pk)
            name = re.sub(r"[^\w-]+", "_", f"{round_.last_month:%Y-%m}_{round_.name}_{ending}")
            kept = archive_of(card, name=told)
            text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    print(f"已存 {len(rounds)} 次考核结果到 {folder}，可用 changai verify --replay 文件 重新计算核对。")
    return 0


def _verify_package(path: Path) -> bool:
    """Check every file of a package against its manifest, and every frozen text against the digest of its issue."""
    from changai.documents.packages import check, frozen_faults

    try:
        with path.open("rb") as file:
            checked = check(file)
            faults = [*checked.faults, *(() if checked.faults else frozen_faults(file))]
    except (OSError, ValueError) as fault:
        print(f"归档包：{path} {fault if isinstance(fault, ValueError) else '文件不存在或无法读取。'}")
        return False
    for sentence in faults[:20]:
        print(f"归档包：{path} {sentence}")
    if not faults:
        print(f"归档包：{path} 共 {checked.files} 个文件，全部相符；整包校验值 {checked.digest}。")
    return not faults


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
    from changai.areas.assessments.queries import published_rounds, replay_amendments, replays_identically

    rounds = list(published_rounds())
    changed = [round_ for round_ in rounds if not replays_identically(round_)]
    for round_ in changed:
        print(f"考核结果：“{round_.name}”按冻结数据重新计算，与公布的不一致。")
    corrected = [(round_, *each) for round_ in rounds for each in replay_amendments(round_)]
    astray = [(round_, amendment) for round_, amendment, again in corrected if not again.is_identical]
    for round_, amendment in astray:
        print(
            f"考核结果：“{round_.name}”第 {amendment.number} 次更正后的结果按更正后的数据重新计算，与登记的不一致。"
        )
    if not changed and not astray:
        also = f"，更正后的结果 {len(corrected)} 版" if corrected else ""
        print(f"考核结果：已公布 {len(rounds)} 次{also}，重新计算全部一致。")
    return not changed and not astray


def _verify_briefings() -> bool:
    from changai.areas.briefings.models import Briefing
    from changai.documents.paper import paper_from_dict

    issued = list(Briefing.objects.filter(status=Briefing.Status.ISSUED))
    changed = [each for each in issued if paper_from_dict(each.content).digest != each.content_digest]
    for each in changed:
        print(f"公文：《{each.title}》的内容与印发时的摘要不符。")
    if not changed:
        print(f"公文：已印发 {len(issued)} 件，内容全部相符。")
    return not changed
