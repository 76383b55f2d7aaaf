"""Addresses for the tests of the guard: one for each kind of rule, and one nobody listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import include, path

if TYPE_CHECKING:
    from django.http import HttpRequest


def opened(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Answer whoever gets here."""
    return HttpResponse("inside")


urlpatterns = [
    path("open/", opened),
    path("desk/", opened),
    path("desk/plans/<int:number>/", opened),
    path("api/plans/<int:number>", opened),
    path("forgotten/", opened),
    path("api/forgotten", opened),
    path("", include("webmap.urls")),
    path("", include("accounts.urls")),
]
