"""Networks of a GeoPackage: streets with their nodes, lines, pipes, water, dykes, railways.

Columns: docs/city-files.md. A layer that the file does not have is left as it is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from importers import guard, sandbox
from importers.features.columns import Column, Day, Number, Text, Truth, Word, Words
from importers.features.coverage import COVERAGE, check_coverage
from importers.features.layers import CheckedLayer, check_layer
from importers.features.run import FoundRows
from importers.features.spec import LayerSpec, note
from landdata.errors import Invalid
from landdata.models import (
    Dyke,
    NetworkNode,
    OneWay,
    Pipeline,
    PowerLine,
    Railway,
    RoadSegment,
    Theme,
    WaterBody,
)
from planning.models import ControlLine, ControlLineKind

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from importers.issues import IssueLog

#: A segment ends where its node is. Files hold millimetres; after a change of system two ends
#: that were one agree to a nanometre, so that a centimetre is a drawing error.
NODE_TOLERANCE_M: Final = 0.01
#: OpenStreetMap's `highway` values of ways that people or vehicles move on.
ROAD_CLASSES: Final = frozenset(
    {
        "motorway",
        "motorway_link",
        "trunk",
        "trunk_link",
        "primary",
        "primary_link",
        "secondary",
        "secondary_link",
        "tertiary",
        "tertiary_link",
        "unclassified",
        "residential",
        "living_street",
        "service",
        "road",
        "pedestrian",
        "track",
        "footway",
        "path",
        "steps",
        "cycleway",
        "bridleway",
        "corridor",
        "busway",
        "bus_guideway",
        "escape",
        "raceway",
    }
)
#: Who may not use a street; "private": only who has business there.
ACCESS: Final = ("no_walk", "no_cycle", "no_motorbike", "no_car", "private")
#: OpenStreetMap's `barrier` values of what stands in the way at a node.
BARRIERS: Final = frozenset(
    {
        *("gate", "lift_gate", "swing_gate", "bollard", "block", "cycle_barrier"),
        *("wall", "fence", "yes"),
    }
)
_NAMES: Final = (
    Column("name", Text(200), quoted=False),
    Column("name_en", Text(200), quoted=False),
)
_IS_URBAN: Final = Column("is_urban", Truth())
#: Widths of strips, cross-arms and dykes: nothing in the rules at hand is wider than this.
_STRIP: Final = Number(0, 500)

NODE: Final = LayerSpec(
    "node",
    guard.POINT,
    "node_key",
    (Column("barrier", Word(BARRIERS | {""})),),
    NetworkNode,
    Theme.ROADS,
)
SEGMENT: Final = LayerSpec(
    "segment",
    guard.LINE,
    "segment_key",
    (
        *_NAMES,
        Column("class", Word(ROAD_CLASSES), "road_class", needed=True),
        Column(
            "technical_class",
            Word(("", "expressway", "I", "II", "III", "IV", "V", "VI", "lane")),
        ),
        Column("width_m", Number(0.1, 200)),
        Column("from_node", Text(60)),
        Column("to_node", Text(60)),
        Column("level", Number(-10, 10, whole=True), needed=True),
        Column("one_way", Word(OneWay.values), needed=True),
        Column("access", Words(ACCESS)),
        Column("max_speed_kmh", Number(1, 150)),
        _IS_URBAN,
        Column("strip_m", _STRIP),
        Column("red_line_m", _STRIP),
        Column("planned_by", Text(40)),
    ),
    RoadSegment,
    Theme.ROADS,
)
POWER_LINE: Final = LayerSpec(
    "power_line",
    guard.LINE,
    "line_key",
    (
        *_NAMES,
        Column("voltage_kv", Number(0.05, 1200), needed=True),
        Column("conductor", Word(("", "bare", "covered"))),
        Column("placement", Word(("overhead", "duct", "buried", "underwater")), needed=True),
        Column("outer_conductor_m", _STRIP),
    ),
    PowerLine,
    Theme.POWER_LINES,
)
PIPELINE: Final = LayerSpec(
    "pipeline",
    guard.LINE,
    "pipe_key",
    (
        *_NAMES,
        Column("kind", Word(("water", "gas", "sewer")), needed=True),
        Column("diameter_mm", Number(1, 10_000)),
        Column("pressure_bar", Number(0, 1000)),
        Column("outer_m", _STRIP),
    ),
    Pipeline,
    Theme.PIPELINES,
)
WATER: Final = LayerSpec(
    "water",
    guard.SURFACE,
    "water_key",
    (
        *_NAMES,
        Column(
            "kind",
            # Empty: not known; its corridor is then in doubt, see docs/corridors.md.
            Word(("", "river", "stream", "canal", "lake", "pond", "reservoir", "lagoon")),
        ),
        Column("function", Word(("", "bank_stability", "water_quality", "culture", "drinking"))),
        _IS_URBAN,
        Column("bank", Word(("", "flat", "steep"))),
    ),
    WaterBody,
    Theme.WATER,
)
DYKE: Final = LayerSpec(
    "dyke",
    guard.LINE,
    "dyke_key",
    (
        *_NAMES,
        Column("kind", Word(("river", "estuary", "sea")), needed=True),
        Column("grade", Word(("", "special", "I", "II", "III", "IV", "V"))),
        Column("protected_side", Word(("", "left", "right"))),
        Column("foot_left_m", _STRIP),
        Column("foot_right_m", _STRIP),
        _IS_URBAN,
    ),
    Dyke,
    Theme.DYKES,
)
RAILWAY: Final = LayerSpec(
    "railway",
    guard.LINE,
    "rail_key",
    (
        *_NAMES,
        Column("kind", Word(("national", "urban", "industrial")), needed=True),
        Column("strip_m", _STRIP),
        _IS_URBAN,
    ),
    Railway,
    Theme.RAILWAYS,
)
CONTROL_LINE: Final = LayerSpec(
    "control_line",
    guard.SURFACE,
    "line_key",
    (
        *_NAMES,
        Column("kind", Word(ControlLineKind.values), needed=True),
        Column("plan_code", Text(40)),
        Column("decision_number", Text(60), needed=True),
        Column("decision_date", Day(), needed=True),
        Column("authority", Text(200), needed=True),
        Column("valid_from", Day(), needed=True),
        Column("valid_to", Day()),
    ),
    ControlLine,
    Theme.CONTROL_LINES,
)
LAYERS: Final = (NODE, SEGMENT, POWER_LINE, PIPELINE, WATER, DYKE, RAILWAY, CONTROL_LINE)


def read_networks(path: Path, log: IssueLog) -> FoundRows:
    """Return the checked layers of a network file.

    Raises Invalid `no_such_layers` when the file has none of them, `layer_missing` when nodes and
    segments do not come together, and what the reader and the checks of a layer raise.
    """
    found = sandbox.read_layers(path, [spec.wanted() for spec in (*LAYERS, COVERAGE)])
    if not found:
        raise Invalid("no_such_layers", layers=", ".join(spec.name for spec in LAYERS))
    if (NODE.name in found) != (SEGMENT.name in found):
        lacking = NODE if SEGMENT.name in found else SEGMENT
        raise Invalid("layer_missing", layer=lacking.name, layers=", ".join(found))
    checked = {
        spec.name: check_layer(found[spec.name], spec, log) for spec in LAYERS if spec.name in found
    }
    if SEGMENT.name in checked:
        checked[SEGMENT.name] = _on_their_nodes(checked[SEGMENT.name], checked[NODE.name], log)
    if CONTROL_LINE.name in checked:
        checked[CONTROL_LINE.name] = _lasting(checked[CONTROL_LINE.name], log)
    coverage = found.get(COVERAGE.name)
    return FoundRows(
        layers=list(checked.values()),
        epsg=next(iter(found.values())).header["epsg"],
        coverage=check_coverage(coverage, checked.values(), log) if coverage else None,
    )


def _on_their_nodes(segments: CheckedLayer, nodes: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the segments of one line each whose ends are at the nodes that they name."""
    lines, points = segments.shapes, nodes.shapes
    if lines is None or points is None:
        raise ValueError("segments and nodes have shapes")
    numbers = np.asarray(segments.features.column("row"))
    good = np.ones(len(lines), bool)
    several = shapely.get_num_geometries(lines) > 1
    note("segment_in_parts", SEGMENT, "", numbers[several], log)
    good &= ~several
    single = shapely.get_geometry(lines, 0)
    known = {key: at for at, key in enumerate(nodes.features.column("source_key").to_pylist())}
    for column, point_at in (("from_node", 0), ("to_node", -1)):
        keys = segments.features.column(column).to_pylist()
        named = np.array([key != "" for key in keys], bool)
        at = np.array([known.get(key, -1) for key in keys], np.int64)
        dangling = named & (at < 0)
        _refuse("node_unknown", column, dangling, keys, numbers, good, log)
        there = good & (at >= 0)
        away = np.zeros(len(lines), bool)
        ends = shapely.get_point(single[there], point_at)
        away[there] = shapely.distance(ends, points[at[there]]) > NODE_TOLERANCE_M
        _refuse("node_elsewhere", column, away, keys, numbers, good, log)
    return segments.keeping(good)


def _lasting(lines: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the control lines that hold for a day at least."""
    begins, ends = (lines.features.column(name).to_pylist() for name in ("valid_from", "valid_to"))
    bad = np.array([e is not None and e <= b for b, e in zip(begins, ends, strict=True)], bool)
    note("validity_empty", CONTROL_LINE, "valid_to", np.asarray(lines.features["row"])[bad], log)
    return lines.keeping(~bad)


def _refuse(
    code: str,
    column: str,
    bad: NDArray[np.bool_],
    keys: list[Any],
    numbers: NDArray[np.int64],
    good: NDArray[np.bool_],
    log: IssueLog,
) -> None:
    shown = [key for key, is_bad in zip(keys, bad, strict=True) if is_bad]
    note(code, SEGMENT, column, numbers[bad], log, shown)
    good &= ~bad
