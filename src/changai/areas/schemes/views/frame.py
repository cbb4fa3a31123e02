"""What the pages of one version share: its faces, its tables as tabs, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import sees_drafts
from changai.core import scoring
from changai.core.scoring.voice import Language
from changai.foundation.actors import Actor
from changai.foundation.ui.parts import Crumb, Tab


def language() -> Language:
    """Return the language findings and examples are told in."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def home() -> Crumb:
    """Return the way to the list."""
    return Crumb(_("指标体系"), reverse("schemes:index"))


def frame(actor: Actor, version: SchemeVersion, current: str, title: str = "") -> dict[str, Any]:
    """Return the context of a page of a version: its faces with the current one marked, and breadcrumbs."""
    above = [home(), Crumb(str(version), reverse("schemes:scheme", args=[version.pk]))]
    return {
        "version": version,
        "faces": [
            Tab(label, reverse(name, args=[version.pk]), count, is_current=key == current)
            for key, label, name, count in _faces(actor, version)
        ],
        "breadcrumbs": [*above, Crumb(title)] if title else [home(), Crumb(str(version))],
    }


def _faces(actor: Actor, version: SchemeVersion) -> list[tuple[str, str, str, int | None]]:
    if not sees_drafts(actor):
        return []
    faces: list[tuple[str, str, str, int | None]] = [("scheme", _("指标表"), "schemes:scheme", None)]
    if version.is_draft:
        faces.append(("edit", _("编写"), "schemes:edit", version.waiting_count or None))
    return [
        *faces,
        ("consult", _("征求意见"), "schemes:consultations", None),
        ("trial", _("试算"), "schemes:trial", None),
        ("compare", _("比较"), "schemes:compare", None),
    ]


def table_tabs(scheme: scoring.Scheme, current: int, waiting: dict[str, Any] | None = None) -> list[Tab]:
    """Return a tab for each table, none when there is only one; the count is of sentences to be confirmed."""
    if len(scheme.tables) < 2:
        return []
    return [
        Tab(
            category,
            f"?{urlencode({'table': place})}",
            len((waiting or {}).get(category, ())) or None if waiting is not None else len(table.leaves),
            place == current,
        )
        for place, (category, table) in enumerate(scheme.tables.items())
    ]
