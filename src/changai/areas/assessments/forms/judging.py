"""Checks what people type about judgements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.queries import Judgement
from changai.core.errors import Invalid
from changai.core.scoring import NotANumber, to_decimal
from changai.foundation.pages import number_in


@dataclass(frozen=True)
class JudgedRow:
    """A row of the judging page: the judgement as it stands, what was typed, and why it was not taken."""

    judgement: Judgement
    points: str
    reason: str
    fault: str = ""
    is_own: bool = False

    @property
    def version(self) -> int:
        return self.judgement.given.version if self.judgement.given else 0

    @property
    def kept_points(self) -> str:
        return _points(self.judgement)

    @property
    def kept_reason(self) -> str:
        return _reason(self.judgement)

    def refused(self, sentence: str) -> "JudgedRow":
        """Return the row with the sentence that refused it."""
        return replace(self, fault=sentence)

    def value(self) -> Decimal:
        """Return the points typed.

        :raises Invalid: when they are not a number, or what was given is to be taken back
        """
        if not self.points:
            raise Invalid(
                str(
                    _("已核定的得分不能清空，只能改为其他分值。")
                    if self.kept_points
                    else _("请填写核定得分。")
                )
            )
        try:
            return to_decimal(self.points)
        except NotANumber as fault:
            raise Invalid(
                str(_("核定得分应为数字，现为“%(found)s”。") % {"found": self.points[:20]})
            ) from fault


def kept_row(judgement: Judgement, own_unit_id: int | None) -> JudgedRow:
    """Return the row of a judgement as it stands."""
    is_own = judgement.unit.pk == own_unit_id
    return JudgedRow(judgement, _points(judgement), _reason(judgement), is_own=is_own)


def touched_rows(posted: Mapping[str, str], judgements: list[Judgement]) -> Iterator[tuple[JudgedRow, int]]:
    """Yield the rows somebody changed on the page, with the version of the judgement the page had shown."""
    for judgement in judgements:
        key = judgement.unit.pk
        points, reason = posted.get(f"points-{key}", "").strip(), posted.get(f"reason-{key}", "").strip()
        shown = posted.get(f"shown-points-{key}", ""), posted.get(f"shown-reason-{key}", "").strip()
        if f"points-{key}" in posted and (points, reason) != shown:
            yield JudgedRow(judgement, points, reason), number_in(posted.get(f"version-{key}", "")) or 0


def _points(judgement: Judgement) -> str:
    return f"{judgement.given.value.normalize():f}" if judgement.given else ""


def _reason(judgement: Judgement) -> str:
    return judgement.given.reason if judgement.given else ""
