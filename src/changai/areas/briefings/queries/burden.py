"""What the burden rules say of a paper, and what was said to it."""

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries.composing import characters
from changai.areas.briefings.rules import PAPER_KINDS, TEXT_KINDS
from changai.core.burden import BurdenFinding, paper_findings, sentence_of
from changai.documents.paper import Paper


def burden_findings(briefing: Briefing) -> list[BurdenFinding]:
    """Return what the paper asks of its readers that the rules object to, block by block."""
    return paper_findings(
        (f"第 {number} 段", block["text"])
        for number, block in enumerate(briefing.draft, start=1)
        if block["kind"] in TEXT_KINDS
    )


def burden_sentences(briefing: Briefing, composed: Paper) -> list[str]:
    """Return what the rules object to as sentences with the article each rests on, its length included."""
    told = [sentence_of(finding) for finding in burden_findings(briefing)]
    length, most = characters(composed), briefing.paper_kind.most_characters
    if length > most:
        told.append(
            f"全文 {length} 字，超过本文种 {most} 字的限额（依据：《整治形式主义为基层减负若干规定》），请精简。"
        )
    return told


def burden_found(briefing: Briefing) -> list[list[str]]:
    """Return the findings as they are kept: [rule, words] each."""
    return [[finding.rule.key, finding.words] for finding in burden_findings(briefing)]


def burden_open(briefing: Briefing) -> bool:
    """Return whether the rules object to something nobody has given a reason for."""
    kept = briefing.burden_kept.get("found", [])
    return any(found not in kept for found in burden_found(briefing))


def issued_by_kind(year: int) -> list[tuple[str, int, int]]:
    """Return (kind, issued this year, issued the year before) of every kind issued in either."""
    rows = (
        Briefing.objects.filter(year__in=(year, year - 1), issue_number__isnull=False)
        .order_by()
        .values_list("kind", "year")
    )
    issued = list(rows)
    return [
        (kind.name, issued.count((key, year)), issued.count((key, year - 1)))
        for key, kind in PAPER_KINDS.items()
        if (key, year) in issued or (key, year - 1) in issued
    ]
