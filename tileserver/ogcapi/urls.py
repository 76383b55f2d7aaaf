"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from tileserver.ogcapi import views

_COLLECTION = "ogc/collections/<str:collection_id>"

urlpatterns = [
    # Clients cut the slash off what they are given (GDAL does).
    path("ogc", views.landing_page, name="ogc"),
    path("ogc/", views.landing_page, name="ogc-landing"),
    path("ogc/api", views.api_definition, name="ogc-api"),
    path("ogc/conformance", views.conformance, name="ogc-conformance"),
    path("ogc/collections", views.collections, name="ogc-collections"),
    path(_COLLECTION, views.collection, name="ogc-collection"),
    path(f"{_COLLECTION}/queryables", views.queryables, name="ogc-queryables"),
    path(f"{_COLLECTION}/schema", views.schema, name="ogc-schema"),
    path(f"{_COLLECTION}/items", views.feature_page, name="ogc-items"),
    path(f"{_COLLECTION}/items/<path:feature_id>", views.feature, name="ogc-item"),
]
