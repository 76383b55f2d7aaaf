"""A terrain model that comes in is shaded for maps, before anybody can ask for it."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from django.core.management import call_command

from importers import cells, sandbox
from importers.rasters import raster_way
from importers.relief import shade_missing
from landdata.errors import Invalid
from landdata.models import Raster
from landdata.relief import file_name
from tests.importers.test_import_raster import HEIGHTS, NO_DATA, SPRING, write


@pytest.fixture
def path(tmp_path):
    return tmp_path / "dem.tif"


@pytest.fixture
def bring(bring):
    def take(path, *, kind="terrain", unit="m", **options):
        return bring(raster_way(kind=kind, epsg=None, unit=unit), path, SPRING, **options)

    return take


def names(report, unit="m"):
    return {file_name(report.file.sha256, 5897, unit, target) for target in (3857, 5897)}


def test_an_import_leaves_a_shaded_copy_for_each_grid(bring, path, settings):
    report = bring(write(path))

    assert {file.name for file in settings.RELIEF.iterdir()} == names(report)
    with rasterio.open(settings.RELIEF / file_name(report.file.sha256, 5897, "m", 5897)) as made:
        assert made.bounds == (590_000, 2_325_000, 590_400, 2_325_300)
        opacity = made.read(4)
    # Rows fall towards the north by a metre in ten: away from the lamp, in shadow all over.
    assert opacity[5:-5, 5:-5].min() > 20
    # The cell without a height is clear.
    assert opacity[0, 0] == 0


def test_what_is_no_terrain_is_not_shaded(bring, path, settings):
    bring(write(path, (HEIGHTS / 10).clip(0)), kind="flood_depth")

    assert not settings.RELIEF.exists()


def test_values_in_centimetres_are_shaded_as_the_same_ground(bring, path, settings, tmp_path):
    metres = bring(write(path))
    other = write(tmp_path / "cm.tif", np.where(HEIGHTS == NO_DATA, NO_DATA, HEIGHTS * 100))
    centimetres = bring(other, unit="cm")

    pictures = []
    for report, unit in ((metres, "m"), (centimetres, "cm")):
        name = file_name(report.file.sha256, 5897, unit, 5897)
        with rasterio.open(settings.RELIEF / name) as made:
            pictures.append(made.read().astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() <= 1


def test_a_deleted_folder_is_made_again(bring, path, settings):
    report = bring(write(path))
    for file in settings.RELIEF.iterdir():
        file.unlink()

    call_command("shade_relief")

    assert {file.name for file in settings.RELIEF.iterdir()} == names(report)
    assert shade_missing() == 0


def test_a_lost_file_is_left_out_and_the_others_are_shaded(bring, path, settings, caplog, tmp_path):
    bring(write(path))
    bring(write(tmp_path / "other.tif", np.where(HEIGHTS == NO_DATA, NO_DATA, HEIGHTS + 1)))
    lost = Raster.objects.earliest("pk")
    (settings.RECEIVED / lost.source_file.stored_as).unlink()
    for file in settings.RELIEF.iterdir():
        file.unlink()

    assert shade_missing() == 1
    assert f"no relief of raster {lost.pk}" in caplog.text


def test_cells_come_through_the_sandbox_as_they_are(path):
    place, found = sandbox.read_cells(write(path))

    assert (place["west"], place["north"]) == (590_000, 2_325_300)
    assert (place["cell_width"], place["cell_height"]) == (10, 10)
    assert np.isnan(found[0, 0])
    known = HEIGHTS != NO_DATA
    assert (found[known] == HEIGHTS[known]).all()


def test_a_large_raster_is_thinned_to_what_fits_into_memory(path, monkeypatch):
    monkeypatch.setattr(cells, "MOST_CELLS", 300)

    place, found = cells.read_cells(write(path))

    # 1,200 cells by halves in both directions: 15 by 20, each the mean of four.
    assert found.shape == (15, 20)
    assert (place["cell_width"], place["cell_height"]) == (20, 20)
    assert found[5, 5] == pytest.approx(HEIGHTS[10:12, 10:12].mean(), abs=1e-4)


def test_what_is_no_geotiff_is_not_opened(path):
    path.write_bytes(b"<VRTDataset/>")

    with pytest.raises(Invalid, match=r"tiff_broken|format_not_as_declared"):
        sandbox.read_cells(path)
