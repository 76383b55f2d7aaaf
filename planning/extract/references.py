"""From rows near a plot to what an extract names."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from planning.corridors import figure_m
from planning.extract.names import plan_version
from planning.extract.records import (
    CorridorReference,
    ItemReference,
    LineReference,
    PlanReference,
    ZoneReference,
)

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from planning.annual import ItemEffect
    from planning.corridors.records import Corridor
    from planning.extract.names import Names
    from planning.extract.rows import ItemYear, Row


def day(text: str | None) -> dt.date | None:
    """Return a day as JSON writes it."""
    return None if text is None else dt.date.fromisoformat(text)


def zone_reference(row: Row, names: Names) -> ZoneReference:
    """Return the zone of a row of the layer `zones`."""
    zone = row.values
    function = names.function(zone["function"])
    return ZoneReference(
        uid=UUID(zone["uid"]),
        label=zone["label"],
        function=zone["function"],
        function_name_vi=function.vi,
        function_name_en=function.en,
        colour=function.colour,
        land_use_code=zone["land_use_code"],
        density=zone["density"],
        storeys=zone["storeys"],
        floor_area_ratio=zone["floor_area_ratio"],
        plan=_plan_reference(zone["introduced_by_id"], zone),
    )


def plan_of_territory(row: Row) -> PlanReference:
    """Return the plan of a row of the layer `territories`."""
    return _plan_reference(row.values["version_id"], row.values)


def _plan_reference(version_id: int, held: dict[str, Any]) -> PlanReference:
    version = plan_version(version_id)
    return PlanReference(
        code=version.plan_code,
        name_vi=version.name_vi,
        name_en=version.name_en,
        level=version.level,
        scale=version.scale,
        decision_number=version.decision_number,
        decision_date=version.decision_date,
        authority=version.authority,
        valid_from=dt.date.fromisoformat(held["valid_from"]),
        valid_to=day(held["valid_to"]),
        data_date=version.data_date,
        accuracy_m=version.accuracy_m,
    )


def line_reference(row: Row) -> LineReference:
    """Return the line of a row of the layer `control_lines`."""
    line = row.values
    return LineReference(
        key=line["source_key"],
        kind=line["kind"],
        name_vi=line["name"],
        name_en=line["name_en"],
        plan_code=line["plan_code"],
        decision_number=line["decision_number"],
        decision_date=dt.date.fromisoformat(line["decision_date"]),
        authority=line["authority"],
        valid_from=dt.date.fromisoformat(line["valid_from"]),
        valid_to=day(line["valid_to"]),
    )


def item_reference(
    row: Row, listed: ItemYear, effect: ItemEffect, names: Names, *, names_the_plot: bool
) -> ItemReference:
    """Return the project of a row of the layer `items`, as the plan of that year lists it."""
    item = row.values
    purpose = names.land_use(item["purpose"])
    area = item["area_m2"]
    return ItemReference(
        key=item["item_key"],
        name_vi=item["name_vi"],
        name_en=item["name_en"],
        kind=item["kind"],
        purpose=item["purpose"],
        purpose_name_vi=purpose.vi,
        purpose_name_en=purpose.en,
        area_m2=None if area is None else Decimal(str(area)),
        first_listed_year=item["first_listed_year"],
        effect=effect,
        plan_code=item["annual_plan_code"],
        plan_name_vi=listed.plan_name_vi,
        plan_name_en=listed.plan_name_en,
        plan_year=listed.year,
        authority=listed.authority,
        decision_number=listed.plan_decision_number,
        decision_date=listed.plan_decision_date,
        names_the_plot=names_the_plot,
    )


def corridor_reference(
    corridor: Corridor, piece: BaseGeometry, *, superseded_by: str = ""
) -> CorridorReference:
    """Return what an extract says of a corridor on a piece of ground in the storage system."""
    rule, source = corridor.rule, corridor.source
    return CorridorReference(
        rule=rule.id,
        source_key=source.key,
        source_name=source.name,
        source_name_en=source.name_en,
        object_vi=rule.name_vi,
        object_en=rule.name_en,
        distance_m=figure_m(corridor, piece),
        measured_from="" if rule.reference is None else str(rule.reference),
        effect=str(rule.effect),
        condition_vi=rule.condition_vi,
        condition_en=rule.condition_en,
        restricts=tuple(map(str, rule.restricts)),
        legal_source=rule.legal_source,
        confidence=rule.confidence,
        note=rule.note,
        doubts=corridor.doubts,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        superseded_by=superseded_by,
    )
