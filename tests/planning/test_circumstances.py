"""Saying what kind of area a zone lies in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Role
from landdata.errors import Forbidden, Invalid, Missing
from planning.models import ZoneCircumstance
from planning.norms.circumstances import Circumstance
from planning.operations.circumstances import say_circumstance
from tests.planning.city import FUNCTIONS, TODAY, box, person

if TYPE_CHECKING:
    from planning.models import DraftZone
    from tests.planning.city import Office

pytestmark = pytest.mark.django_db

NEW = Circumstance(development="new", terrain="plain")


@pytest.fixture
def zone(office: Office) -> DraftZone:
    version = office.draft(
        "QHPK-9", box(0, 0, 100, 100), {"A": (FUNCTIONS[0], box(0, 0, 100, 100))}
    )
    found = version.drafts.first()
    assert found is not None
    return found


def test_the_newest_word_counts_and_the_old_one_stays(office: Office, zone: DraftZone) -> None:
    for known in (NEW, Circumstance(development="existing"), Circumstance()):
        say_circumstance(zone=zone.uid, known=known, source="map", by=office.planner, on=TODAY)

    rows = ZoneCircumstance.objects.filter(zone_uid=zone.uid).order_by("pk")
    assert [row.development for row in rows] == ["new", "existing", ""]


def test_saying_the_same_again_writes_nothing(office: Office, zone: DraftZone) -> None:
    for source in ("map of 2025", "a visit"):
        say_circumstance(zone=zone.uid, known=NEW, source=source, by=office.planner, on=TODAY)

    assert [row.source for row in ZoneCircumstance.objects.all()] == ["map of 2025"]


def test_what_is_said_cannot_be_changed_in_the_database(office: Office, zone: DraftZone) -> None:
    said = say_circumstance(zone=zone.uid, known=NEW, source="map", by=office.planner, on=TODAY)

    with pytest.raises(DatabaseError), transaction.atomic():
        ZoneCircumstance.objects.filter(pk=said.pk).update(development="existing")
    with pytest.raises(DatabaseError), transaction.atomic():
        said.delete()


def test_who_may_not_draft_there_may_not_say_it(office: Office, zone: DraftZone) -> None:
    for other in (office.approver, person("reader", Role.REVIEWER)):
        with pytest.raises(Forbidden):
            say_circumstance(zone=zone.uid, known=NEW, source="map", by=other, on=TODAY)


def test_a_word_that_no_norm_knows_and_a_word_without_ground_are_refused(
    office: Office, zone: DraftZone
) -> None:
    strange = Circumstance(terrain="swamp")

    with pytest.raises(Invalid, match="circumstance_unreadable"):
        say_circumstance(zone=zone.uid, known=strange, source="x", by=office.planner, on=TODAY)
    with pytest.raises(Invalid, match="circumstance_without_source"):
        say_circumstance(zone=zone.uid, known=NEW, source=" ", by=office.planner, on=TODAY)
    with pytest.raises(Missing):
        say_circumstance(zone=uuid.uuid4(), known=NEW, source="x", by=office.planner, on=TODAY)
