"""What each theme's answer rests on, from what is shared with the plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landdata.models import PARTITION_THEMES, Theme
from planning.annual import ItemState, ListedYear, effect_of
from planning.extract import rows
from planning.extract.pieces import Source, ThemeSources
from planning.extract.references import item_reference, line_reference
from planning.extract.shared import CERTAIN, UNCERTAIN
from planning.models import THEME_OF_LEVEL

if TYPE_CHECKING:
    from planning.annual import ItemEffect
    from planning.extract.names import Names
    from planning.extract.records import ItemReference
    from planning.extract.rows import ItemYear, Row
    from planning.extract.shared import Plot, Shared

_THEME_OF_LEVEL: dict[str, Theme] = {str(k): v for k, v in THEME_OF_LEVEL.items()}
#: Layers that the answer of every theme rests on.
_SHARED = ("registers", "troubles")
_OBJECT_OF_THEME = {
    Theme.POWER_LINES: "power_line",
    Theme.PIPELINES: "pipeline",
    Theme.ROADS: "road",
    Theme.RAILWAYS: "railway",
    Theme.DYKES: "dyke",
    Theme.WATER: "water",
    Theme.HAZARD_SITES: "hazard_site",
    Theme.PROTECTED_SITES: "protected_site",
}
_LAYERS_OF_THEME: dict[Theme, tuple[str, ...]] = {
    **dict.fromkeys(PARTITION_THEMES, ("zones", "territories")),
    Theme.ANNUAL_PLAN: ("annual_plans", "items"),
    Theme.CONTROL_LINES: ("control_lines",),
    **{theme: (name,) for theme, name in _OBJECT_OF_THEME.items()},
}
#: Whose corridors can go before a road's (Law on Roads 35/2024/QH15 art. 15).
_GOVERNORS = ("railway", "dyke")


def layers_of(theme: Theme) -> tuple[str, ...]:
    """Return the layers without which nothing can be said of a theme."""
    return (*_LAYERS_OF_THEME[theme], *_SHARED)


def needs_rules(theme: Theme) -> bool:
    """Whether the theme's answer rests on rules about objects."""
    return theme in _OBJECT_OF_THEME


def sources_of(theme: Theme, plot: Plot, shared: Shared, names: Names) -> ThemeSources:
    """Return what the answer of a theme rests on. Raises DatabaseError."""
    registers = _of_theme(shared, "registers", theme, "is_complete")
    troubles = _of_theme(shared, "troubles", theme, "trouble")
    if theme in PARTITION_THEMES:
        return ThemeSources(
            zones=shared.sources(_at_level(shared, "zones", theme)),
            territories=shared.sources(_at_level(shared, "territories", theme)),
            registers=registers,
            troubles=troubles,
        )
    if theme is Theme.ANNUAL_PLAN:
        return ThemeSources(
            territories=shared.sources(_rows(shared, "annual_plans")),
            hits=_items(plot, shared, names),
            registers=registers,
            troubles=troubles,
        )
    if theme is Theme.CONTROL_LINES:
        lines = shared.sources(_rows(shared, "control_lines"))
        hits: list[Source[Any]] = [Source(s.shape, line_reference(s.reference)) for s in lines]
        return ThemeSources(hits=hits, registers=registers, troubles=troubles)
    layer = _OBJECT_OF_THEME[theme]
    governors = _GOVERNORS if theme is Theme.ROADS else ()
    return ThemeSources(
        hits=shared.corridor_sources(layer, CERTAIN),
        doubts=shared.corridor_sources(layer, UNCERTAIN),
        governors=[s for name in governors for s in shared.corridor_sources(name, CERTAIN)],
        registers=registers,
        troubles=troubles,
    )


def register_rows(theme: Theme, shared: Shared) -> list[Row]:
    """Return the declarations about a theme's register on the plot."""
    near = [row for row in _rows(shared, "registers") if row.values["theme"] == theme]
    return [source.reference for source in shared.sources(near)]


def _rows(shared: Shared, layer: str) -> list[Row]:
    return list(shared.around.rows.get(layer, ()))


def _of_theme(shared: Shared, layer: str, theme: Theme, said: str) -> list[Source[Any]]:
    near = [row for row in _rows(shared, layer) if row.values["theme"] == theme]
    return [Source(s.shape, s.reference.values[said]) for s in shared.sources(near)]


def _at_level(shared: Shared, layer: str, theme: Theme) -> list[Row]:
    return [row for row in _rows(shared, layer) if _THEME_OF_LEVEL[row.values["level"]] is theme]


def _items(plot: Plot, shared: Shared, names: Names) -> list[Source[ItemReference]]:
    """Return the projects that name the plot, or whose boundary reaches it."""
    near = _rows(shared, "items")
    if not near:
        return []
    naming = rows.items_naming(plot.row)
    reaching = {source.reference.id: source.shape for source in shared.sources(near)}
    years: dict[str, list[ItemYear]] = {}
    for year in rows.item_years(
        (row.values["item_key"] for row in near), known_at=plot.row.revision
    ):
        years.setdefault(year.item_key, []).append(year)
    found = []
    for row in near:
        shape = plot.ground if row.id in naming else reaching.get(row.id)
        if shape is None:
            continue
        history = years[row.values["item_key"]]
        effect = effect_of([_listed_year(year) for year in history], plot.as_of)
        this = next(year for year in history if year.item_id == row.id)
        if not _speaks(this, history, effect, plot):
            continue
        reference = item_reference(row, this, effect, names, names_the_plot=row.id in naming)
        found.append(Source(shape, reference))
    return found


def _speaks(this: ItemYear, history: list[ItemYear], effect: ItemEffect, plot: Plot) -> bool:
    """Whether a year's row stands for its project: that of the day, else the last one decided."""
    if this.year == plot.as_of.year:
        return True
    told = max(year.year for year in history if year.year <= plot.as_of.year)
    return effect.state is ItemState.RECOVERY_DECIDED and this.year == told


def _listed_year(row: ItemYear) -> ListedYear:
    return ListedYear(
        year=row.year,
        status=row.status,
        kind=row.kind,
        first_listed_year=row.first_listed_year,
        decision_number=row.decision_number,
        decision_date=row.decision_date,
    )
