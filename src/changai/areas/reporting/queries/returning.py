"""Why reports of a month were returned: counts of returns by reason, by group of units and by figure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.models import CellMark, FigureLine, FigurePart, GivenReason, Submission
from changai.core.periods import Month
from changai.foundation.actors import Actor

BACK = ("returned", "part")
OWN_WORDS = ""


@dataclass(frozen=True)
class ReasonCount:
    """How often a reason was given, in all and in each group of units; no words: in the reviewer's own."""

    words: str
    count: int
    by_group: tuple[int, ...]


@dataclass(frozen=True)
class FigureCount:
    """How often cells of a figure (or of tasks, or narratives) were marked, and the reasons given with them."""

    name: str
    count: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Returned:
    """The returns of one month: counts of returns and of cells, never of people."""

    returns: int
    reports: int
    groups: tuple[str, ...]
    reasons: tuple[ReasonCount, ...]
    figures: tuple[FigureCount, ...]


def returns_of(actor: Actor, month: Month, *, grouping_id: int | None = None) -> Returned:
    """Return why the reports of a month were returned, for the units the actor reads.

    Groups are the levels of units, or the groups of a grouping when one is given.
    """
    sendings = _returned(actor, month)
    groups = _groups_of(sendings, grouping_id)
    names = tuple(sorted({name for found in groups.values() for name in found}))
    given: dict[int, list[str]] = defaultdict(list)
    rows = GivenReason.objects.filter(submission__in=sendings).order_by("reason__position", "pk")
    for submission_id, words in rows.values_list("submission_id", "reason__words"):
        given[submission_id].append(words)
    for sending in sendings:
        given[sending.pk] = given[sending.pk] or [OWN_WORDS]
    return Returned(
        len(sendings),
        len({sending.report_id for sending in sendings}),
        names,
        _reasons(sendings, given, groups, names),
        _figures(sendings, given),
    )


def _returned(actor: Actor, month: Month) -> list[Submission]:
    units = organisations.visible_to(actor, "report.view")
    found = Submission.objects.filter(
        outcome__in=BACK,
        report__obligation__period__month=month.first_on,
        report__obligation__unit__in=units,
    )
    return list(found.select_related("report__obligation__unit").defer("content").order_by("pk"))


def _groups_of(sendings: Iterable[Submission], grouping_id: int | None) -> dict[int, list[str]]:
    """Return the groups of the unit of each sending."""
    units = {sending.pk: sending.report.obligation.unit for sending in sendings}
    if grouping_id is None:
        return {pk: [unit.get_level_display()] for pk, unit in units.items()}
    members = organisations.members_of(grouping_id)
    return {pk: members.get(unit.pk, ["—"]) for pk, unit in units.items()}


def _reasons(
    sendings: list[Submission],
    given: dict[int, list[str]],
    groups: dict[int, list[str]],
    names: tuple[str, ...],
) -> tuple[ReasonCount, ...]:
    counts: Counter[str] = Counter()
    in_groups: Counter[tuple[str, str]] = Counter()
    for sending in sendings:
        for words in given[sending.pk]:
            counts[words] += 1
            in_groups.update((words, name) for name in groups[sending.pk])
    return tuple(
        ReasonCount(words, count, tuple(in_groups[words, name] for name in names))
        for words, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _figures(sendings: list[Submission], given: dict[int, list[str]]) -> tuple[FigureCount, ...]:
    marks = CellMark.objects.filter(submission__in=sendings).values_list("submission_id", "cell")
    named = _names_of({cell for _pk, cell in marks})
    counts: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for submission_id, cell in marks:
        name = named[cell]
        counts[name] += 1
        reasons[name].update(words for words in given[submission_id] if words)
    return tuple(
        FigureCount(name, count, tuple(reasons[name].most_common(3)))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _names_of(cells: set[str]) -> dict[str, str]:
    """Return what each marked cell is about: the figure's name; tasks and narratives each as one."""
    fields = {int(cell.split(":")[1]) for cell in cells if cell.startswith("figure:")}
    parts = {int(cell.split(":")[1]) for cell in cells if cell.startswith("part:")}
    lines = FigureLine.objects.filter(field__in=fields).values_list("field_id", "field__name").distinct()
    names = {f"figure:{pk}": name for pk, name in lines}
    of_parts = FigurePart.objects.filter(pk__in=parts).values_list("pk", "line__field__name")
    names |= {f"part:{pk}": name for pk, name in of_parts}
    kinds = {"task": "任务进展", "words": "文字项"}
    return {
        cell: names.get(cell.rpartition(":")[0], kinds.get(cell.partition(":")[0], "其他")) for cell in cells
    }
