"""The citizen's pages: one call for an answer, one template to print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the map page: search first, then the map and the answer."""
    return render(request, "webmap/home.html")
