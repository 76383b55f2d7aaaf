"""Building an extract: what is planned for a plot, from the rows around it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any, cast

import shapely
from django.conf import settings
from django.db import DatabaseError
from shapely.errors import ShapelyError

from landdata import crs
from landdata.database import savepoint
from landdata.errors import Invalid, Missing
from landdata.models import PARTITION_THEMES, GeometryState, Theme
from landdata.operations.reference import REORGANISATION
from planning import queries
from planning.corridors import govern
from planning.extract import rows
from planning.extract.layers import OBJECT_NAMES, TERRITORIES
from planning.extract.names import Known, Names, names_on, ward_name
from planning.extract.pieces import (
    Cell,
    Judge,
    is_within_tolerance,
    judge_annual,
    judge_plan,
    judge_restriction,
    judge_without_rules,
    partition,
)
from planning.extract.records import (
    Alias,
    Answer,
    CorridorReference,
    ItemReference,
    LandUse,
    LineReference,
    Notice,
    ParcelExtract,
    ParcelRecord,
    Piece,
    Reason,
    RegisterReference,
    ThemeAnswer,
    Twin,
)
from planning.extract.references import corridor_reference, day, plan_of_territory, zone_reference
from planning.extract.restrictions import NO_RULES, RuleBook, reach_m, rule_book
from planning.extract.shared import Plot, share_out
from planning.extract.sources import layers_of, needs_rules, register_rows, sources_of

if TYPE_CHECKING:
    import uuid

    from shapely.geometry.base import BaseGeometry

    from planning.extract.rows import PlotRow, Row, Surroundings
    from planning.extract.shared import Shared

logger = logging.getLogger(__name__)

#: Old numbers name wards by the codes of before the reorganisation, some of which were given out
#: again on its day.
BEFORE = REORGANISATION - dt.timedelta(days=1)

#: Registered and measured area may differ by this share before a reader is told. Our own choice,
#: no legal limit: both areas are always shown.
AREAS_DIFFER_SHARE = 0.05


def build_extract(
    parcel: uuid.UUID,
    *,
    as_of: dt.date,
    known_at: int | None = None,
    use_shares: bool = True,
) -> ParcelExtract:
    """Return what is planned for a parcel on a day, as known at a revision (default the newest).

    The same (parcel, as_of, known_at) always gives the same extract, whether the shares worked out
    beforehand are used or not. Raises Missing for a parcel that was not known then, Invalid for a
    revision that was not given out yet.
    """
    row = rows.plot_row(parcel, as_of=as_of, known_at=known_at)
    if row is None:
        raise Invalid("revision_unknown", known_at=known_at or 0)
    if row.id is None:
        raise Missing("parcel", uuid=str(parcel), known_at=row.revision)
    known = Known(row.revision, row.revision_made_at)
    boundary = shapely.from_wkb(bytes(row.boundary)) if row.boundary is not None else None
    ground = None
    if boundary is not None:
        ground = crs.transform(boundary, settings.STORAGE_EPSG, row.sheet_epsg)
    on_earth = _on_earth(ground, row.sheet_epsg) if ground is not None else None
    record = _parcel_record(row, ground, on_earth, known=known)
    unmeasurable = _unmeasurable(row)
    if ground is None or boundary is None or on_earth is None or unmeasurable is not None:
        reason = unmeasurable or Reason.PARCEL_WITHOUT_BOUNDARY
        whole = (_whole(ground, on_earth, reason),)
        themes = tuple(ThemeAnswer(theme, whole) for theme in Theme)
    else:
        plot = Plot(row, boundary, ground, on_earth, as_of)
        themes = _themes(plot, known, use_shares=use_shares)
    return ParcelExtract(
        parcel=record,
        as_of=as_of,
        known_at=row.revision,
        known_since=row.revision_made_at,
        themes=themes,
        notices=_notices(record, themes, as_of=as_of),
    )


def _themes(plot: Plot, known: Known, *, use_shares: bool) -> tuple[ThemeAnswer, ...]:
    book = _rules(plot, known)
    reaches = _reaches(plot, book, known) if book else {}
    values = rows.values_around(
        plot.row, plot.stored, as_of=plot.as_of, reach_m=reaches, use_shares=use_shares
    )
    unmeasured = frozenset(OBJECT_NAMES).difference(reaches)
    around = _surroundings(plot, values, failed=unmeasured)
    shared = share_out(plot, around, book or NO_RULES)
    return tuple(_theme(theme, plot, shared, book, known) for theme in Theme)


def _rules(plot: Plot, known: Known) -> RuleBook | None:
    """Return the rules of the day; None where they could not be read."""
    try:
        with savepoint(rows.PUBLIC):
            return rule_book(plot.as_of, known)
    except DatabaseError:
        logger.exception("rules for parcel %s could not be read", plot.row.uuid)
        return None


def _reaches(plot: Plot, book: RuleBook, known: Known) -> dict[str, float]:
    """Return how far to look for each kind of object, for those that could be asked."""
    found = {}
    for name in OBJECT_NAMES:
        try:
            with savepoint(rows.PUBLIC):
                found[name] = reach_m(name, book, known)
        except DatabaseError:
            logger.exception("reach of %s for parcel %s is not known", name, plot.row.uuid)
    return found


def _surroundings(plot: Plot, values: dict[str, Any], *, failed: frozenset[str]) -> Surroundings:
    """Return the rows near a plot; a layer that cannot be read takes down no other."""
    try:
        with savepoint(rows.PUBLIC):
            return rows.Surroundings(rows.rows_around(values), failed)
    except DatabaseError:
        logger.exception("surroundings of parcel %s could not be read at once", plot.row.uuid)
    found, missing = {}, set(failed)
    for layer in rows.LAYERS:
        try:
            with savepoint(rows.PUBLIC):
                found[layer] = rows.rows_of(layer, values)
        except DatabaseError:
            logger.exception("layer %s around parcel %s failed", layer, plot.row.uuid)
            missing.add(layer)
    return rows.Surroundings(found, frozenset(missing))


def _theme(
    theme: Theme, plot: Plot, shared: Shared, book: RuleBook | None, known: Known
) -> ThemeAnswer:
    """Return what a theme says, piece by piece; a source that fails makes it say so."""
    if shared.failed.intersection(layers_of(theme)) or (needs_rules(theme) and book is None):
        return ThemeAnswer(theme, (_whole(plot.ground, plot.on_earth, Reason.SOURCE_FAILED),))
    try:
        with savepoint(rows.PUBLIC):
            names = names_on(plot.as_of, known)
            sources = sources_of(theme, plot, shared, names)
            cells = partition(plot.ground, sources, _judge(theme, book))
            pieces = tuple(_piece(cell, finding, plot, names, book) for cell, finding in cells)
    except (DatabaseError, ShapelyError):
        logger.exception("theme %s of parcel %s could not be checked", theme, plot.row.uuid)
        return ThemeAnswer(theme, (_whole(plot.ground, plot.on_earth, Reason.SOURCE_FAILED),))
    registers = tuple(_register(row) for row in register_rows(theme, shared))
    return ThemeAnswer(theme, pieces, registers)


def _judge(theme: Theme, book: RuleBook | None) -> Judge:
    if theme in PARTITION_THEMES:
        return judge_plan
    if theme is Theme.ANNUAL_PLAN:
        return judge_annual
    if needs_rules(theme) and (book is None or theme not in book.themes):
        return judge_without_rules
    return judge_restriction


def _on_earth(shape: BaseGeometry, epsg: int) -> BaseGeometry:
    return cast("BaseGeometry", crs.transform(shape, epsg, crs.GEOGRAPHIC))


def _unmeasurable(row: PlotRow) -> Reason | None:
    if row.is_disputed:
        return Reason.PARCEL_DISPUTED
    return {
        GeometryState.INVALID: Reason.PARCEL_INVALID,
        GeometryState.MISSING: Reason.PARCEL_WITHOUT_BOUNDARY,
    }.get(GeometryState(row.geometry_state))


def _whole(ground: BaseGeometry | None, on_earth: BaseGeometry | None, reason: Reason) -> Piece:
    return Piece(
        answer=Answer.NOT_CHECKED,
        reason=reason,
        trouble="",
        area_m2=ground.area if ground is not None else None,
        share=1.0 if ground is not None else None,
        within_tolerance=False,
        boundary=on_earth,
    )


def _piece(
    cell: Cell,
    finding: tuple[Answer, Reason | None],
    plot: Plot,
    names: Names,
    book: RuleBook | None,
) -> Piece:
    answer, reason = finding
    applies = answer is Answer.APPLIES
    hits = [source.reference for source in cell.hits] if applies else []
    return Piece(
        answer=answer,
        reason=reason,
        trouble=cell.troubles[0].reference if cell.troubles else "",
        area_m2=cell.shape.area,
        share=cell.shape.area / plot.ground.area,
        within_tolerance=is_within_tolerance(cell.shape, plot.ground),
        boundary=plot.on_earth if cell.shape is plot.ground else _on_earth(cell.shape, plot.epsg),
        zones=tuple(zone_reference(s.reference, names) for s in cell.zones) if applies else (),
        plans=tuple(
            plan_of_territory(s.reference)
            for s in cell.territories
            if s.reference.layer == TERRITORIES.name
        ),
        items=tuple(hit for hit in hits if isinstance(hit, ItemReference)),
        lines=tuple(hit for hit in hits if isinstance(hit, LineReference)),
        corridors=_corridors(cell, answer, plot, book),
    )


def _corridors(
    cell: Cell, answer: Answer, plot: Plot, book: RuleBook | None
) -> tuple[CorridorReference, ...]:
    """Return the corridors on a cell, each with what goes before it; else those that may be."""
    piece = crs.transform(cell.shape, plot.epsg, settings.STORAGE_EPSG)
    if answer is Answer.NOT_CHECKED and not cell.troubles:
        return tuple(corridor_reference(source.reference, piece) for source in cell.doubts)
    own = [s.reference for s in cell.hits if not isinstance(s.reference, _NO_CORRIDORS)]
    if answer is not Answer.APPLIES or not own or book is None:
        return ()
    before = [source.reference for source in cell.governors]
    governed = govern([*own, *before], book.priorities, on=plot.as_of, piece=piece)
    return tuple(
        corridor_reference(
            one.corridor,
            piece,
            superseded_by=one.superseded_by.rule.id if one.superseded_by else "",
        )
        for one in governed
        if any(one.corridor is corridor for corridor in own)
    )


_NO_CORRIDORS = (ItemReference, LineReference)


def _register(row: Row) -> RegisterReference:
    declared = row.values
    data_date = day(declared["data_date"])
    assert data_date is not None  # noqa: S101 - the column is not null
    return RegisterReference(
        title_vi=declared["title_vi"],
        title_en=declared["title_en"],
        is_complete=declared["is_complete"],
        data_date=data_date,
    )


def _parcel_record(
    row: PlotRow, ground: BaseGeometry | None, on_earth: BaseGeometry | None, *, known: Known
) -> ParcelRecord:
    names = names_on(row.valid_from, known)
    unit = ward_name(row.unit_code, row.valid_from, known)
    others = []
    if row.is_disputed:
        others = queries.twins(
            uuid=row.uuid,
            sheet_id=row.sheet_id,
            number=row.number,
            on=row.valid_from,
            known_at=known.number,
        )
    return ParcelRecord(
        uuid=row.uuid,
        national_id=row.national_id,
        unit_code=row.unit_code,
        unit_name=unit.vi,
        unit_name_en=unit.en,
        sheet_number=row.sheet_number,
        sheet_scale=row.sheet_scale,
        sheet_epsg=row.sheet_epsg,
        number=row.number,
        address=row.address,
        legal_area_m2=row.legal_area_m2,
        measured_area_m2=ground.area if ground is not None else None,
        geometry_state=row.geometry_state,
        is_disputed=row.is_disputed,
        disputed_with=tuple(
            Twin(t.uuid, t.sheet_number, t.number, t.legal_area_m2) for t in others
        ),
        land_uses=tuple(
            LandUse(
                code,
                names.land_use(code).vi,
                names.land_use(code).en,
                None if area is None else queries.square_metres(area),
            )
            for code, area in row.land_uses or ()
        ),
        boundary=on_earth,
        data_date=row.data_date,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source_name=row.source_name,
        source_row=row.source_row,
        source_sha256=row.source_sha256,
        accuracy_m=row.accuracy_m,
        aliases=tuple(
            Alias(code, ward_name(code, BEFORE, known).vi if code else "", sheet, number)
            for code, sheet, number in row.aliases or ()
        ),
    )


def _notices(
    parcel: ParcelRecord,
    themes: tuple[ThemeAnswer, ...],
    *,
    as_of: dt.date,
) -> tuple[Notice, ...]:
    """Return what a reader has to know, most important first."""
    registered, measured = parcel.legal_area_m2, parcel.measured_area_m2
    differ = (
        registered is not None
        and measured is not None
        and abs(float(registered) - measured) > AREAS_DIFFER_SHARE * measured
    )
    states = {i.effect.state for t in themes for p in t.pieces for i in p.items}
    told = {
        Notice.PARCEL_DISPUTED: parcel.is_disputed,
        Notice.PARCEL_RETIRED: parcel.valid_to is not None and parcel.valid_to <= as_of,
        Notice.BOUNDARY_OF_ANOTHER_DAY: as_of < parcel.valid_from,
        Notice.RECOVERY_DECIDED: "recovery_decided" in states,
        Notice.RECOVERY_OVERDUE: "two_years_passed" in states,
        Notice.RECOVERY_LISTED: "listed" in states,
        Notice.SAME_LEVEL_CONFLICT: any(p.conflict for t in themes for p in t.pieces),
        Notice.AREAS_DIFFER: differ,
        Notice.REFERENCE_ONLY: True,
    }
    return tuple(notice for notice, holds in told.items() if holds)
