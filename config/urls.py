"""Every address of the installation. Who may call each stands in config/access.py."""

from __future__ import annotations

from django.urls import include, path

from config.api import api
from config.desk import desk
from config.health import health

handler404 = "config.errors.not_found"

urlpatterns = [
    path("", include("webmap.urls")),
    path("", include("accounts.urls")),
    path("", include("tileserver.urls")),
    path("admin/", desk.urls),
    path("api/", api.urls),
    path("health/", health, name="health"),
]
