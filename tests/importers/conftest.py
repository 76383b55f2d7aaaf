"""Two wards that can be checked by hand, and the samples.

      587000      588000      589000   (EPSG:5897, metres)
 2326000 +-----------+-----------+
         |  00004    |  00070    |     The samples' parcels lie in 00004: number n is the square
         |  Ba Đình  |  Hồ Gươm  |     of 10 m from (587100 + 10 n, 2325100).
 2325000 +-----------+-----------+

Before 2025-07-01 code 06820 was Trưng Vương; since then it is Vàng Danh.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import shapely
from django.conf import settings
from django.core.management import call_command

from fixtures.samples.writer import write_shapefile
from importers.features.run import Options, bring_in
from landdata.geometry import to_multipolygon
from landdata.models import AdministrativeUnit, LandUseCode, Revision
from landdata.search.fold import fold, tone_fold
from planning.models import PlanFunction

SAMPLES = Path(__file__).parents[2] / "fixtures" / "samples"
REORGANISED = dt.date(2025, 7, 1)
DATA_DATE = dt.date(2026, 1, 1)
WARDS = (
    ("00004", "Phường Ba Đình", REORGANISED, None, (587_000, 2_325_000, 588_000, 2_326_000)),
    ("00070", "Phường Hồ Gươm", REORGANISED, None, (588_000, 2_325_000, 589_000, 2_326_000)),
    ("06820", "Phường Trưng Vương", dt.date(2025, 1, 1), REORGANISED, None),
    ("06820", "Phường Vàng Danh", REORGANISED, None, None),
)


@pytest.fixture(autouse=True)
def _received_goes_to_a_folder_of_the_test(settings, tmp_path):
    settings.RECEIVED = tmp_path / "received"
    settings.RELIEF = tmp_path / "relief"
    settings.GRIDS = tmp_path / "grids"


@pytest.fixture
def wards(db):
    load_reference()


def load_reference() -> None:
    """Make the wards, two land-use codes and one plan function."""
    with Revision.open(by=None, why="reference for tests") as revision:
        for code, name, valid_from, valid_to, box in WARDS:
            ground = to_multipolygon(shapely.box(*box), settings.STORAGE_SRID) if box else None
            AdministrativeUnit.objects.create(
                code=code,
                level="ward",
                name=name.removeprefix("Phường "),
                name_en=fold(name),
                full_name=name,
                full_name_en=fold(name),
                folded=fold(name),
                tone_folded=tone_fold(name),
                boundary=ground,
                point=ground.centroid if ground else None,
                source="test",
                confidence="high",
                valid_from=valid_from,
                valid_to=valid_to,
                from_revision=revision.number,
            )
        for code in ("ODT", "CLN"):
            LandUseCode.objects.create(
                code=code,
                name_vi=code,
                name_en=code,
                group="PNN",
                status="current",
                source="test",
                confidence="high",
                valid_from=dt.date(2024, 8, 1),
                from_revision=revision.number,
            )
        PlanFunction.objects.create(
            code="HOUSES",
            name_vi="Nhóm nhà ở",
            name_en="Houses",
            group="",
            aci=1,
            colour="#FF0000",
            source="test",
            confidence="high",
            valid_from=dt.date(2025, 1, 1),
            from_revision=revision.number,
        )


class Importer:
    """Runs commands as an operator does, and reads their report."""

    def __init__(self, folder: Path, capsys: Any) -> None:
        self._folder = folder
        self._capsys = capsys

    def __call__(self, file: Path | str, *words: str, command: str = "import_parcels") -> Any:
        """Run a command on a sample or file; return status, report and both outputs."""
        path = sample(file) if isinstance(file, str) else file
        report = self._folder / "report.json"
        report.unlink(missing_ok=True)
        dated = [] if command != "import_parcels" or "--data-date" in words else self.dated()
        status: Any = 0
        try:
            call_command(command, str(path), *dated, *words, report=report)
        except SystemExit as ended:
            status = ended.code
        written = json.loads(report.read_text(encoding="utf-8"))
        said = self._capsys.readouterr()
        return SimpleNamespace(
            status=status,
            report=written,
            counts=written["counts"],
            issues={i["code"]: [f["row"] for f in i["first"]] for i in written.get("issues", [])},
            out=said.out,
            err=said.err,
        )

    @staticmethod
    def dated() -> list[str]:
        return ["--data-date", DATA_DATE.isoformat()]


@pytest.fixture
def run(wards, tmp_path, capsys):
    return Importer(tmp_path, capsys)


@pytest.fixture
def delivery(tmp_path):
    """Write rows as a shapefile and return its path."""

    def write(*rows, name="delivery", **given):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        write_shapefile(folder / "parcels.shp", rows, **{"epsg": 5897, **given})
        return folder / "parcels.shp"

    return write


def sample(name: str) -> Path:
    """Return the file of a sample: its shapefile, or the path as it is."""
    folder = SAMPLES / name
    return folder / "parcels.shp" if folder.is_dir() else folder


class WaysIn:
    """Brings files in without a command, and returns the report."""

    def __call__(self, way, path, day=None, **options):
        chosen = {"today": DATA_DATE, "data_date": day, **options}
        return bring_in(way, path, Options(**chosen), by=None, progress=lambda step: None)


@pytest.fixture
def bring(db):
    return WaysIn()


def counted(**given: int) -> dict[str, int]:
    """Return the counts of a layer as a report has them, 0 where nothing is said."""
    names = ("read", "new", "changed", "unchanged", "refused", "gone")
    return {name: given.get(name, 0) for name in names}


def noted(report: Any) -> dict[tuple[str, str], list[int]]:
    """Return the rows of each kind of note, as they are shown."""
    return {
        (issue["code"], issue["column"]): [first["row_shown"] for first in issue["first"]]
        for issue in report.log.summary()
    }
