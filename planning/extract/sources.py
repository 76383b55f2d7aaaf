"""From rows near a plot to what each theme's answer rests on, clipped to the plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from django.conf import settings

from landdata import crs
from landdata.models import PARTITION_THEMES, Theme
from planning.annual import ListedYear, effect_of
from planning.extract import rows
from planning.extract.pieces import Source, ThemeSources, clip, clipped
from planning.extract.references import item_reference, line_reference
from planning.extract.restrictions import corridors_of
from planning.models import THEME_OF_LEVEL

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.extract.names import Names
    from planning.extract.records import ItemReference
    from planning.extract.restrictions import Reaching, RuleBook
    from planning.extract.rows import ItemYear, PlotRow, Row, Surroundings

_THEME_OF_LEVEL: dict[str, Theme] = {str(k): v for k, v in THEME_OF_LEVEL.items()}
#: Layers that the answer of every theme rests on.
_SHARED = ("registers", "troubles")
_LAYERS_OF_THEME: dict[Theme, tuple[str, ...]] = {
    **dict.fromkeys(PARTITION_THEMES, ("zones", "territories")),
    Theme.ANNUAL_PLAN: ("annual_plans", "items"),
    Theme.CONTROL_LINES: ("control_lines",),
    Theme.POWER_LINES: ("power_line",),
    Theme.PIPELINES: ("pipeline",),
    Theme.ROADS: ("road",),
    Theme.RAILWAYS: ("railway",),
    Theme.DYKES: ("dyke",),
    Theme.WATER: ("water",),
    Theme.HAZARD_SITES: ("hazard_site",),
    Theme.PROTECTED_SITES: ("protected_site",),
}


def layers_of(theme: Theme) -> tuple[str, ...]:
    """Return the layers without which nothing can be said of a theme."""
    return (*_LAYERS_OF_THEME[theme], *_SHARED)


@dataclass(frozen=True)
class Plot:
    """A plot that can be measured: its row, and its ground in the zone of its sheet."""

    row: PlotRow
    ground: BaseGeometry
    #: The same ground as (lon, lat) on WGS 84.
    on_earth: BaseGeometry
    as_of: dt.date

    @property
    def epsg(self) -> int:
        """The zone in which everything is cut and measured."""
        return self.row.sheet_epsg


def sources_of(
    theme: Theme, plot: Plot, around: Surroundings, book: RuleBook, names: Names
) -> ThemeSources:
    """Return what the answer of a theme rests on. Raises DatabaseError, ShapelyError."""
    registers = _of_theme(plot, around, "registers", theme, "is_complete")
    troubles = _of_theme(plot, around, "troubles", theme, "trouble")
    if theme in PARTITION_THEMES:
        return ThemeSources(
            zones=_zones(plot, _at_level(around, "zones", theme)),
            territories=_clipped(plot, _at_level(around, "territories", theme)),
            registers=registers,
            troubles=troubles,
        )
    if theme is Theme.ANNUAL_PLAN:
        return ThemeSources(
            territories=_clipped(plot, around.rows.get("annual_plans", ())),
            hits=_items(plot, around.rows.get("items", ()), names),
            registers=registers,
            troubles=troubles,
        )
    if theme is Theme.CONTROL_LINES:
        lines = _clipped(plot, around.rows.get("control_lines", ()))
        hits: Sequence[Source[Any]] = [Source(s.shape, line_reference(s.reference)) for s in lines]
        return ThemeSources(hits=hits, registers=registers, troubles=troubles)
    near = _corridors(plot, around, _LAYERS_OF_THEME[theme], book)
    return ThemeSources(
        hits=_parts(plot, near, "certain"),
        doubts=_parts(plot, near, "uncertain"),
        governors=_governors(plot, around, book) if theme is Theme.ROADS else (),
        registers=registers,
        troubles=troubles,
    )


def register_rows(theme: Theme, around: Surroundings) -> list[Row]:
    """Return the declarations about a theme's register near the plot."""
    return [row for row in around.rows.get("registers", ()) if row.values["theme"] == theme]


def _of_theme(
    plot: Plot, around: Surroundings, layer: str, theme: Theme, said: str
) -> list[Source[Any]]:
    near = [row for row in around.rows.get(layer, ()) if row.values["theme"] == theme]
    return [Source(s.shape, s.reference.values[said]) for s in _clipped(plot, near)]


def _at_level(around: Surroundings, layer: str, theme: Theme) -> list[Row]:
    return [
        row for row in around.rows.get(layer, ()) if _THEME_OF_LEVEL[row.values["level"]] is theme
    ]


def _clipped(plot: Plot, near: Iterable[Row]) -> list[Source[Row]]:
    shaped = ((row, rows.shape_of(row)) for row in near)
    return clipped(
        plot.ground,
        [Source(_in_sheet_zone(shape, plot), row) for row, shape in shaped if shape is not None],
    )


def _in_sheet_zone(shape: BaseGeometry, plot: Plot) -> BaseGeometry:
    """Everything is cut and measured in the zone in which the sheet was drawn."""
    return cast("BaseGeometry", crs.transform(shape, settings.STORAGE_EPSG, plot.epsg))


def _zones(plot: Plot, near: Iterable[Row]) -> list[Source[Row]]:
    """Return the zones in the order of their rows, whether their share was stored or is new."""
    found: dict[int, Source[Row]] = {}
    fresh = []
    for row in near:
        if not row.is_share:
            fresh.append(row)
        elif row.shape is None:
            found[row.id] = Source(plot.ground, row)
        else:
            found[row.id] = Source(shapely.from_wkb(bytes(row.shape)), row)
    found.update((source.reference.id, source) for source in _clipped(plot, fresh))
    # Plans in the order of their codes are the order that an answer names them in.
    return [found[id] for id in sorted(found)]


def _items(plot: Plot, near: Iterable[Row], names: Names) -> list[Source[ItemReference]]:
    """Return the projects that name the plot, or whose boundary reaches it."""
    listed = list(near)
    if not listed:
        return []
    naming = rows.items_naming(plot.row)
    shared = {source.reference.id: source.shape for source in _clipped(plot, listed)}
    years: dict[str, list[ItemYear]] = {}
    for year in rows.item_years(
        (row.values["item_key"] for row in listed), known_at=plot.row.revision
    ):
        years.setdefault(year.item_key, []).append(year)
    found = []
    for row in listed:
        shape = plot.ground if row.id in naming else shared.get(row.id)
        if shape is None:
            continue
        history = years[row.values["item_key"]]
        effect = effect_of([_listed_year(year) for year in history], plot.as_of)
        this = next(year for year in history if year.item_id == row.id)
        reference = item_reference(row, this, effect, names, names_the_plot=row.id in naming)
        found.append(Source(shape, reference))
    return found


def _listed_year(row: ItemYear) -> ListedYear:
    return ListedYear(
        year=row.year,
        status=row.status,
        kind=row.kind,
        first_listed_year=row.first_listed_year,
        decision_number=row.decision_number,
        decision_date=row.decision_date,
    )


def _corridors(
    plot: Plot, around: Surroundings, layers: Iterable[str], book: RuleBook
) -> list[Reaching]:
    return [
        reaching
        for layer in layers
        for row in around.rows.get(layer, ())
        for reaching in corridors_of(row, book, epsg=plot.epsg)
    ]


def _parts(plot: Plot, near: Sequence[Reaching], part: str) -> list[Source[Any]]:
    """Return the certain or the uncertain ground of corridors, clipped to the plot."""
    if not near:
        return []
    shapes = np.array([getattr(reaching, part) for reaching in near], dtype=object)
    shared, _ = clip(np.full(len(near), plot.ground, dtype=object), shapes)
    return [
        Source(shape, reaching.corridor)
        for shape, reaching in zip(shared, near, strict=True)
        if shape is not None
    ]


def _governors(plot: Plot, around: Surroundings, book: RuleBook) -> list[Source[Any]]:
    """Return the corridors that can go before a road's: railways and dykes."""
    return _parts(plot, _corridors(plot, around, ("railway", "dyke"), book), "certain")
