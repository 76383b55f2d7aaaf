"""Broken registers: what is broken on demand, and what the importer makes of it."""

from __future__ import annotations

import csv
import json

import pytest
import shapely
from django.core.management import call_command

from accounts.models import Role
from fixtures.city.files import make_city
from fixtures.city.recipe import recipe_for
from landdata.models import GeometryState, ParcelVersion
from tests.city.conftest import MadeCity
from tests.planning.city import person


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> MadeCity:
    folder = tmp_path_factory.mktemp("broken") / "hanoi"
    recipe = recipe_for(place="hanoi", parcels=900, seed=1, has_defects=True)
    make_city(recipe, folder, report=lambda _: None)
    return MadeCity(folder)


@pytest.fixture(scope="module")
def defects(broken) -> list[dict[str, str]]:
    with (broken.folder / "defects.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def rows_of(defects, kind: str) -> list[int]:
    return [int(d["row"]) for d in defects if d["kind"] == kind]


def test_everything_that_is_not_named_is_as_in_the_city_without_defects(broken, defects, hanoi):
    touched = {int(d["row"]) for d in defects}

    for row, (one, other) in enumerate(zip(broken.rows, hanoi.rows, strict=True)):
        assert (one != other) == (row in rows_of(defects, "duplicate_key"))
    same = shapely.equals_identical(broken.lots, hanoi.lots)
    assert {int(row) for row in (~same).nonzero()[0]} == touched - set(
        rows_of(defects, "duplicate_key")
    )


def test_no_lot_is_broken_in_two_ways(defects):
    rows = [int(d["row"]) for d in defects] + [int(d["other"]) for d in defects if d["other"]]

    assert len(rows) == len(set(rows))


def test_rings_are_broken_in_three_ways_and_none_is_valid(broken, defects):
    rows = rows_of(defects, "invalid_ring")

    assert {d["form"] for d in defects if d["kind"] == "invalid_ring"} == {
        "bow_tie", "spike", "touching",
    }  # fmt: skip
    assert not shapely.is_valid(broken.lots[rows]).any()


@pytest.mark.django_db
def test_the_importer_keeps_every_row_of_a_broken_register(broken, defects, tmp_path, settings):
    settings.RECEIVED = tmp_path / "received"
    call_command("load_reference")
    officer = person("officer", Role.DATA_OFFICER)

    counts = []
    for name in ("first", "second"):
        report = tmp_path / f"{name}.json"
        shapefile = str(broken.folder / "parcels.shp")
        call_command("import_parcels", shapefile, by=officer.username, report=report)
        counts.append(json.loads(report.read_text(encoding="utf-8"))["counts"])

    nothing = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}
    assert counts[0] == {**nothing, "read": 900, "new": 900}
    assert counts[1] == {**nothing, "read": 900, "unchanged": 900}
    stored = {version.source_row: version for version in ParcelVersion.objects.known_now()}
    undetermined = [i for i, row in enumerate(broken.rows) if row["SOTHUA"] == b"KXD"]
    assert undetermined
    assert {stored[row].number for row in undetermined} == {"KXD"}
    twice = {int(d[c]) for d in defects if d["kind"] == "duplicate_key" for c in ("row", "other")}
    assert twice
    assert {row for row, version in stored.items() if version.is_disputed} == twice
    invalid = {r for r, v in stored.items() if v.geometry_state == GeometryState.INVALID}
    assert invalid == set(rows_of(defects, "invalid_ring"))
    assert all(stored[row].boundary is None for row in invalid)
