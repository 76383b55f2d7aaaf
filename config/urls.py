"""Every address of the installation. Who may call each stands in config/access.py."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("webmap.urls")),
    path("", include("accounts.urls")),
]
