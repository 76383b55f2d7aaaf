"""The demo city's land-use plan comes in whole, and its lives are what the generator meant."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from accounts.models import Role
from importers.land_use.run import import_land_use_plan
from importers.parcels.run import Options as ParcelOptions
from importers.parcels.run import import_parcels
from importers.plans.report import Options
from landdata.models import Revision
from landdata.operations.reference import load_land_use_codes, load_units
from planning.annual import ItemState, ListedYear, effect_of
from planning.models import LandUsePlanItem, LandUsePlanItemParcel
from tests.importers.conftest import SAMPLES
from tests.planning.city import person

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    call_command("make_city", parcels=300, seed=7, place="hanoi", out=folder, verbosity=0)
    return folder


@pytest.mark.django_db
def test_the_citys_land_use_plan_comes_in_whole_and_a_second_time_changes_nothing(city):
    fixtures = SAMPLES.parent
    load_units(fixtures / "units", by=None)
    load_land_use_codes(fixtures / "reference" / "land_use_codes.csv", by=None)
    day = dt.date(2026, 6, 30)
    options = ParcelOptions(as_of=day, data_date=day)
    import_parcels(city / "parcels.shp", options, by=None, progress=lambda _: None)
    officer = person("officer", Role.DATA_OFFICER)

    def bring():
        return import_land_use_plan(
            city / "land_use_plan.gpkg",
            Options(as_of=TODAY),
            by=officer,
            progress=lambda _: None,
        )

    first = bring()
    revisions = Revision.objects.count()
    second = bring()

    assert first.log.summary() == []
    assert first.counts["new"] == first.counts["read"] > 0
    assert second.counts["unchanged"] == second.counts["read"] == first.counts["read"]
    assert Revision.objects.count() == revisions
    assert LandUsePlanItemParcel.objects.exists()
    assert not LandUsePlanItemParcel.objects.filter(parcel=None).exists()
    # One item at least of every life that the law tells apart.
    assert set(_states()) == set(ItemState)


def _states():
    lives: dict[str, list[ListedYear]] = {}
    for item in LandUsePlanItem.objects.known_now():
        lives.setdefault(item.item_key, []).append(
            ListedYear(
                item.valid_from.year,
                item.status,
                item.kind,
                item.first_listed_year,
                item.decision_number,
                item.decision_date,
            )
        )
    return [effect_of(years, TODAY).state for years in lives.values()]
