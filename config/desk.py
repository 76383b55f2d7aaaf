"""The officers' desk at /admin/: Django's admin with nothing registered but what we name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from planning.admin import SitePages
from planning.models import AvailableSite
from planning.permissions import publishes_sites

if TYPE_CHECKING:
    from django.http import HttpRequest


class Desk(AdminSite):
    """Opened by role, not by Django's staff flag; people sign in where everybody does."""

    site_header = _("desk.title")
    site_title = _("desk.title")
    index_title = _("desk.title")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person has anything to do here."""
        return publishes_sites(request.user, on=timezone.localdate())

    def get_urls(self) -> list[Any]:
        """Return the addresses that the access table lists; signing in and out is elsewhere."""
        wrap = self.admin_view
        pages = self._registry[AvailableSite]
        return [
            path("", wrap(self.index), name="index"),
            path("jsi18n/", wrap(self.i18n_javascript, cacheable=True), name="jsi18n"),
            path("planning/", wrap(self.app_index), {"app_label": "planning"}, name="app_list"),
            path("planning/availablesite/", include(pages.urls)),
        ]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to the only thing there is."""
        return HttpResponseRedirect(reverse("admin:planning_availablesite_changelist"))

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """Lead to the only thing there is."""
        return self.index(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to where everybody signs in."""
        return redirect_to_login(request.get_full_path())


desk = Desk()
desk.register(AvailableSite, SitePages)
