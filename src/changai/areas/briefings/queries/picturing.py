"""The bytes of the pictures in papers."""

from collections.abc import Mapping, Sequence

from changai.areas.briefings.models import Briefing
from changai.areas.briefings.rules.picturing import picture_source
from changai.areas.evidence import storage
from changai.areas.evidence.models import EvidenceFile
from changai.core.errors import NotVisible
from changai.documents.paper import Paper, paper_from_dict, pictures

KINDS = ("png", "jpeg")


def pictures_at_hand(draft: Sequence[Mapping[str, str]]) -> frozenset[str]:
    """Return the sources of those pictures of a draft that were taken in as pictures."""
    sources = [block["source"] for block in draft if block["kind"] == "picture" and block.get("source")]
    named = {source: found.digest for source in sources if (found := picture_source(source))}
    if not named:
        return frozenset()
    files = EvidenceFile.objects.filter(digest__in=named.values(), kind__in=KINDS)
    kept = set(files.values_list("digest", flat=True))
    return frozenset(source for source, digest in named.items() if digest in kept)


def picture_contents(paper: Paper) -> dict[str, bytes]:
    """Return the bytes of a paper's pictures by digest, as the renderers want them.

    :raises Damaged: when the bytes of one are gone or no longer fit
    """
    return {picture.digest: storage.open_digest(picture.digest) for picture in pictures(paper)}


def picture_content(briefing: Briefing, digest: str) -> bytes:
    """Return the bytes of one picture of a paper: of its draft, or when issued of the frozen text.

    :raises NotVisible: when the paper has no such picture
    :raises Damaged: when the bytes are gone or no longer fit
    """
    if briefing.content:
        shown = {picture.digest for picture in pictures(paper_from_dict(briefing.content))}
    else:
        named = map(picture_source, pictures_at_hand(briefing.draft))
        shown = {found.digest for found in named if found}
    if digest not in shown:
        raise NotVisible
    return storage.open_digest(digest)
