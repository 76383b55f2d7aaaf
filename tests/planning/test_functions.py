"""A land-use plan speaks in codes of land use, an urban plan in functions."""

from __future__ import annotations

import datetime as dt

import pytest

from landdata.errors import Invalid
from landdata.models import LandUseCode, Revision
from planning.models import PlanLevel
from tests.planning.city import box

pytestmark = pytest.mark.django_db
GROUND = box(0, 0, 100, 100)


@pytest.fixture(autouse=True)
def _a_code(db):
    with Revision.open(by=None, why="codes") as revision:
        LandUseCode.objects.create(
            code="ODT",
            name_vi="Đất ở tại đô thị",
            name_en="Urban housing",
            group="PNN",
            status="current",
            source="test",
            confidence="high",
            valid_from=dt.date(2024, 8, 1),
            from_revision=revision.number,
        )


def test_a_land_use_plan_is_drafted_with_codes_of_land_use(office):
    version = office.draft("SDD", GROUND, {"a": ("ODT", GROUND)}, level=PlanLevel.LAND_USE)

    assert version.drafts.get().function == "ODT"


def test_a_land_use_plan_has_no_functions_of_urban_plans(office):
    with pytest.raises(Invalid, match="land_use_codes_unknown"):
        office.draft("SDD", GROUND, {"a": ("HOUSES", GROUND)}, level=PlanLevel.LAND_USE)


def test_an_urban_plan_has_no_codes_of_land_use(office):
    with pytest.raises(Invalid, match="plan_function_unknown"):
        office.draft("QHPK", GROUND, {"a": ("ODT", GROUND)})
