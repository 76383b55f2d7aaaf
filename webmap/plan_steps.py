"""The two steps by which a draft comes into force, as plain forms that need no script."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.models import User
from landdata.errors import Forbidden, Invalid
from planning.draft_queries import draft_open_to
from planning.operations import approve_plan_version, publish_plan_version
from planning.operations.conflict_publication import release_summary
from planning.operations.drafts import Decision
from webmap.plan_list import plans_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: As long as the field of a decision's number.
_LONGEST_NUMBER = 60
#: Refusals after which somebody goes to the page of conflicts.
_BY_CONFLICTS = ("open_conflicts_block", "conflicts_not_checked")


@require_POST
def approve(request: HttpRequest, draft: int) -> HttpResponse:
    """Approve a draft by a decision, and go back to the list."""
    user, today = _approver(request), timezone.localdate()
    version = draft_open_to(user, draft, on=today)
    decision = _decision(request) if not version.decision_number else None
    try:
        approve_plan_version(version_id=draft, by=user, on=today, decision=decision)
    except Invalid as refusal:
        if refusal.code not in _BY_CONFLICTS:
            raise
        # The list says what can be done about it, beside the draft.
        return plans_page(request, (draft, gettext(f"error.{refusal.code}") % refusal.values))
    return redirect("webmap:plans")


@require_POST
def publish(request: HttpRequest, draft: int) -> HttpResponse:
    """Put an approved draft into force, and go back to the list."""
    user, today = _approver(request), timezone.localdate()
    draft_open_to(user, draft, on=today)
    publish_plan_version(version_id=draft, by=user, on=today)
    return redirect("webmap:plans")


@require_POST
def release_conflicts(request: HttpRequest, draft: int) -> HttpResponse:
    """Let everybody read how many conflicts a draft has, and go back to the list."""
    try:
        release_summary(version_id=draft, by=_approver(request), on=timezone.localdate())
    except Invalid as refusal:
        return plans_page(request, (draft, gettext(f"error.{refusal.code}") % refusal.values))
    return redirect("webmap:plans")


def _approver(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Forbidden("approve_plan", plan="")
    return request.user


def _decision(request: HttpRequest) -> Decision | None:
    number = request.POST.get("number", "").strip()[:_LONGEST_NUMBER]
    if not number:
        return None
    given = request.POST.get("date", "")
    try:
        return Decision(number, dt.date.fromisoformat(given))
    except ValueError as unreadable:
        raise Invalid("day_unreadable", given=given[:40]) from unreadable
