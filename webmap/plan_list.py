"""The planner's desk: drafts to work on, and plans to begin an adjustment of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import roles_of
from planning.draft_queries import brief_values, drafts_of
from planning.models import Adjustment, PlanLevel, PlanStatus
from planning.operations.conflict_decisions import blocking_in
from planning.operations.conflict_runs import last_run
from planning.operations.conflict_work import is_current
from planning.permissions import EDIT_ROLES, may_approve
from planning.plan_queries import plans_to_adjust, zones_to_adjust
from tileserver.services import in_language
from webmap.plan_reach import reach_of
from webmap.plan_words import ADJUSTMENTS, LEVELS, STATES
from webmap.printing.sheet import PAPERS, SCALES
from webmap.texts import client_texts

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

    from planning.models import PlanVersion

#: Of an A3 sheet, what the map takes on its shorter side, in metres of paper.
_SHEET_M: Final = 0.24
_ADJUSTED: Final = (PlanLevel.GENERAL, PlanLevel.ZONING, PlanLevel.DETAILED)


@dataclass(frozen=True)
class DraftRow:
    """What the list says of a draft."""

    name: str
    code: str
    level: str
    kind: str
    state: str
    sequence: int
    zones: int
    faults: int
    changed_at: dt.datetime | None
    changed_by: str
    may_edit: bool
    #: Only the newest draft of a plan opens in the workbench.
    edit_address: str
    print_address: str
    #: What an approver can do with it next: "approve", "publish" or nothing.
    step: str
    step_address: str
    #: Whether approval has to name the decision.
    needs_decision: bool
    #: Open conflicts that stop the approval; None: not known as the draft is now.
    blocking: int | None
    conflicts_address: str
    #: Where an approver lets everybody read how many conflicts there are.
    release_address: str
    #: Who has services near enough, beside the city as it is.
    reach: dict[str, Any]
    #: Why the approval was refused just now, in a sentence.
    refusal: str = ""


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """List the drafts that are open to the person, and the plans that may be adjusted."""
    return plans_page(request)


def plans_page(request: HttpRequest, refused: tuple[int, str] | None = None) -> HttpResponse:
    """Return the list; `refused` is a draft whose approval was refused, and why in a sentence."""
    today, user = timezone.localdate(), request.user
    drafts = drafts_of(user, on=today) if isinstance(user, User) else []
    return render(
        request,
        "webmap/plans.html",
        {
            "drafts": _rows(drafts, user, today, refused) if isinstance(user, User) else [],
            "may_begin": bool(roles_of(user, on=today) & set(EDIT_ROLES)),
            "settings": _settings(request, today),
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
        status=200 if refused is None else 422,
    )


@require_safe
def zones_in_force(request: HttpRequest, code: str) -> JsonResponse:
    """Return the zones of a plan in force, of which an adjustment may take some."""
    answer = JsonResponse(zones_to_adjust(code, on=timezone.localdate()))
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _rows(
    drafts: list[PlanVersion], user: User, today: dt.date, refused: tuple[int, str] | None
) -> list[DraftRow]:
    rows: list[DraftRow] = []
    for draft in drafts:
        brief = brief_values(draft, user, on=today)
        code = draft.plan.code
        is_newest = all(row.code != code for row in rows)
        rows.append(
            DraftRow(
                name=in_language(draft.name_vi, draft.name_en),
                code=code,
                level=str(LEVELS[PlanLevel(draft.plan.level)]),
                kind=str(ADJUSTMENTS[Adjustment(draft.adjustment)]),
                state=str(STATES[PlanStatus(draft.status)]),
                sequence=draft.sequence,
                zones=brief["zones"],
                faults=brief["faults"],
                changed_at=brief["changed_at"],
                changed_by=brief["changed_by"] or "",
                may_edit=brief["may_edit"],
                edit_address=reverse("webmap:workbench", args=[code]) if is_newest else "",
                print_address=_print_address(draft),
                blocking=_blocking(draft),
                conflicts_address=f"{reverse('webmap:conflicts')}?{urlencode({'draft': draft.pk})}",
                reach=reach_of(draft),
                release_address=reverse("webmap:plan-release-conflicts", args=[draft.pk]),
                refusal=refused[1] if refused and refused[0] == draft.pk else "",
                **_next_step(draft, user, today),
            )
        )
    return rows


def _blocking(draft: PlanVersion) -> int | None:
    last = last_run(draft.pk)
    return blocking_in(draft.pk) if last is not None and is_current(last) else None


#: By the state of a draft: the step that an approver takes next.
_STEPS: Final = {PlanStatus.DRAFT: "approve", PlanStatus.APPROVED: "publish"}


def _next_step(draft: PlanVersion, user: User, today: dt.date) -> dict[str, Any]:
    step = _STEPS[PlanStatus(draft.status)] if may_approve(user, on=today, at=draft.extent) else ""
    return {
        "step": step,
        "step_address": reverse(f"webmap:plan-{step}", args=[draft.pk]) if step else "",
        "needs_decision": not draft.decision_number,
    }


def _print_address(draft: PlanVersion) -> str:
    """Return the address of a sheet that shows the whole draft, at the next scale that fits."""
    west, south, east, north = draft.extent.extent
    least = max(east - west, north - south) / _SHEET_M
    fitting = [scale for scale in sorted({*SCALES, draft.scale}) if scale >= least]
    asked: dict[str, str | int] = {
        "draft": draft.pk,
        "scale": fitting[0] if fitting else max(SCALES),
        "paper": list(PAPERS)[1],
        "east": f"{(west + east) / 2:.2f}",
        "north": f"{(south + north) / 2:.2f}",
    }
    return f"{reverse('webmap:plan-print', args=[draft.plan.code])}?{urlencode(asked)}"


def _settings(request: HttpRequest, today: dt.date) -> dict[str, Any]:
    return {
        "plans": [
            {
                "code": plan["code"],
                "level": str(LEVELS[PlanLevel(plan["level"])]),
                "name": in_language(plan["name_vi"], plan["name_en"]),
            }
            for plan in plans_to_adjust(_ADJUSTED, on=today)
        ],
        # `{code}` is put in by the client.
        "addresses": {
            "begin": f"{reverse('api:api-root')}planning/plans/{{code}}/drafts",
            "zones": reverse("webmap:plan-zones", args=["CODE"]).replace("CODE", "{code}"),
            "edit": reverse("webmap:workbench", args=["CODE"]).replace("CODE", "{code}"),
        },
        "token": get_token(request),
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
        "today": today.isoformat(),
    }
