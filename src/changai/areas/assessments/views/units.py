"""One unit's result, and one indicator of it down to the figures it was made from."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changai.areas.assessments import queries
from changai.areas.assessments.models import Score
from changai.areas.assessments.queries.results import Source
from changai.areas.assessments.rules import next_status
from changai.areas.assessments.views.places import index_crumb, round_crumb, score_crumb
from changai.areas.organisations.queries import name_on
from changai.areas.reporting.queries.corrections import corrections_of
from changai.core.periods import Month
from changai.foundation.pages import Request, page
from changai.foundation.ui.figures import written_points
from changai.foundation.ui.parts import Crumb, Tile


@page("assessment.view")
@require_safe
def show_score(request: Request, pk: int) -> HttpResponse:
    """Show a unit's result: total, place, grade, every indicator with its sentence, what was lost."""
    score = queries.score_for(request.actor, pk)
    rows = queries.sheet_rows(score)
    losses = queries.losses(rows)
    told = queries.regains(score)
    name = _name(score)
    context = {
        "score": score,
        "round": score.round,
        "unit_name_then": name,
        "rows": rows,
        "losses": [(leaf, told.get(leaf.code, "")) for leaf in losses],
        "gains": queries.gains_of(score),
        "earlier": queries.earlier_of(score),
        "band": _band(score),
        "vetoes": queries.veto_lines(score.round, score.unit),
        **_ways(request, score),
        "amended": queries.amended_score(score) if score.round.published_at else None,
        "lost": sum(leaf.lost_hundredths for leaf in losses),
        "tiles": _tiles(score),
        "breadcrumbs": [index_crumb(), round_crumb(score.round), Crumb(name)],
    }
    return render(request, "assessments/score.html", context)


@page("assessment.view")
@require_safe
def show_leaf(request: Request, pk: int) -> HttpResponse:
    """Show one indicator of a unit: the sentence, the rule's wording, the figures used and where they come from."""
    leaf = queries.leaf_for(request.actor, pk)
    score, name = leaf.score, _name(leaf.score)
    sources = queries.sources_of(request.actor, leaf)
    context = {
        "leaf": leaf,
        "score": score,
        "round": score.round,
        "unit_name_then": name,
        "wording": queries.wording_of(leaf),
        "sources": sources,
        "corrected": {old: one.pk for old, one in corrections_of(_replaced(sources)).items()},
        "amendments": queries.approved_amendments(score.round).filter(unit=score.unit_id, code=leaf.code),
        **_ways(request, score),
        "breadcrumbs": [
            index_crumb(),
            round_crumb(score.round),
            score_crumb(score, name),
            Crumb(leaf.name),
        ],
    }
    return render(request, "assessments/leaf.html", context)


def _ways(request: Request, score: Score) -> dict[str, bool]:
    """Return which ways are open to have something of a result put right."""
    round_ = score.round
    return {
        "may_correct": round_.is_full and next_status(round_.status, "correct", round_.course) is not None,
        "may_object": round_.status == "confirming" and score.unit_id == request.actor.unit_id,
    }


def _replaced(sources: list[Source]) -> list[int]:
    return [fact.pk for source in sources for fact in source.facts if not fact.is_current]


def _name(score: Score) -> str:
    return name_on(score.unit, Month.of(score.round.last_month).last_on)


def _band(score: Score) -> tuple[queries.Bands, int, tuple[queries.Place, ...], queries.Place] | None:
    """Return the bands of the result, the number of the unit's own one, who stands in it, and its own places."""
    bands = queries.bands_of(score.round)
    found = bands.of(score.unit.code) if bands else None
    if bands is None or found is None:
        return None
    own = next(place for place in found[1] if place.code == score.unit.code)
    return bands, found[0], found[1], own


def _tiles(score: Score) -> list[Tile]:
    ranked = score.round.scores.exclude(rank=None).count()
    tiles = [Tile(_("总分"), written_points(score.total_hundredths), unit=_("分"), note=_interval(score))]
    if score.rank is None:
        tiles.append(Tile(_("名次"), _("未参加排名"), note=score.why_unranked, state="near"))
    else:
        tied = score.round.scores.filter(rank=score.rank).count() > 1
        of_all = _("共 %(count)d 个单位参加排名") % {"count": ranked}
        tiles.append(Tile(_("名次"), score.rank, unit=_("（并列）") if tied else "", note=of_all))
    if score.grade:
        tiles.append(Tile(_("等次"), score.grade))
    if score.converted_hundredths is not None:
        tiles.append(Tile(_("折算得分"), written_points(score.converted_hundredths), unit=_("分")))
    return tiles


def _interval(score: Score) -> str:
    if score.lowest_hundredths == score.highest_hundredths:
        return ""
    values = {
        "lowest": written_points(score.lowest_hundredths),
        "highest": written_points(score.highest_hundredths),
    }
    return _("待核项确定后为 %(lowest)s 至 %(highest)s 分") % values
