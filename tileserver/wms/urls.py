"""The address of the WMS."""

from __future__ import annotations

from django.urls import path

from tileserver.wms.views import wms

urlpatterns = [path("wms", wms, name="wms")]
