"""AHP rounds as they are read: what is asked, what one expert said, what all come to. No expert is ranked."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from django.db.models import Q, QuerySet

from changai.areas.accounts.models import Person
from changai.areas.assessments.models import Expert, Weighing
from changai.areas.assessments.rules import MOST_SIBLINGS, contradictions, dispersion_words, ratio_of
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.errors import NotVisible
from changai.core.scoring.decimals import show
from changai.core.scoring.weights import ahp, matrix_of, points_of
from changai.foundation.actors import OFFICE, Actor, Role
from changai.foundation.matrix import MATRIX, allows

Pair = tuple[str, str]
_STEP = Fraction(1, 2)
# A hundredth of the group is less than a step of points.
_NEAR = 0.01


@dataclass(frozen=True)
class SiblingGroup:
    """Indicators with one parent, compared with each other; `code` is the parent's, empty at the top."""

    code: str
    name: str
    items: tuple[scoring.Node, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple((first.code, second.code) for first, second in combinations(self.items, 2))


def weighings_visible_to(actor: Actor) -> QuerySet[Weighing]:
    """Return the AHP rounds the actor may open, newest first: all to the office, else those that ask the actor."""
    rows = Weighing.objects.select_related("scheme").order_by("-opened_at", "-pk")
    if not allows(actor, "weighing.view"):
        return rows.none()
    return rows if actor.role in OFFICE else rows.filter(experts__person=actor.person_id or 0)


def weighing_for(actor: Actor, weighing_id: int) -> Weighing:
    """Return one AHP round.

    :raises NotVisible: when there is none for this actor
    """
    found = weighings_visible_to(actor).filter(pk=weighing_id).first()
    if found is None:
        raise NotVisible
    return found


def expert_of(actor: Actor, weighing_id: int) -> Expert | None:
    """Return the actor as an expert of an AHP round, None when not asked."""
    return Expert.objects.filter(weighing=weighing_id, person=actor.person_id or 0).first()


def people_to_ask() -> QuerySet[Person]:
    """Return the people who may be named as experts."""
    roles = [role for role in MATRIX["weighing.judge"][1] if role is not Role.MACHINE]
    return (
        Person.objects.filter(is_active=True, role__in=roles)
        .select_related("unit")
        .order_by("unit", "name", "pk")
    )


def sibling_groups(weighing: Weighing) -> list[SiblingGroup]:
    """Return the groups of two to nine siblings of the table, upper levels first."""
    table = scheme_of(weighing.scheme).tables[weighing.category]
    groups = [SiblingGroup("", weighing.category, table.nodes)]
    groups += [
        SiblingGroup(node.code, node.name, node.children) for node, _level in table.walk() if node.children
    ]
    return [group for group in groups if 2 <= len(group.items) <= MOST_SIBLINGS]


def pairs_asked(weighing: Weighing) -> set[Pair]:
    """Return every pair that is asked."""
    return {pair for group in sibling_groups(weighing) for pair in group.pairs}


def given_by(expert: Expert) -> dict[Pair, int]:
    """Return an expert's judgements in steps of the scale."""
    return {(row.first, row.second): row.steps for row in expert.pairs.all()}


def own_contradictions(group: SiblingGroup, given: Mapping[Pair, int]) -> list[str]:
    """Return where one expert's judgements of a group do not hang together, as sentences for that expert alone."""
    codes = [item.code for item in group.items]
    names = {item.code: item.name for item in group.items}
    known = {pair: steps for pair, steps in given.items() if pair in set(group.pairs)}
    return contradictions(codes, names, known)


@dataclass(frozen=True)
class Weighed:
    """One indicator as the experts see it: its share, the points that come to beside the official ones, and how far
    the experts lie apart: the geometric standard deviation, and the range when one of them is left out.
    """

    item: scoring.Node
    share: float
    advised: Fraction
    official: Fraction
    dispersion: float
    lowest: float
    highest: float

    @property
    def advised_text(self) -> str:
        return show(self.advised)

    @property
    def official_text(self) -> str:
        return show(self.official)

    def place_of(self, total: Fraction) -> str:
        """Return `above` or `below` where the points now lie outside the range of the experts, else nothing."""
        now = float(self.official / total) if total else 0.0
        if self.lowest - _NEAR <= now <= self.highest + _NEAR:
            return ""
        return "above" if now > self.highest else "below"


@dataclass(frozen=True)
class GroupResult:
    """What the experts come to for one group. `used` judged it so that it could be counted, of `asked`."""

    group: SiblingGroup
    rows: tuple[Weighed, ...]
    used: int
    asked: int
    ratio: float
    inconsistent: int
    agreement: float | None

    @property
    def words(self) -> list[str]:
        return dispersion_words(
            [row.item.name for row in self.rows],
            [row.dispersion for row in self.rows],
            used=self.used,
            inconsistent=self.inconsistent,
        )

    @property
    def lines(self) -> list[tuple[Weighed, str]]:
        """The rows, each with where its points now lie: `above` or `below` the range of the experts."""
        total = sum((row.official for row in self.rows), Fraction(0))
        return [(row, row.place_of(total) if self.used > 1 else "") for row in self.rows]


def group_results(weighing: Weighing) -> list[GroupResult]:
    """Return what the experts that handed in come to, for the office. Advice: points are decided by the office."""
    experts = list(weighing.experts.prefetch_related("pairs").order_by("pk"))
    sent = [given_by(expert) for expert in experts if expert.sent_at]
    return [_result(group, sent, len(experts)) for group in sibling_groups(weighing)]


def _result(group: SiblingGroup, sent: list[dict[Pair, int]], asked: int) -> GroupResult:
    codes = [item.code for item in group.items]
    matrices = []
    for given in sent:
        judged = [(*pair, float(ratio_of(given[pair]))) for pair in group.pairs if pair in given]
        matrix = matrix_of(codes, judged)
        if _connects(codes, [(first, second) for first, second, _ratio in judged]):
            matrices.append(matrix)
    if not matrices:
        return GroupResult(group, (), 0, asked, 0.0, 0, None)
    found = ahp(codes, matrices)
    total = sum((item.points for item in group.items), Fraction(0))
    step = _STEP if (total / _STEP).denominator == 1 else Fraction(1, 100)
    advised = points_of(found.weights, total, step)
    lowest, highest = found.leave_one_out
    rows = tuple(
        Weighed(
            item, float(found.weights[place]), advised[place], item.points, float(found.dispersion[place]),
            float(lowest[place]), float(highest[place]),
        )
        for place, item in enumerate(group.items)
    )  # fmt: skip
    return GroupResult(
        group,
        rows,
        len(matrices),
        asked,
        found.group.consistency_ratio,
        len(found.to_return()),
        found.kendall_w,
    )


def _connects(codes: list[str], pairs: list[Pair]) -> bool:
    """Return whether the judged pairs tie all items together, so that open ones can be completed."""
    reached, waiting = {codes[0]}, [codes[0]]
    while waiting:
        here = waiting.pop()
        for first, second in pairs:
            other = second if first == here else first if second == here else None
            if other is not None and other not in reached:
                reached.add(other)
                waiting.append(other)
    return len(reached) == len(codes)


def weighings_waiting(actor: Actor) -> QuerySet[Weighing]:
    """Return the AHP rounds that wait for the actor's judgements."""
    mine = Q(experts__person=actor.person_id or 0, experts__sent_at__isnull=True)
    return (
        Weighing.objects.filter(mine, status=Weighing.Status.OPEN)
        .select_related("scheme")
        .order_by("due_on", "pk")
    )
