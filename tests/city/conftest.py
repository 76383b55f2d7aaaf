"""Two small cities, made once a run, and readers that share no code with their makers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import pytest

from fixtures.city.files import make_city
from fixtures.city.recipe import recipe_for

if TYPE_CHECKING:
    import geopandas

REFERENCE = Path(__file__).parents[2] / "fixtures" / "reference"
OSM = REFERENCE.with_name("osm")


def made(folder: Path, *, place: str, parcels: int, seed: int = 1) -> Path:
    """Make a city in `folder` and return it."""
    make_city(recipe_for(place=place, parcels=parcels, seed=seed), folder, report=lambda _: None)
    return folder


def tcvn3_letters() -> dict[int, str]:
    """Return the letter of each TCVN3 byte, from the table alone."""
    with (REFERENCE / "tcvn3.csv").open(encoding="utf-8") as rows:
        return {int(r["byte_dec"]): r["unicode_char"] for r in csv.DictReader(rows)}


@dataclass(frozen=True)
class MadeCity:
    """The files of one city."""

    folder: Path

    @cached_property
    def dbf(self) -> bytes:
        return (self.folder / "parcels.dbf").read_bytes()

    @cached_property
    def rows(self) -> list[dict[str, bytes]]:
        """Every row of the DBF as bytes, blank padding taken off."""
        data = self.dbf
        count, head, size = (
            int.from_bytes(data[4:8], "little"),
            int.from_bytes(data[8:10], "little"),
            int.from_bytes(data[10:12], "little"),
        )
        fields, at = [], 1
        for start in range(32, head - 1, 32):
            name = data[start : start + 11].rstrip(b"\0").decode("ascii")
            fields.append((name, at, data[start + 16]))
            at += data[start + 16]
        assert at == size
        return [
            {
                name: data[head + row * size + begin : head + row * size + begin + width].strip(
                    b" "
                )
                for name, begin, width in fields
            }
            for row in range(count)
        ]

    def field(self, name: str) -> list[bytes]:
        """Every value of one column as it stands in the DBF, padding included."""
        data = self.dbf
        head, size = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
        begin = 1
        for start in range(32, head - 1, 32):
            width = data[start + 16]
            if data[start : start + 11].rstrip(b"\0").decode("ascii") == name:
                break
            begin += width
        return [
            data[head + row * size + begin : head + row * size + begin + width]
            for row in range(len(self.rows))
        ]

    @cached_property
    def originals(self) -> list[dict[str, str]]:
        with (self.folder / "parcels_utf8.csv").open(encoding="utf-8", newline="") as rows:
            return list(csv.DictReader(rows))

    @cached_property
    def lots(self) -> np.ndarray:
        frame = pyogrio.read_dataframe(self.folder / "parcels.shp", encoding="ISO-8859-1")
        return np.asarray(frame.geometry.array)

    def layer(self, file: str, name: str) -> geopandas.GeoDataFrame:
        return pyogrio.read_dataframe(self.folder / file, layer=name)


@pytest.fixture(scope="session")
def hanoi(tmp_path_factory) -> MadeCity:
    return MadeCity(made(tmp_path_factory.mktemp("city") / "hanoi", place="hanoi", parcels=900))


@pytest.fixture(scope="session")
def vung_tau(tmp_path_factory) -> MadeCity:
    return MadeCity(
        made(tmp_path_factory.mktemp("city") / "vung-tau", place="vung-tau", parcels=400)
    )


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> MadeCity:
    return MadeCity(made(tmp_path_factory.mktemp("city") / "town", place="hanoi", parcels=2000))


@pytest.fixture(scope="session", params=["hanoi", "vung_tau"])
def city(request) -> MadeCity:
    chosen: MadeCity = request.getfixturevalue(request.param)
    return chosen
