"""A small town that is edited at random, through the operations that people and imports use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from django.conf import settings
from django.utils import timezone

from landdata.models import (
    Building,
    Dataset,
    Facility,
    HazardSite,
    PowerLine,
    RoadSegment,
    SourceFile,
    WaterBody,
)
from landdata.operations.features import Delivery, take_in_features
from landdata.operations.parcels import ARRIVING, take_in_parcels
from planning.models import Adjustment, PlanLevel
from tests.planning.city import EAST, FUNCTIONS, NORTH, Office, functions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from random import Random

    from landdata.models import DeliveredFeature

#: The town is a square of so many metres from the corner of the storage zone.
SIDE_M = 120
_PLOT_M = 30
PLAN = "PK-1"


@dataclass(frozen=True)
class Kind:
    """A layer of delivered objects: how one of them is made at random."""

    model: type[DeliveredFeature]
    columns: dict[str, pa.DataType]
    make: Callable[[Random], tuple[dict[str, Any], Any]]


def _place(random: Random, margin: float = 0) -> tuple[float, float]:
    span = SIDE_M - 2 * margin
    return EAST + margin + random.random() * span, NORTH + margin + random.random() * span


def _square(random: Random, least: float, most: float) -> Any:
    east, north = _place(random, most)
    side = random.uniform(least, most)
    return shapely.box(east, north, east + side, north + random.uniform(least, most))


def _line(random: Random) -> Any:
    return shapely.LineString([_place(random), _place(random)])


KINDS = (
    Kind(
        RoadSegment,
        {"name": pa.string(), "road_class": pa.string(), "width_m": pa.float64()},
        lambda r: (
            {
                "name": f"phố {r.randrange(99)}",
                "road_class": r.choice(("primary", "secondary", "residential", "path")),
                "width_m": r.choice((None, 5.0, 12.0)),
            },
            _line(r),
        ),
    ),
    Kind(
        PowerLine,
        {"voltage_kv": pa.float64(), "placement": pa.string()},
        lambda r: (
            {"voltage_kv": r.choice((22.0, 110.0, 500.0)), "placement": "overhead"},
            _line(r),
        ),
    ),
    Kind(
        Building,
        {"storeys": pa.int64()},
        lambda r: ({"storeys": r.randrange(1, 9)}, _square(r, 5, 20)),
    ),
    Kind(
        WaterBody,
        {"name": pa.string(), "kind": pa.string()},
        lambda r: ({"name": f"hồ {r.randrange(99)}", "kind": "lake"}, _square(r, 15, 40)),
    ),
    Kind(
        HazardSite,
        {"name": pa.string(), "kind": pa.string(), "is_synthetic": pa.bool_()},
        lambda r: (
            {"name": "trạm xăng", "kind": "petrol_station", "is_synthetic": True},
            _square(r, 10, 30),
        ),
    ),
    Kind(
        Facility,
        {"name": pa.string(), "kind": pa.string(), "is_synthetic": pa.bool_()},
        lambda r: (
            {
                "name": f"trường {r.randrange(99)}",
                "kind": "primary_school",
                "is_synthetic": True,
            },
            shapely.Point(_place(r)),
        ),
    ),
)


@dataclass
class Town:
    """What stands there now. Public: `found`, `edit`, `publish`."""

    random: Random
    today: dt.date = field(default_factory=timezone.localdate)
    _objects: dict[type[DeliveredFeature], dict[str, tuple[dict[str, Any], Any]]] = field(
        default_factory=dict
    )
    _plots: dict[str, tuple[Any, str]] = field(default_factory=dict)
    _office: Office | None = None
    _files: int = 0

    def found(self) -> None:
        """Lay the town out: plots, a plan in force, some objects of every kind."""
        functions()
        self._office = Office()
        for number in range((SIDE_M // _PLOT_M) ** 2):
            row, column = divmod(number, SIDE_M // _PLOT_M)
            west, south = EAST + column * _PLOT_M, NORTH + row * _PLOT_M
            plot = shapely.box(west + 2, south + 2, west + _PLOT_M - 2, south + _PLOT_M - 2)
            self._plots[str(number + 1)] = (plot, "ODT")
        self._deliver_plots()
        ground = shapely.box(EAST, NORTH, EAST + SIDE_M, NORTH + SIDE_M)
        half = SIDE_M / 2
        quarters = {
            f"{function}-{n}": (
                function,
                shapely.box(
                    *(EAST + half * (n % 2), NORTH + half * (n // 2)),
                    *(EAST + half * (n % 2 + 1), NORTH + half * (n // 2 + 1)),
                ),
            )
            for n, function in enumerate(FUNCTIONS)
        }
        self._office.in_force(PLAN, ground, quarters, level=PlanLevel.ZONING)
        for kind in KINDS:
            made = {str(n): kind.make(self.random) for n in range(4)}
            self._objects[kind.model] = made
            self._deliver(kind)

    def edit(self) -> str:
        """Change one thing at random; return what it was."""
        what = self.random.choice(("plot", "zone", *KINDS))
        if what == "plot":
            return self._edit_plot()
        if what == "zone":
            self.publish(self.random.uniform(20, 80), from_day=self.today)
            return "zone"
        assert isinstance(what, Kind)
        return self._edit_object(what)

    def publish(self, side_m: float, *, from_day: dt.date, until: dt.date | None = None) -> None:
        """Put a local adjustment of the plan into force, from a day on."""
        assert self._office is not None
        west = EAST + self.random.uniform(0, SIDE_M - side_m)
        south = NORTH + self.random.uniform(0, SIDE_M - side_m)
        ground = shapely.box(west, south, west + side_m, south + side_m)
        function = self.random.choice(FUNCTIONS)
        self._files += 1
        self._office.in_force(
            PLAN,
            ground,
            {f"{function}-{self._files}": (function, ground)},
            level=PlanLevel.ZONING,
            adjustment=Adjustment.LOCAL,
            valid_from=from_day,
            valid_to=until,
        )

    def _edit_plot(self) -> str:
        number = self.random.choice(sorted(self._plots, key=int))
        plot, use = self._plots[number]
        west, south, east, north = plot.bounds
        match self.random.choice(("move an edge", "other use", "retire", "divide")):
            case "move an edge":
                plot = shapely.box(west, south, east - self.random.uniform(-1, 1), north)
                self._plots[number] = (plot, use)
            case "other use":
                self._plots[number] = (plot, "CLN" if use == "ODT" else "ODT")
            case "retire" if len(self._plots) > 8:
                del self._plots[number]
            case _:
                middle = (west + east) / 2
                self._plots[number] = (shapely.box(west, south, middle, north), use)
                new = str(max(map(int, self._plots)) + 1)
                self._plots[new] = (shapely.box(middle, south, east, north), use)
        self._deliver_plots()
        return "plot"

    def _edit_object(self, kind: Kind) -> str:
        objects = self._objects[kind.model]
        key = self.random.choice(sorted(objects))
        match self.random.choice(("new", "changed", "gone")):
            case "gone" if len(objects) > 2:
                del objects[key]
            case "new":
                objects[str(max(map(int, objects)) + 1)] = kind.make(self.random)
            case _:
                objects[key] = kind.make(self.random)
        self._deliver(kind)
        return kind.model.__name__

    def _deliver(self, kind: Kind) -> None:
        objects = self._objects[kind.model]
        keys = sorted(objects, key=int)
        columns = {
            "row": pa.array(range(1, len(keys) + 1), pa.int64()),
            "source_key": pa.array(keys, pa.string()),
            **{
                name: pa.array([objects[key][0][name] for key in keys], type_)
                for name, type_ in kind.columns.items()
            },
        }
        shapes = np.array([*(objects[key][1] for key in keys), None], object)[:-1]
        take_in_features(
            [Delivery(kind.model, pa.table(columns), shapes)],
            source_file=self._file(kind.model.__name__),
            by=None,
            on=self.today,
            why="town",
            accept_gone=True,
        )

    def _deliver_plots(self) -> None:
        rows = [
            {
                "row": at,
                "unit_code": "00004",
                "sheet": "12",
                "scale": 500,
                "number": number,
                "national_id": "",
                "legal_area_m2": None,
                "address": "",
                "land_uses": use,
                "geometry_state": "valid",
                "old_unit_code": "",
                "old_sheets": "",
                "old_numbers": "",
                "shape": shapely.to_wkb(shapely.MultiPolygon([plot])),
            }
            for at, (number, (plot, use)) in enumerate(sorted(self._plots.items()), start=1)
        ]
        take_in_parcels(
            rows=pa.Table.from_pylist(rows, schema=ARRIVING).to_batches(),
            source_file=self._file("parcels"),
            as_of=self.today,
            by=None,
            why="town",
            complete_sheets=True,
            retire_gone=True,
            accept_gone=True,
        )

    def _file(self, name: str) -> SourceFile:
        self._files += 1
        dataset, _ = Dataset.objects.get_or_create(
            code=f"town-{name.lower()}",
            defaults={"title_vi": name, "title_en": name, "kind": name.lower()},
        )
        return SourceFile(
            dataset=dataset,
            name=name,
            sha256=hashlib.sha256(f"{name} {self._files}".encode()).hexdigest(),
            size_bytes=1,
            stored_as=name,
            epsg=settings.STORAGE_EPSG,
            data_date=self.today,
        )
