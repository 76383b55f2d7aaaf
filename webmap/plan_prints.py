"""A draft on paper, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import User
from landdata.errors import Invalid, Missing
from planning.draft_queries import draft_open_to
from planning.permissions import drafts_open_to
from planning.queries import newest_draft
from tileserver.drawing import NoPicture
from webmap.printing.draft_map import Printed, print_draft, read_sheet

if TYPE_CHECKING:
    from django.http import HttpRequest

    from planning.models import PlanVersion


@require_safe
def print_map(request: HttpRequest, code: str) -> HttpResponse:
    """Return a draft of a plan as PDF at an exact scale: the newest, or the one that is named.

    Raises Missing where no such draft is open to this person, Invalid for what cannot be printed.
    """
    version = _draft(request, code)
    user = request.user
    name = user.full_name or user.username if isinstance(user, User) else ""
    sheet = read_sheet(request.GET, usual_scale=version.scale)
    printed = Printed(by=name, on=timezone.localdate(), title=request.GET.get("title", "").strip())
    try:
        content = print_draft(version, sheet, printed)
    except NoPicture:
        return HttpResponse(
            gettext("error.picture_unavailable"),
            status=503,
            content_type="text/plain; charset=utf-8",
            headers={"Retry-After": "5", "Cache-Control": "no-store"},
        )
    file = f"{code}-v{version.sequence}-e{version.edits}-{sheet.scale}.pdf"
    headers = {"Cache-Control": "private, no-store"}
    answer = HttpResponse(content, content_type="application/pdf", headers=headers)
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=False, filename=file) or "inline"
    )
    return answer


def _draft(request: HttpRequest, code: str) -> PlanVersion:
    today, named = timezone.localdate(), request.GET.get("draft", "")
    if named and isinstance(request.user, User):
        if not (named.isascii() and named.isdecimal() and len(named) < 10):
            raise Invalid("draft_unreadable")
        version = draft_open_to(request.user, int(named), on=today)
        if version.plan.code != code:
            raise Missing("draft", id=int(named))
        return version
    return newest_draft(code, among=drafts_open_to(request.user, on=today))
