"""Facilities of a GeoPackage: services, sites that need distance, protected sites, buildings.

Columns: docs/city-files.md. A layer that the file does not have is left as it is known.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from importers import guard, sandbox
from importers.encodings.tables import REFERENCE
from importers.features.columns import Column, Day, Number, Text, Truth, Word
from importers.features.coverage import COVERAGE, check_coverage
from importers.features.layers import CheckedLayer, check_layer
from importers.features.run import FoundRows
from importers.features.spec import LayerSpec, note
from landdata.errors import Invalid
from landdata.models import Building, Facility, HazardSite, ProtectedSite, Theme

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from importers.issues import IssueLog

#: How a site works, by its kind: what the rules on distances ask for (docs/corridors.md).
TECHNOLOGIES: Final[Mapping[str, tuple[str, ...]]] = {
    "petrol_station": (),
    "cemetery": ("burial_with_exhumation", "one_time_burial", "ash"),
    "crematorium": (),
    "landfill": ("organic", "inorganic"),
    "incinerator": (),
    "waste_transfer": ("mobile", "fixed"),
    "wastewater_plant": (
        "sludge_bed",
        "sludge_mechanical",
        "open",
        "closed",
        "soil_filter",
        "irrigation_field",
        "pond",
        "oxidation_ditch",
    ),
    "wastewater_pump": ("submersible_closed", "open", "closed", "other"),
    "water_intake": ("well", "surface"),
    "water_works": (),
    "industrial_park": (),
    "livestock": (),
    "fertiliser_store": (),
    "dyke_works": (),
    "dam": ("special", "I", "II", "III", "IV", "V"),
}
_NAMES: Final = (
    Column("name", Text(200), quoted=False),
    Column("name_en", Text(200), quoted=False),
)
_CAPACITY: Final = (
    Column("capacity", Number(0, 1e9)),
    Column("capacity_unit", Text(20)),
)
_ORIGIN: Final = (
    Column("is_synthetic", Truth(), needed=True),
    Column("source", Text(200), quoted=False),
)


@cache
def facility_kinds() -> tuple[str, ...]:
    """Return the kinds of fixtures/reference/facility_kinds.csv."""
    with (REFERENCE / "facility_kinds.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["code"] for row in csv.DictReader(file))


FACILITY: Final = LayerSpec(
    "facility",
    guard.POINT,
    "facility_key",
    (
        *_NAMES,
        Column("kind", Word(facility_kinds()), needed=True),
        *_CAPACITY,
        Column("address", Text(255), quoted=False),
        *_ORIGIN,
    ),
    Facility,
)
HAZARD_SITE: Final = LayerSpec(
    "hazard_site",
    guard.SURFACE,
    "site_key",
    (
        *_NAMES,
        Column("kind", Word(tuple(TECHNOLOGIES)), needed=True),
        Column("technology", Text(40)),
        *_CAPACITY,
        Column("flow_deg", Number(0, 360)),
        *_ORIGIN,
    ),
    HazardSite,
    Theme.HAZARD_SITES,
)
PROTECTED_SITE: Final = LayerSpec(
    "protected_site",
    guard.SURFACE,
    "site_key",
    (
        *_NAMES,
        Column("kind", Word(("relic", "coast", "airport", "runway", "waterway")), needed=True),
        Column("protection_zone", Word(("", "I", "II"))),
        Column("elevation_m", Number(0, 4000)),
        Column("decision_number", Text(60)),
        Column("decision_date", Day()),
        Column("authority", Text(200)),
        Column("source", Text(200), quoted=False),
    ),
    ProtectedSite,
    Theme.PROTECTED_SITES,
)
BUILDING: Final = LayerSpec(
    "building",
    guard.SURFACE,
    "building_key",
    (
        *_NAMES,
        Column("use", Text(40)),
        Column("storeys", Number(0, 200, whole=True)),
        Column("height_m", Number(0, 1000)),
    ),
    Building,
)
LAYERS: Final = (FACILITY, HAZARD_SITE, PROTECTED_SITE, BUILDING)


def read_facilities(path: Path, log: IssueLog) -> FoundRows:
    """Return the checked layers of a file of facilities.

    Raises Invalid `no_such_layers` when the file has none of them, and what the reader and the
    checks of a layer raise.
    """
    found = sandbox.read_layers(path, [spec.wanted() for spec in (*LAYERS, COVERAGE)])
    if not found:
        raise Invalid("no_such_layers", layers=", ".join(spec.name for spec in LAYERS))
    checked = {
        spec.name: check_layer(found[spec.name], spec, log) for spec in LAYERS if spec.name in found
    }
    for spec in (FACILITY, HAZARD_SITE):
        if spec.name in checked:
            checked[spec.name] = _with_units(checked[spec.name], log)
    if HAZARD_SITE.name in checked:
        checked[HAZARD_SITE.name] = _of_its_kind(checked[HAZARD_SITE.name], log)
    coverage = found.get(COVERAGE.name)
    return FoundRows(
        layers=list(checked.values()),
        epsg=next(iter(found.values())).header["epsg"],
        coverage=check_coverage(coverage, checked.values(), log) if coverage else None,
    )


def _with_units(layer: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the rows whose capacity says of what: 500 of nothing cannot be compared."""
    said = pc.is_valid(layer.features.column("capacity"))
    silent = pc.equal(layer.features.column("capacity_unit"), "")
    bad = np.asarray(pc.and_(said, silent), bool)
    note("unit_missing", layer.spec, "capacity_unit", np.asarray(layer.features["row"])[bad], log)
    return layer.keeping(~bad)


def _of_its_kind(sites: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the sites whose technology is one that their kind can have."""
    kinds, used = (sites.features.column(name).to_pylist() for name in ("kind", "technology"))
    bad = np.array(
        [how not in ("", *TECHNOLOGIES[kind]) for kind, how in zip(kinds, used, strict=True)], bool
    )
    shown = [how for how, is_bad in zip(used, bad, strict=True) if is_bad]
    rows = np.asarray(sites.features["row"])[bad]
    note("value_unreadable", sites.spec, "technology", rows, log, shown)
    return sites.keeping(~bad)
