"""What everybody may ask of a plot's services over HTTP."""

from __future__ import annotations

import math
import uuid

import pytest

from tests.ground import add_parcel, square
from tests.tileserver.test_layers import add_facility
from tests.tileserver.test_layers_of_reach import add_reach

pytestmark = pytest.mark.django_db


def test_a_plot_says_how_far_each_service_is_and_which_is_the_nearest(client):
    version = add_parcel("7", square(590000, 2325000))
    add_facility("Trường Hoa Sen", square(590100, 2325000))
    add_reach(version.parcel, "mu", [80.0, math.inf], ["ground/Trường Hoa Sen"])

    told = client.get(f"/api/parcels/{version.parcel_id}/reach", {"lang": "en"}).json()

    school, primary = told["services"][:2]
    assert told["number"] == "7"
    assert (school["name"], school["state"], school["walk_m"]) == ("Kindergarten", "met", 80.0)
    assert (school["facility"], school["facility_name"]) == (
        "ground/Trường Hoa Sen",
        "Trường Hoa Sen",
    )
    # No way is neither a number nor "not known".
    assert (primary["walk_m"], primary["is_unreached"]) == (None, True)
    assert "people" not in str(told)


def test_before_the_first_run_there_are_no_services(client):
    version = add_parcel("7", square(590000, 2325000))

    told = client.get(f"/api/parcels/{version.parcel_id}/reach").json()

    assert (told["services"], told["worked_out_on"]) == ([], None)


def test_a_plot_that_is_not_there_is_missing(client):
    add_parcel("7", square(590000, 2325000))

    assert client.get(f"/api/parcels/{uuid.uuid4()}/reach").status_code == 404
