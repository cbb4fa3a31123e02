"""Checks for what was copied: a whole block of figures from an earlier period, one file under several items."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from changai.core.scoring.checks.flags import Flag

LEAST_BLOCK = 4


def copied_blocks(
    unit: str, periods: Mapping[str, Mapping[str, str]], *, least: int = LEAST_BLOCK
) -> Iterator[Flag]:
    """Yield a flag for each period whose figures all equal those of the period before.

    Only figures that are not zero and stand in both periods count, and at least `least` of them.

    :param periods: period -> indicator -> figure, in order of time; as for `repeats`, only figures that move
    """
    names = list(periods)
    for before, after in itertools.pairwise(names):
        shared = [name for name in periods[after] if name in periods[before]]
        moving = [name for name in shared if periods[after][name].strip("0.")]
        if len(moving) >= least and all(periods[after][name] == periods[before][name] for name in shared):
            yield Flag(
                unit,
                f"{after} 全部指标",
                "copied",
                float(len(moving)),
                None,
                f"{len(moving)} 项数据与 {before} 完全相同",
                f"{len(moving)} figures are those of {before}",
                "该期没有新增工作、误将上期表格重报",
                "no new work in the period, the sheet of the period before sent by mistake",
            )


def shared_files(files: Sequence[tuple[str, str, str]]) -> Iterator[Flag]:
    """Yield a flag for each unit and indicator proved by a file that another unit handed in as well.

    One unit may prove several indicators with one file; that is saving, not copying.

    :param files: unit, indicator and the file's digest
    """
    holders: dict[str, list[str]] = {}
    for unit, _, digest in files:
        if unit not in holders.setdefault(digest, []):
            holders[digest].append(unit)
    for unit, indicator, digest in dict.fromkeys(files):
        others = [each for each in holders[digest] if each != unit]
        if others:
            yield Flag(
                unit,
                indicator,
                "shared_file",
                float(len(others)),
                None,
                f"佐证材料与 {'、'.join(others)} 的是同一文件",
                f"its evidence is the same file as that of {', '.join(others)}",
                "联合开展的活动、上级统一印发的文件",
                "work done together, a paper issued to all by a higher body",
            )
