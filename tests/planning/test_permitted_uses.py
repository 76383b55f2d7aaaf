"""Function and indicators of sites follow the plans in force, in both times."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from landdata.models import Revision
from planning.content import PlanContent, ZoneSketch
from planning.models import Adjustment, AvailableSiteUse, PlanLevel, SiteStatus
from planning.operations import (
    approve_plan_version,
    change_available_site,
    create_draft,
    publish_plan_version,
)
from tests.planning.city import TODAY, box, stored
from tests.planning.sites import content, publish, ward

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _ward(db):
    ward()


def uses(*, known_at: int | None = None):
    rows = AvailableSiteUse.objects.all()
    rows = rows.known_now() if known_at is None else rows.known_at(known_at)
    return list(rows.order_by("site__code", "valid_from"))


def test_the_dominant_function_is_named_and_the_others_are_listed_with_their_shares(office):
    office.in_force(
        "P",
        box(0, 0, 200, 100),
        {
            "A": ("HOUSES", box(0, 0, 80, 100)),
            "B": ("GREEN", box(80, 0, 130, 100)),
            "C": ("HOUSES", box(130, 0, 160, 100)),
        },
    )

    publish(shape=box(0, 0, 200, 100))

    (use,) = uses()
    # 80 + 30 of 200 m are houses, 50 green, on 40 the plan is silent.
    assert (use.function, use.function_share, use.plan_code) == ("HOUSES", 0.55, "P")
    assert (use.silent_share, use.unplanned_share, use.contested_share) == (0.2, 0, 0)
    assert [(z["label"], z["function"], z["share"], z["m2"]) for z in use.zones] == [
        ("A", "HOUSES", 0.4, 8000),
        ("B", "GREEN", 0.25, 5000),
        ("C", "HOUSES", 0.15, 3000),
    ]


def test_a_site_outside_every_plan_says_so():
    publish(shape=box(0, 0, 200, 100))

    (use,) = uses()

    assert (use.function, use.unplanned_share, use.zones) == ("", 1, [])


def zone(label, function, shape, **indicators):
    return ZoneSketch(
        uid=uuid.uuid4(), label=label, function=function, boundary=stored(shape), **indicators
    )


def in_force(office, *zones):
    plan = PlanContent(
        code="Q",
        level=PlanLevel.DETAILED,
        adjustment=Adjustment.FIRST,
        name_vi="Quy hoạch Q",
        name_en="Plan Q",
        scale=500,
        information_code="",
        authority="UBND thành phố",
        decision_number="Q/QĐ-UBND",
        decision_date=TODAY,
        extent=stored(box(0, 0, 200, 100)),
        valid_from=dt.date(2026, 1, 1),
        valid_to=None,
        data_date=TODAY,
        accuracy_m=None,
    )
    draft = create_draft(plan=plan, zones=zones, by=office.planner, on=TODAY)
    approve_plan_version(version_id=draft.pk, by=office.approver, on=TODAY)
    publish_plan_version(version_id=draft.pk, by=office.approver, on=TODAY)


def test_indicators_are_those_of_the_largest_zone_of_the_dominant_function(office):
    in_force(
        office,
        zone("A", "HOUSES", box(0, 0, 60, 100), density="60", storeys="3-5"),
        zone(
            "B", "HOUSES", box(60, 0, 180, 100),
            density="40-60", storeys="<= 12", floor_area_ratio="2,5",
        ),
    )  # fmt: skip

    publish(shape=box(0, 0, 180, 100))

    (use,) = uses()
    assert (use.density, use.density_min, use.density_max) == ("40-60", 40, 60)
    assert (use.storeys, use.storeys_min, use.storeys_max) == ("<= 12", None, 12)
    assert (use.floor_area_ratio, use.floor_area_ratio_max) == ("2,5", 2.5)
    # Zone A says other figures.
    assert use.is_mixed
    assert use.zones[1]["storeys"] == "3-5"


def test_a_plan_that_is_published_changes_the_sites_on_its_ground_in_its_own_revision(office):
    publish(shape=box(0, 0, 200, 100))
    publish("FAR", box(1000, 0, 1100, 100))
    (far, before) = uses()

    revision = office.in_force("P", box(0, 0, 100, 100), {"A": ("HOUSES", box(0, 0, 100, 100))})

    assert uses(known_at=revision.number - 1) == [far, before]
    far_still, now = sorted(uses(), key=lambda use: use.function)
    assert far_still == far
    assert (now.function, now.function_share, now.unplanned_share) == ("HOUSES", 0.5, 0.5)
    assert now.from_revision == revision.number


def test_a_plan_that_leaves_a_site_as_it_is_writes_nothing(office):
    publish(shape=box(0, 0, 200, 100))
    (before,) = uses()

    # It shares the fence with the site and nothing more.
    office.in_force("P", box(200, 0, 300, 100), {"A": ("HOUSES", box(200, 0, 300, 100))})

    assert uses() == [before]


def test_a_plan_from_new_year_on_parts_the_days_of_a_site_without_an_edit(office):
    office.in_force("P", box(0, 0, 200, 100), {"A": ("GREEN", box(0, 0, 200, 100))})
    publish(shape=box(0, 0, 200, 100))

    office.in_force(
        "P", box(0, 0, 200, 100), {"A": ("HOUSES", box(0, 0, 200, 100))},
        adjustment=Adjustment.GENERAL, valid_from=NEW_YEAR,
    )  # fmt: skip

    assert [(use.valid_from, use.valid_to, use.function) for use in uses()] == [
        (TODAY, NEW_YEAR, "GREEN"),
        (NEW_YEAR, None, "HOUSES"),
    ]


def test_days_on_which_nothing_changes_for_the_site_do_not_part_it(office):
    # Two plans follow each other and say the same of this ground.
    office.in_force(
        "P", box(0, 0, 400, 100), {"A": ("GREEN", box(0, 0, 200, 100))}, valid_to=NEW_YEAR
    )
    publish(shape=box(300, 0, 350, 100))

    assert [(use.valid_from, use.valid_to, use.silent_share) for use in uses()] == [
        (TODAY, NEW_YEAR, 1),
        (NEW_YEAR, None, 0),
    ]
    office.in_force("R", box(200, 0, 400, 100), {}, valid_from=NEW_YEAR)

    assert [(use.valid_from, use.valid_to, use.silent_share) for use in uses()] == [
        (TODAY, None, 1)
    ]


def test_uses_end_with_the_offer(office):
    office.in_force("P", box(0, 0, 200, 100), {"A": ("GREEN", box(0, 0, 200, 100))})

    site = publish(
        status=SiteStatus.OFFERED, offered_from=TODAY, offered_until=dt.date(2026, 12, 31)
    )

    assert [(use.valid_from, use.valid_to) for use in uses()] == [(TODAY, NEW_YEAR)]
    change_available_site(
        content(status=SiteStatus.ALLOCATED),
        based_on=site.from_revision,
        by=None,
        on=dt.date(2026, 12, 1),
    )
    assert [(use.valid_from, use.valid_to, use.site.status) for use in uses()] == [
        (TODAY, dt.date(2026, 12, 1), "offered"),
        (dt.date(2026, 12, 1), None, "allocated"),
    ]


def test_zones_of_two_plans_of_one_level_leave_the_ground_contested(office):
    office.in_force("P", box(0, 0, 120, 100), {"A": ("HOUSES", box(0, 0, 120, 100))})
    office.in_force("R", box(100, 0, 200, 100), {"B": ("GREEN", box(100, 0, 200, 100))})

    publish(shape=box(0, 0, 200, 100))

    (use,) = uses()
    assert (use.function, use.function_share, use.contested_share) == ("HOUSES", 0.6, 0.1)
    assert Revision.objects.latest("number").number == use.from_revision
