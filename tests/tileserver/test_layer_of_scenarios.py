"""What-ifs of services on the map: for the team of the draft, one point a facility."""

from __future__ import annotations

import io
import json

import mapbox_vector_tile
import numpy as np
import psycopg2
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import connection
from PIL import Image

from accounts.models import Role
from planning.models import Scenario, ScenarioChange
from tests.ground import shape, square, tile_of
from tests.planning import city
from tests.planning.city import box, person
from tests.tileserver.test_layers import add_facility
from tileserver.layers.scenarios import SCENARIOS
from tileserver.legend import legend_entries
from tileserver.style import Mark

pytestmark = pytest.mark.django_db
GROUND = box(0, 0, 100, 100)
EAST, NORTH = GROUND.bounds[:2]


@pytest.fixture
def office() -> city.Office:
    city.functions()
    return city.Office()


@pytest.fixture
def scenario(office):
    draft = office.draft("P", GROUND, {"A": ("HOUSES", GROUND)})
    return Scenario.objects.create(
        title="Hai trường", version=draft, by=office.planner, is_shared=True
    )


def change(scenario, action, **values):
    """Append a change; `at` is metres east of the corner of the ground."""
    at, undoes = values.pop("at", None), values.pop("undoes", None)
    scenario.edits += 1
    scenario.save()
    return ScenarioChange.objects.create(
        scenario=scenario,
        number=scenario.edits,
        action=action,
        place=None if at is None else Point(EAST + at, NORTH + 50, srid=settings.STORAGE_SRID),
        undoes=undoes,
        by=scenario.by,
        **values,
    )


def told(version) -> dict[str, tuple[str, float]]:
    """Return what the function gives out: by facility the action and metres from the corner."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT facility, action, ST_X(place) FROM team_scenarios(%s)", [[version.pk]]
        )
        return {key: (action, round(east - EAST)) for key, action, east in cursor.fetchall()}


def test_each_facility_is_one_point_at_its_last_place(scenario):
    change(scenario, "add", kind="kindergarten", target="~s/1", at=10)
    change(scenario, "move", kind="kindergarten", target="~s/1", at=40)

    assert told(scenario.version) == {"~s/1": ("add", 40)}


def test_what_is_taken_back_is_not_there_and_comes_again(scenario):
    change(scenario, "add", kind="market", target="~s/1", at=10)
    moved = change(scenario, "move", kind="market", target="~s/1", at=40)
    undo = change(scenario, "undo", undoes=moved)
    assert told(scenario.version) == {"~s/1": ("add", 10)}

    change(scenario, "undo", undoes=undo)
    assert told(scenario.version) == {"~s/1": ("add", 40)}


def test_what_is_added_and_closed_again_is_not_there(scenario):
    change(scenario, "add", kind="market", target="~s/1", at=10)
    change(scenario, "close", kind="market", target="~s/1")

    assert told(scenario.version) == {}


def test_a_facility_of_the_record_is_closed_where_it_stands(scenario):
    add_facility("Chợ Hôm", square(EAST + 60, NORTH, 20))
    change(scenario, "close", kind="market", target="ground/Chợ Hôm")

    assert told(scenario.version) == {"ground/Chợ Hôm": ("close", 70)}


def test_own_and_withdrawn_ones_stay_out_and_those_of_the_draft_are_in(scenario):
    change(scenario, "add", kind="market", target="~s/1", at=10)
    Scenario.objects.update(is_shared=False)
    assert told(scenario.version) == {}

    Scenario.objects.update(is_part_of_draft=True)
    assert told(scenario.version) == {"~s/1": ("add", 10)}

    Scenario.objects.update(withdrawn_at=scenario.at)
    assert told(scenario.version) == {}


def test_who_names_no_version_sees_nothing(scenario):
    change(scenario, "add", kind="market", target="~s/1", at=10)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM team_scenarios('{}')")
        assert cursor.fetchone() == (0,)


def actions(answer) -> set[str]:
    content = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return {
        f["properties"]["action"] for f in content.get("scenarios", {"features": []})["features"]
    }


def test_a_change_is_on_the_next_tile_and_the_public_hears_of_none(scenario, office, client):
    change(scenario, "add", kind="market", target="~s/1", at=50)
    x, y = tile_of(shape(GROUND), 14)
    where = f"/tiles/scenarios/14/{x}/{y}.pbf"
    assert client.get(where).status_code == 404

    client.force_login(office.planner)
    assert actions(client.get(where)) == {"add"}

    change(scenario, "close", kind="market", target="~s/1")
    assert actions(client.get(where)) == set()
    client.force_login(person("investor", Role.INVESTOR))
    assert client.get(where).status_code == 404


def test_they_are_features_with_their_reason(scenario, office, client):
    change(scenario, "add", kind="market", target="~s/1", at=50, why="Chợ cũ quá xa")
    client.force_login(office.planner)

    items = client.get("/ogc/collections/scenarios/items?f=json")

    (feature,) = json.loads(items.getvalue())["features"]
    assert feature["properties"]["why"] == "Chợ cũ quá xa"
    assert feature["properties"]["plan"] == "P"


@pytest.mark.django_db(transaction=True)
def test_the_picture_has_another_figure_for_each_action(scenario, office, client, map_server):
    for place, action in enumerate(("move", "close", "enlarge")):
        add_facility(f"{action}", square(EAST + 26 + place * 25, NORTH + 40, 20))
    change(scenario, "add", kind="market", target="~s/1", at=12)
    change(scenario, "move", kind="market", target="ground/move", at=37)
    change(scenario, "close", kind="market", target="ground/close")
    change(scenario, "enlarge", kind="market", target="ground/enlarge", capacity=9.0)
    client.force_login(office.planner)
    asked = {"SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "LAYERS": "scenarios"}
    size = {"STYLES": "", "SRS": "EPSG:5897", "WIDTH": "400", "HEIGHT": "400"}
    box_asked = {"BBOX": ",".join(map(repr, GROUND.bounds)), "FORMAT": "image/png"}

    answer = client.get("/wms", {**asked, **size, **box_asked, "TRANSPARENT": "TRUE"})

    picture = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA")).astype(int)
    east = [12, 37, 61, 86]
    figures = [picture[190:210, 4 * x - 10 : 4 * x + 10] for x in east]
    assert all(figure[..., 3].max() == 255 for figure in figures)
    # White figures on the badges, without their colours.
    white = [(figure[..., :3].min(axis=2) > 200) & (figure[..., 3] > 200) for figure in figures]
    assert all(one.sum() > 20 for one in white)
    apart = [(one != other).sum() for k, one in enumerate(white) for other in white[k + 1 :]]
    assert min(apart) > 20


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_public_reads_none():
    address = settings.DATABASES["public"]
    theirs = psycopg2.connect(
        host=address["HOST"],
        port=address["PORT"],
        dbname=connection.settings_dict["NAME"],
        user=address["USER"],
        password=address["PASSWORD"],
    )
    with theirs.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT * FROM team_scenarios('{1}')")
    theirs.close()


def test_the_legend_tells_actions_apart_without_colour():
    entries = legend_entries(SCENARIOS, as_of=city.TODAY)

    assert len({entry.title("vi") for entry in entries}) == 4
    figures = {
        draw.glyph for rule in SCENARIOS.style.rules for draw in rule.draw if isinstance(draw, Mark)
    }
    assert len(figures) == 4
