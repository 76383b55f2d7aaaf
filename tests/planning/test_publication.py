"""Putting a plan into force: all or nothing, and nothing unseen is replaced."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import DatabaseError

from accounts.models import Role
from landdata.errors import Forbidden, Invalid, Stale
from landdata.models import ChangedArea, Revision
from planning.content import PlanContent
from planning.models import Adjustment, PlanLevel, PlanTerritory, PlanVersion, Zone
from planning.operations import approve_plan_version, create_draft, publish_plan_version
from tests.planning.city import TODAY, box, person

GROUND = box(0, 0, 200, 100)
HALVES = {"A": ("HOUSES", box(0, 0, 100, 100)), "B": ("GREEN", box(100, 0, 200, 100))}


def test_a_draft_cannot_be_published_before_it_is_approved(office):
    version = office.draft("P", GROUND, HALVES)

    with pytest.raises(Invalid, match="plan_not_approved"):
        office.publish(version)


def test_overlapping_zones_stop_the_approval(office):
    version = office.draft(
        "P",
        GROUND,
        {"A": ("HOUSES", box(0, 0, 101, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )

    with pytest.raises(Invalid, match="zones_overlap") as refused:
        office.approve(version)

    assert refused.value.values["m2"] == 100


def test_an_overlap_of_a_millimetre_is_not_one(office):
    """1 mm along 100 m is 0.1 m², which a dossier's grid alone can make."""
    version = office.draft(
        "P",
        GROUND,
        {"A": ("HOUSES", box(0, 0, 100.0009, 100)), "B": ("GREEN", box(100, 0, 200, 100))},
    )

    assert office.approve(version).status == "approved"


def test_a_zone_outside_the_plan_stops_the_approval(office):
    version = office.draft("P", GROUND, {"A": ("HOUSES", box(150, 0, 210, 100))})

    with pytest.raises(Invalid, match="zone_outside_plan"):
        office.approve(version)


def test_an_unknown_function_is_refused_and_nothing_is_left(office):
    with pytest.raises(Invalid, match="plan_function_unknown"):
        office.draft("P", GROUND, {"A": ("CASTLE", GROUND)})

    assert not PlanVersion.objects.exists()


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.APPROVER, Role.LAND_REGISTER_OFFICER])
def test_only_planners_and_data_officers_draft(role, office):
    office.planner = person("somebody", role)

    with pytest.raises(Forbidden):
        office.draft("P", GROUND, HALVES)


def test_only_approvers_approve_and_publish(office):
    version = office.draft("P", GROUND, HALVES)

    with pytest.raises(Forbidden):
        approve_plan_version(version_id=version.pk, by=office.planner, on=TODAY)
    office.approve(version)
    with pytest.raises(Forbidden):
        publish_plan_version(version_id=version.pk, by=office.planner, on=TODAY)


def test_a_second_first_version_and_an_adjustment_of_nothing_are_refused(office):
    office.in_force("P", GROUND, HALVES)

    with pytest.raises(Invalid, match="plan_already_in_force"):
        office.draft("P", GROUND, HALVES)
    with pytest.raises(Invalid, match="nothing_to_adjust"):
        office.draft("Q", GROUND, HALVES, adjustment=Adjustment.LOCAL)


def test_an_adjustment_whose_base_was_replaced_meanwhile_is_stale(office):
    office.in_force("P", GROUND, HALVES)
    later = {"adjustment": Adjustment.LOCAL, "valid_from": dt.date(2026, 9, 1)}
    slow = office.draft("P", box(0, 0, 50, 50), {"S": ("ROAD", box(0, 0, 50, 50))}, **later)
    office.in_force("P", box(50, 0, 100, 50), {"F": ("ROAD", box(50, 0, 100, 50))}, **later)
    office.approve(slow)
    revisions = Revision.objects.count()

    with pytest.raises(Stale):
        office.publish(slow)

    assert Revision.objects.count() == revisions


def test_a_straddling_zone_goes_on_as_its_remainder_under_its_own_decision(office):
    office.in_force("P", GROUND, HALVES)
    first = PlanVersion.objects.get()
    day = dt.date(2026, 9, 1)
    office.in_force(
        "P",
        box(50, 0, 100, 100),
        {"N": ("ROAD", box(50, 0, 100, 100))},
        adjustment=Adjustment.LOCAL,
        valid_from=day,
    )

    in_force = {
        z.label: (z.boundary.area, z.introduced_by.sequence)
        for z in Zone.objects.known_now().valid_on(day)
    }
    assert in_force == {
        "A": (pytest.approx(5000), 1),
        "B": (pytest.approx(10000), 1),
        "N": (pytest.approx(5000), 2),
    }
    before = Zone.objects.known_now().valid_on(day - dt.timedelta(days=1))
    assert {z.label: z.boundary.area for z in before} == {
        "A": pytest.approx(10000),
        "B": pytest.approx(10000),
    }
    territory = PlanTerritory.objects.known_now().valid_on(day)
    assert sum(t.boundary.area for t in territory) == pytest.approx(20000)
    first.refresh_from_db()
    assert first.status == "published"


def test_a_published_version_never_changes_again(office):
    office.in_force("P", GROUND, HALVES)

    with pytest.raises(DatabaseError, match="part of the record"):
        PlanVersion.objects.update(decision_number="khác")


def test_a_publication_says_where_the_map_changed(office):
    revision = office.in_force("P", GROUND, HALVES)

    areas = ChangedArea.objects.filter(layer="zones")

    assert {area.revision for area in areas} == {revision}
    assert len(areas) == Zone.objects.count()
    for zone in Zone.objects.all():
        assert any(area.extent_3857.contains(zone.boundary_3857.envelope) for area in areas)


def test_a_plan_of_another_level_cannot_take_the_same_code(office):
    office.in_force("P", GROUND, HALVES)
    version = PlanVersion.objects.get()

    copied = [f.name for f in dataclasses.fields(PlanContent) if hasattr(version, f.name)]
    content = PlanContent(
        **{name: getattr(version, name) for name in copied if name != "adjustment"},
        code="P",
        level=PlanLevel.DETAILED,
        adjustment=Adjustment.LOCAL,
    )
    with pytest.raises(Invalid, match="plan_level_differs"):
        create_draft(plan=content, zones=[], by=office.planner, on=TODAY)
