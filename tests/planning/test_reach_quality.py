"""What looks wrong in the streets, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role
from landdata.models import NetworkNode
from planning.reach_quality import quality_values
from tests.planning.city import EAST, NORTH, person
from tests.planning.ground import road
from tests.planning.test_coverage_runs import delivered, place, street
from tests.planning.test_draft_api import as_user

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["street"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]


@pytest.fixture
def crossed() -> None:
    """Add a street across the first one, 150 m along it, that has no junction there."""
    for key, north in (("s", -100), ("n", 100)):
        at = shapely.Point(EAST + 150, NORTH + north)
        delivered(NetworkNode, key, position=place(at))
    road("sn", (150, -100), (150, 100), from_node="s", to_node="n")


@pytest.mark.usefixtures("crossed")
def test_a_crossing_without_junction_is_told_with_its_place_and_streets() -> None:
    planner = as_user(person("planner", Role.PLANNER))

    told = planner.get("/api/planning/reach/quality", {"lang": "en"}).json()

    (found,) = [one for one in told["issues"] if one["kind"] == "crossings_without_node"]
    assert found["place"] == [EAST + 150, NORTH]
    assert {key.rpartition("/")[2] for key in found["keys"]} == {"ab", "sn"}
    assert found["text"] == "Streets of one level cross without a junction"
    assert told["counts"]["crossings_without_node"] == 1
    assert (told["counts"]["parts"], told["metres"]["small_parts"]) == (2, 200.0)
    assert told["is_cut"] is False


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.usefixtures("crossed")
def test_all_that_is_counted_has_a_name(language: str) -> None:
    with override(language):
        texts = quality_values(None, on=timezone.localdate())["texts"]

    assert not [text for text in texts.values() if text.startswith("reach.")]


def test_strangers_are_not_told(client: Client) -> None:
    assert client.get("/api/planning/reach/quality").status_code in (401, 403)
