"""The pages of the catalogue of layers: all of them, and one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tileserver.catalogue.facts import facts_of
from tileserver.catalogue.views import base_of, layer_of
from webmap import catalogue

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def layers(request: HttpRequest) -> HttpResponse:
    """List every layer with the addresses under which programs find them."""
    return render(
        request,
        "webmap/layers.html",
        {
            "headed": catalogue.headed_layers(),
            "services": catalogue.service_addresses(base_of(request)),
        },
    )


@require_safe
def layer(request: HttpRequest, layer: str) -> HttpResponse:
    """Say everything about one layer. Raises Missing if there is none of this name."""
    found = layer_of(layer)
    base = base_of(request)
    return render(
        request,
        "webmap/layer.html",
        {
            "layer": catalogue.lay_out(found, facts_of([found])[found.id]),
            "details": catalogue.details(found, base, as_of=timezone.localdate()),
            "services": catalogue.service_addresses(base),
        },
    )
