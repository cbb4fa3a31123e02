"""检查公文格式: a .docx typed elsewhere, read in the limited child and judged. Nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from changai.areas.briefings import exports
from changai.areas.briefings.views.frame import crumbs
from changai.core.errors import Invalid, Unreadable
from changai.documents.checking import Deviation, Level, check_document
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page
from changai.foundation.quarantine import refusals_kept
from changai.foundation.ui.parts import Crumb
from changai.foundation.uploads import uploaded_files

MOST_FILES = 10
_SIGNED_AS = "briefings.checked"
_SHOWN_SECONDS = 12 * 3600
_LEVELS = {
    Level.STANDARD: (gettext_lazy("国家标准（GB/T 9704—2012）"), gettext_lazy("必须符合")),
    Level.REGULATION: (gettext_lazy("公文处理工作条例"), gettext_lazy("必须符合")),
    Level.CUSTOM: (gettext_lazy("惯例"), gettext_lazy("供参考")),
    Level.OWN: (gettext_lazy("本单位规定"), gettext_lazy("供参考")),
}


@dataclass(frozen=True)
class Checked:
    """A file and where it deviates."""

    name: str
    deviations: Sequence[Deviation]

    @property
    def binding(self) -> int:
        """Return how many of its deviations the standard or the regulations forbid."""
        return sum(each.is_binding for each in self.deviations)

    @property
    def groups(self) -> list[tuple[Any, Any, list[Deviation]]]:
        """Return the deviations by where the requirement comes from, those that bind first."""
        found = ((*_LEVELS[level], [d for d in self.deviations if d.level == level]) for level in Level)
        return [group for group in found if group[2]]


@page("briefing.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request) -> HttpResponse:
    """Check the form of the papers that are brought, and show what was found."""
    checked: list[Checked] = []
    refused: list[str] = []
    if request.method == "POST":
        try:
            given = uploaded_files(request, most=MOST_FILES)
        except Unreadable as refusal:
            given, refused = [], [refusal.sentence]
        for name, content in given:
            try:
                checked.append(_checked(request, name, content))
            except Unreadable as refusal:
                refused.append(refusal.sentence)
    context = {
        "checked": checked,
        "refused": refused,
        "most": MOST_FILES,
        "signed": _signed(checked) if any(each.deviations for each in checked) else "",
        "breadcrumbs": crumbs(Crumb(_("检查公文格式"))),
    }
    return render(request, "briefings/check.html", context, status=422 if refused else 200)


def _checked(request: Request, name: str, content: bytes) -> Checked:
    with refusals_kept(request.actor, name=name, content=content, at=timezone.now()):
        return Checked(name, check_document(content, name=name))


@page("briefing.edit")
@require_POST
def checked_workbook(request: Request) -> HttpResponse:
    """Give what a check found as a workbook; the page brings it back, for nothing was kept."""
    try:
        found = signing.loads(request.POST.get("found", ""), salt=_SIGNED_AS, max_age=_SHOWN_SECONDS)
    except signing.BadSignature as broken:
        raise Invalid(_("检查结果已过期，请重新上传文件检查。")) from broken
    rows = [(name, Deviation(*values)) for name, values in found]
    content = exports.checked_workbook(rows, at=timezone.now())
    return workbook_called(_("公文格式检查结果"), content)


def _signed(checked: Sequence[Checked]) -> str:
    rows = [(each.name, astuple(deviation)) for each in checked for deviation in each.deviations]
    return signing.dumps(rows, salt=_SIGNED_AS, compress=True)
