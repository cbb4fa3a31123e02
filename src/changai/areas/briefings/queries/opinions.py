"""What units said of a paper that approval must answer: opinions, and words given to an earlier text."""

from changai.areas.briefings.models import Briefing, Countersign


def _to_answer(briefing: Briefing) -> list[Countersign]:
    answered = briefing.countersigns.exclude(answer="").select_related("unit")
    return [each for each in answered if each.answer == Countersign.Answer.OPINION or each.is_stale]


def opinions_found(briefing: Briefing) -> list[list[str]]:
    """Return [unit, answer, digest of the text answered, digest of the text now] of each word to be answered."""
    return [
        [each.unit.name, each.answer, each.text_digest, briefing.text_digest] for each in _to_answer(briefing)
    ]


def opinions_open(briefing: Briefing) -> bool:
    """Return whether there is an opinion or a stale word, and nobody wrote for this text what became of it."""
    kept = briefing.opinions_kept.get("found", [])
    return any(
        all([*word, digest] not in kept for digest in briefing.text_digests)
        for *word, _now in opinions_found(briefing)
    )


def opinion_sentences(briefing: Briefing) -> list[str]:
    """Return the words to be answered as Chinese sentences."""
    return [
        f"{each.unit.name}：{each.get_answer_display()}{f'（{each.words}）' if each.words else ''}"
        f"{'，会签后稿子有改动' if each.is_stale else ''}。"
        for each in _to_answer(briefing)
    ]
