"""The planner's workbench: the page on which a draft is drawn."""

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

from planning.permissions import drafts_open_to
from planning.queries import newest_draft
from tileserver.layers import MAP_LAYERS
from tileserver.mapproxy.grids import TILE_PX, VN2000
from tileserver.services import in_language
from tileserver.wmts.parameters import STYLE
from webmap.texts import client_texts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from planning.models import PlanVersion

#: What of the city's map may lie below the drawing, from the bottom up, and what does at first.
_BASE_LAYERS = {
    "relief": False,
    "zones": False,
    "water": True,
    "buildings": False,
    "roads": True,
    "parcels": True,
    "control_lines": False,
    "safety_corridors": False,
    "wards": False,
}


@require_safe
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the workbench with the newest draft of a plan.

    Raises Missing where the plan has no draft that is open to this person.
    """
    draft = newest_draft(code, among=drafts_open_to(request.user, on=timezone.localdate()))
    return render(
        request,
        "webmap/workbench.html",
        {
            "draft": draft,
            "name": in_language(draft.name_vi, draft.name_en),
            "settings": _settings(request, draft),
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
    )


def _settings(request: HttpRequest, draft: PlanVersion) -> dict[str, Any]:
    return {
        "drafts": f"{reverse('api:api-root')}planning/drafts",
        "planning": f"{reverse('api:api-root')}planning",
        "conflicts": f"{reverse('webmap:conflicts')}?draft={draft.pk}",
        "draft": draft.pk,
        "plan": draft.plan.code,
        "map": reverse("api:map"),
        "token": get_token(request),
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
        "base": base_map(),
    }


def base_map() -> dict[str, Any]:
    """Return the kept tiles of the city's own grid, so that nothing below the drawing is bent."""
    places = dict.fromkeys(("layer", "tilematrix", "tilerow", "tilecol"), "0")
    address = reverse(
        "wmts-tile", kwargs={**places, "style": STYLE, "tilematrixset": VN2000.id, "ending": "png"}
    )
    titles = {layer.id: in_language(layer.title_vi, layer.title_en) for layer in MAP_LAYERS}
    return {
        "url": address.replace(f"/0/{STYLE}/", f"/{{layer}}/{STYLE}/").replace(
            "/0/0/0.png", "/{z}/{y}/{x}.png"
        ),
        "origin": [VN2000.box[0], VN2000.box[3]],
        "resolutions": VN2000.resolutions,
        "tile_px": TILE_PX,
        "layers": [
            {"id": id_, "title": titles[id_], "is_shown": is_shown}
            for id_, is_shown in _BASE_LAYERS.items()
            if id_ in titles
        ],
    }
