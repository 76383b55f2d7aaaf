"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from accounts.views import choose_language
from webmap import (
    city_reach,
    conflict_pages,
    layer_pages,
    plan_list,
    plan_prints,
    plan_steps,
    plans,
    plot_reach,
    reach_pages,
    rule_pages,
    views,
)

app_name = "webmap"

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", choose_language, name="language"),
    path("parcels/<uuid:parcel_id>/", views.plot, name="plot"),
    path("parcels/<uuid:parcel_id>/answer/", views.plot_answer, name="plot-answer"),
    path("parcels/<uuid:parcel_id>/reach/", plot_reach.plot_reach, name="plot-reach"),
    path("reach/city/", city_reach.city_reach, name="city-reach"),
    path("plans/", plan_list.plans, name="plans"),
    path("plans/<str:code>/zones.json", plan_list.zones_in_force, name="plan-zones"),
    path("plans/<str:code>/edit", plans.edit, name="workbench"),
    path("plans/<str:code>/print.pdf", plan_prints.print_map, name="plan-print"),
    path("plans/drafts/<int:draft>/approve/", plan_steps.approve, name="plan-approve"),
    path("plans/drafts/<int:draft>/publish/", plan_steps.publish, name="plan-publish"),
    path(
        "plans/drafts/<int:draft>/release-conflicts/",
        plan_steps.release_conflicts,
        name="plan-release-conflicts",
    ),
    path("conflicts/", conflict_pages.conflicts, name="conflicts"),
    path("conflicts/rules/", rule_pages.rules, name="conflict-rules"),
    path("reach/", reach_pages.reach, name="reach"),
    path("layers/", layer_pages.layers, name="layers"),
    path("layers/<str:layer>/", layer_pages.layer, name="layer"),
]
