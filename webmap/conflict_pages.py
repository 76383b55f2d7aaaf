"""The page of conflicts: of one draft, of a plan in force, or of the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from webmap.plans import base_map
from webmap.scopes import box_of, scopes_for, wards_in
from webmap.texts import client_texts

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

    from webmap.scopes import Scopes


@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """Show the conflicts of `?draft=` (a draft or a plan in force), or of the whole city.

    Raises Missing for a draft that is not open to this person.
    """
    today = timezone.localdate()
    scopes = scopes_for(request, on=today)
    return render(
        request,
        "webmap/conflicts.html",
        {
            "chosen": scopes.chosen.pk if scopes.chosen else None,
            "name": scopes.name,
            "scopes": scopes.choices,
            "settings": _settings(request, scopes, today),
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
    )


def _settings(request: HttpRequest, scopes: Scopes, today: dt.date) -> dict[str, Any]:
    box = box_of(scopes.chosen, on=today)
    known = (*scopes.drafts, *scopes.in_force)
    return {
        "planning": f"{reverse('api:api-root')}planning",
        "draft": scopes.chosen.pk if scopes.chosen else None,
        "map": reverse("api:map"),
        "epsg": settings.STORAGE_EPSG,
        "box": box,
        "base": base_map(),
        "wards": wards_in(box, on=today),
        "plans": sorted({version.plan.code for version in known}),
        "workbench": scopes.workbench,
        "token": get_token(request),
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
    }
