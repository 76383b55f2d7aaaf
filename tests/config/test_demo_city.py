"""The demo city of a database that was made by another version of the programs."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from landdata.models import Dataset, ParcelVersion, Revision, SourceFile
from tests.ground import DAY, add_parcel, square

pytestmark = pytest.mark.django_db


def test_a_city_that_is_there_is_kept_and_another_never_mixed_in(settings, tmp_path):
    settings.VAR = tmp_path
    settings.DEMO_CITY_PARCELS = 200
    dataset = Dataset.objects.create(code="demo-city", title_vi="", title_en="", kind="demo")
    SourceFile.objects.create(
        dataset=dataset,
        name="CITY.json",
        sha256="0" * 64,
        size_bytes=1,
        stored_as="",
        data_date=DAY,
    )
    add_parcel("1", square(590_000, 2_325_000))
    known = Revision.objects.count()

    said = call_command("demo_city", stdout=io.StringIO())

    assert "make clean" in said
    assert ParcelVersion.objects.count() == 1
    assert Revision.objects.count() == known
