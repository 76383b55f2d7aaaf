"""The address of the WFS."""

from __future__ import annotations

from django.urls import path

from tileserver.wfs.views import wfs

urlpatterns = [path("wfs", wfs, name="wfs")]
