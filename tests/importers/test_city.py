"""The demo city's files come back as the generator meant them, letter for letter."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest
from django.core.management import call_command

from importers import sandbox
from importers.encodings.codecs import decode_column
from importers.encodings.detection import detect
from importers.parcels.run import Options, import_parcels
from landdata.models import ParcelAlias, ParcelVersion
from landdata.operations.reference import load_units
from tests.importers.conftest import DATA_DATE, SAMPLES

COLUMNS = ("SOTO", "SOTHUA", "LOAIDAT", "DIACHI", "SOTOCU", "SOTHUACU", "MADINHDANH", "GHICHU")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    call_command("make_city", parcels=300, seed=7, place="hanoi", out=folder, verbosity=0)
    return folder


@pytest.fixture(scope="module")
def originals(city):
    with (city / "parcels_utf8.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_text_column_decodes_to_the_generators_original(city, originals):
    table = sandbox.read_shapefile(city / "parcels.shp", COLUMNS).table

    for name in COLUMNS:
        column = table.column(name).combine_chunks()
        encoding = detect(column).encoding
        assert encoding is not None, name
        decoded = [text.strip() for text in decode_column(column, encoding).to_pylist()]
        # Some numbers have blanks before them on purpose.
        assert decoded == [row[name].strip() for row in originals]
    assert isinstance(table, pa.Table)


@pytest.mark.django_db
def test_the_city_comes_in_whole_and_a_second_time_changes_nothing(city, originals):
    load_units(SAMPLES.parent / "units", by=None)
    options = Options(as_of=DATA_DATE, data_date=DATA_DATE)

    first = import_parcels(city / "parcels.shp", options, by=None, progress=lambda _: None)
    second = import_parcels(city / "parcels.shp", options, by=None, progress=lambda _: None)

    stored = ParcelVersion.objects.order_by("source_row").values_list(
        "number", "address", "national_id"
    )
    assert first.counts["new"] == first.counts["read"] == len(originals)
    assert second.counts["unchanged"] == second.counts["read"]
    assert [list(row) for row in stored] == [
        [row["SOTHUA"].strip(), row["DIACHI"], row["MADINHDANH"]] for row in originals
    ]
    with_old_number = {
        (n, row["SOTOCU"].strip(), row["SOTHUACU"].strip())
        for n, row in enumerate(originals)
        if row["SOTHUACU"].strip() not in ("", "KXD")
    }
    told = ParcelAlias.objects.values_list("source_row", "sheet_number", "number")
    assert len(with_old_number) > 0
    assert set(told) == with_old_number
