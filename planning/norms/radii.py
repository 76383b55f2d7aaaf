"""How far each row of `service_radii.csv` lets a service be, and under which circumstances.

`service_measures.csv` says where in the tables a figure stands; none is written twice. A figure
that does not stand where it should raises ValueError: a row is never passed over.

`circumstance` holds words of `circumstances.WORDS`. `figure` is one of

- `max_radius_m`, the column of the row;
- `note:complex`, `applies_to:elsewhere`, `applies_to:mountain`, `provision:spacing`, in the text;
- `norms:existing`, the row's radius times the figure of planning_norms.csv for existing areas;
- `<one of these>*norms:existing`;
- `<id>/<figure>`, of another row;
- `at_least <figure>`: not less than this, and how much more nobody says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from planning.norms.circumstances import WORDS
from planning.norms.services import holds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from planning.norms.records import Norm

Measured = Literal["straight", "walk", "spacing", "none"]

#: Row of planning_norms.csv with how much farther services may be in existing areas.
EXISTING: Final = ("existing areas", "service radius may be at most")
QUANTITIES: Final = frozenset(
    [
        *("", "per_1000", "per_unit", "per_commune"),
        *("m2_person", "by_people", "by_kind", "by_city_class"),
    ]
)
_MEASURED: Final = frozenset(["straight", "walk", "spacing", "none"])
_IN_TEXT: Final = {
    "note:complex": ("note", re.compile(r"<= (\d+) m in complex terrain")),
    "applies_to:elsewhere": ("applies_to", re.compile(r"(\d+) m elsewhere")),
    "applies_to:mountain": ("applies_to", re.compile(r"(\d+) m in mountain")),
    "provision:spacing": ("min_provision", re.compile(r"spacing <= (\d+) m")),
}
_AT_LEAST: Final = "at_least "
_TIMES: Final = "*norms:existing"
_HECTARES: Final = re.compile(r">= (\d+(?:\.\d+)?) ha")
_M2: Final = re.compile(r"(\d+(?:\.\d+)?) m2")
_M2_OF_HECTARE: Final = 10_000.0


@dataclass(frozen=True)
class Radius:
    """How far a service may be under some circumstances."""

    circumstance: frozenset[str]
    #: None where the norm gives no distance.
    limit_m: float | None
    #: The limit is not less than this; how much more is not said.
    is_at_least: bool
    measured: Measured
    source: str
    note: str


@dataclass(frozen=True)
class Service:
    """A row of the table, in its own words, with how it is measured."""

    id: str
    facility: str
    level: str
    provision: str
    land: str
    applies_to: str
    source: str
    in_force: str
    confidence: str
    note: str
    #: How provision is counted: one of QUANTITIES.
    quantity: str
    #: Least size of a facility that meets the row.
    least_m2: float | None
    radii: tuple[Radius, ...]

    def holds_on(self, day: dt.date) -> bool:
        """Say whether the row holds on a day."""
        return holds(self.in_force, day)

    @property
    def distances(self) -> tuple[Radius, ...]:
        """What it says of the distance to a facility."""
        return tuple(one for one in self.radii if one.measured in ("straight", "walk"))

    @property
    def spacing(self) -> Radius | None:
        """What it says of the distance from one facility to the next."""
        return next((one for one in self.radii if one.measured == "spacing"), None)


def read_services(
    rows: Sequence[Mapping[str, str]],
    measures: Iterable[Mapping[str, str]],
    norms: Sequence[Norm],
) -> tuple[Service, ...]:
    """Return every row of the table with its measures, in the order of the table."""
    by_id = {row["id"]: row for row in rows}
    wider = [norm for norm in norms if (norm.topic, norm.key) == EXISTING]
    if len(wider) != 1:
        raise ValueError(f"planning_norms.csv has {len(wider)} rows of {EXISTING}")
    said: dict[str, list[Mapping[str, str]]] = {}
    for measure in measures:
        if measure["id"] not in by_id:
            raise ValueError(f"service_measures.csv speaks of {measure['id']!r}, which is no row")
        said.setdefault(measure["id"], []).append(measure)
    if missing := by_id.keys() - said.keys():
        raise ValueError(f"service_measures.csv says nothing of {sorted(missing)}")
    figures = _Figures(by_id, float(wider[0].value))
    return tuple(_service(row, said[row["id"]], figures) for row in rows)


def _service(
    row: Mapping[str, str], said: Sequence[Mapping[str, str]], figures: _Figures
) -> Service:
    return Service(
        id=row["id"],
        facility=row["facility"],
        level=row["level"],
        provision=row["min_provision"],
        land=row["min_land"],
        applies_to=row["applies_to"],
        source=row["source"],
        in_force=row["in_force"],
        confidence=row["confidence"],
        note=row["note"],
        quantity=_one_of(QUANTITIES, said[0]["quantity"]),
        least_m2=_least(row, said[0]["least"]),
        radii=tuple(_radius(row, measure, figures) for measure in said),
    )


def _radius(row: Mapping[str, str], said: Mapping[str, str], figures: _Figures) -> Radius:
    measured = cast("Measured", _one_of(_MEASURED, said["measured"]))
    figure = said["figure"].removeprefix(_AT_LEAST)
    if bool(figure) == (measured == "none"):
        raise ValueError(f"{row['id']}: measured {measured} and figure {figure!r} do not agree")
    words = frozenset(said["circumstance"].split()) - {"any"}
    if unknown := words - WORDS.keys():
        raise ValueError(f"{row['id']}: nobody knows the circumstance {sorted(unknown)}")
    return Radius(
        circumstance=words,
        limit_m=figures.of(row["id"], figure) if figure else None,
        is_at_least=said["figure"].startswith(_AT_LEAST),
        measured=measured,
        source=said["source"],
        note=said["note"],
    )


@dataclass(frozen=True)
class _Figures:
    rows: Mapping[str, Mapping[str, str]]
    #: How many times as far services may be in existing areas.
    existing: float

    def of(self, row_id: str, figure: str) -> float:
        """Return the figure that stands where `figure` says."""
        if figure.endswith(_TIMES):
            return self.of(row_id, figure.removesuffix(_TIMES)) * self.existing
        if "/" in figure:
            return self.of(*figure.split("/", maxsplit=1))
        if figure == "norms:existing":
            return self.of(row_id, "max_radius_m") * self.existing
        if row_id not in self.rows:
            raise ValueError(f"{figure}: there is no row {row_id!r}")
        row = self.rows[row_id]
        if figure == "max_radius_m":
            return float(row[figure])
        if figure not in _IN_TEXT:
            raise ValueError(f"{row_id}: cannot read the figure {figure!r}")
        column, pattern = _IN_TEXT[figure]
        return _found(pattern, row[column])


def _least(row: Mapping[str, str], said: str) -> float | None:
    if not said:
        return None
    if said == "facility:ha":
        return _found(_HECTARES, row["facility"]) * _M2_OF_HECTARE
    if said == "min_land":
        return _found(_M2, row["min_land"])
    raise ValueError(f"{row['id']}: cannot read the least size {said!r}")


def _found(pattern: re.Pattern[str], text: str) -> float:
    found = pattern.search(text)
    if found is None:
        raise ValueError(f"a norm is not written as expected: {text!r}, not {pattern.pattern!r}")
    return float(found[1])


def _one_of(words: frozenset[str], said: str) -> str:
    if said not in words:
        raise ValueError(f"service_measures.csv says {said!r}, which is none of {sorted(words)}")
    return said
