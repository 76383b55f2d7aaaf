"""Taking in delivered objects of the ground: networks, facilities, sites, buildings, lines.

A delivery is all that one data set says of a layer. Rows come by COPY into a staging table and are
compared there, set against set; what differs is written in one revision: the row of before up to
the day of the data, the new one from that day on. The same delivery twice makes no revision. Rows
of other data sets are never touched.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely
from django.conf import settings
from django.db import connection, transaction

from landdata import crs
from landdata.errors import Forbidden, Invalid
from landdata.models import Revision, SourceFile
from landdata.operations import features_sql as sql
from landdata.operations.coverage import Declaration, verdict_on, write_declaration
from landdata.permissions import may_take_in_features

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from accounts.models import User
    from landdata.models import DeliveredFeature

#: More than this share of what stands leaving at once is more often a bad delivery than news.
GONE_WITHOUT_ASKING: Final = 0.01
_MULTI_OF: Final[dict[int, Callable[..., Any]]] = {
    1: shapely.multilinestrings,
    3: shapely.multipolygons,
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a data set says of one layer.

    `features` has `row` (the sender's), `source_key` and the columns of `model`, named as in its
    table; one that is not there has the field's default. `shapes` are checked, valid, in the
    storage system and in the order of the rows; None for a model without geometry. Rows that say
    themselves when they hold have `valid_from` and `valid_to`; the others hold from the day of the
    data. With `is_whole` False the delivery adds to what stands, and nothing of it is gone; nor is
    a row whose key, or the part of it before a dot, is `withheld`: it was sent and refused. With
    `is_the_file` a row speaks of the file itself, so that another file is other content.
    """

    model: type[DeliveredFeature]
    features: pa.Table
    shapes: NDArray[Any] | None = None
    is_whole: bool = True
    withheld: Collection[str] = ()
    is_the_file: bool = False

    @property
    def layer(self) -> str:
        """Name of the layer, for people: the model's."""
        return self.model.map_layer or str(self.model._meta.model_name)


@dataclass(frozen=True, slots=True)
class LayerIntake:
    """What became of the rows of a layer; `gone` stood before and is in the delivery no more."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class FeatureIntake:
    """What became of a delivery, layer by layer; no revision if it said what was known."""

    layers: tuple[LayerIntake, ...]
    coverage: LayerIntake
    revision: int | None = None
    source_file: SourceFile | None = None


class _NothingLeftError(Exception):
    """Somebody else brought the same meanwhile: takes the opened revision back."""


@transaction.atomic
def take_in_features(
    deliveries: Sequence[Delivery],
    *,
    source_file: SourceFile,
    by: User | None,
    on: dt.date,
    why: str,
    coverage: Sequence[Declaration] = (),
    accept_gone: bool = False,
    dry_run: bool = False,
) -> FeatureIntake:
    """Make what is known of each delivered layer equal to its delivery, in one revision or none.

    `source_file` is unsaved; its `data_date` is the day from which the delivery holds, its data
    set the one that speaks. `coverage` says how far the registers reach and becomes known in the
    same revision. `by` None is the operator at the machine itself; `on` is the day of the deed, on
    which a person has to be a data officer.

    Raises Forbidden; Invalid `too_many_features_gone` above one per cent of a layer unless
    `accept_gone`; Invalid `key_twice` when two rows of a layer share a key.
    """
    if by is not None and not may_take_in_features(by, on=on):
        raise Forbidden("take_in_features")
    for delivery in deliveries:
        _stage(delivery)
    seen = _newest_revision()
    intake = _compare(deliveries, coverage, source_file, accept_gone=accept_gone)
    if dry_run:
        transaction.set_rollback(True)
        return intake
    kept = _kept_source(source_file)
    if not _has_news(intake):
        return replace(intake, source_file=kept)
    try:
        with Revision.open(by=by, why=why, source_file=kept) as revision:
            if revision.number != seen + 1:
                # Somebody wrote while we compared: look again, now that nobody else can.
                intake = _compare(deliveries, coverage, kept, accept_gone=accept_gone)
                if not _has_news(intake):
                    raise _NothingLeftError
            for delivery in deliveries:
                _write(delivery, revision, kept)
            for declaration in coverage:
                if verdict_on(declaration, kept.dataset) != "unchanged":
                    write_declaration(revision, declaration, kept.dataset)
    except _NothingLeftError:
        return replace(intake, source_file=kept)
    return replace(intake, revision=revision.number, source_file=kept)


def _has_news(intake: FeatureIntake) -> bool:
    return any(
        found.new or found.changed or found.gone for found in (*intake.layers, intake.coverage)
    )


def _stage(delivery: Delivery) -> None:
    """COPY rows with both copies of their shape into a table of this transaction.

    Raises RuntimeError if PostgreSQL took another number of rows than were sent: it accepts a
    stream that was cut short.
    """
    table = sql.Target.of(delivery.model, delivery.features.column_names)
    keys = delivery.features.column("source_key")
    if len(pc.unique(keys)) < len(keys):
        counted = pc.value_counts(keys)
        twice = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")[0]
        raise Invalid("key_twice", layer=delivery.layer, key=twice.as_py())
    columns = {name: _column(delivery, table, name) for name in table.staged}
    if delivery.shapes is not None:
        shapes = _collected(delivery.shapes, table.wants_multi)
        if not shapely.is_valid(shapes).all():
            raise ValueError(f"a shape of {delivery.layer} was not checked")
        columns["shape"] = _hex(shapes, settings.STORAGE_SRID)
        if table.mercator:
            drawn = crs.transform(shapes, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
            columns["shape_3857"] = _hex(drawn, crs.WEB_MERCATOR)
    out = io.BytesIO()
    pyarrow.csv.write_csv(
        pa.table(columns),
        out,
        pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid"),
    )
    out.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(table.staging())
        cursor.copy_expert(table.copying(columns), out)
        if cursor.rowcount != len(keys):
            raise RuntimeError(f"{len(keys)} rows were sent, {cursor.rowcount} arrived")
        cursor.execute(f"ANALYZE {table.arriving}")


def _column(delivery: Delivery, table: sql.Target, name: str) -> Any:
    """Return a delivered column, or the field's default for every row."""
    if name in delivery.features.column_names:
        return delivery.features.column(name)
    default = table.default(name)
    return pa.array([default] * delivery.features.num_rows)


def _collected(shapes: NDArray[Any], wants_multi: bool) -> NDArray[Any]:
    """Return shapes as the table wants them: single ones become collections of one."""
    if not wants_multi:
        return shapes
    found = shapes.copy()
    for single, collect in _MULTI_OF.items():
        which = shapely.get_type_id(found) == single
        if which.any():
            found[which] = collect(found[which][:, np.newaxis])
    return found


def _hex(shapes: NDArray[Any], srid: int) -> pa.Array:
    """Return shapes as PostGIS reads them from a CSV."""
    marked = shapely.set_srid(shapes, srid)
    return pa.array(shapely.to_wkb(marked, hex=True, include_srid=True), pa.large_string())


def _compare(
    deliveries: Sequence[Delivery],
    coverage: Sequence[Declaration],
    source_file: SourceFile,
    *,
    accept_gone: bool,
) -> FeatureIntake:
    """Judge every row: new, changed, unchanged, or gone from the delivery.

    Raises Invalid `too_many_features_gone`.
    """
    layers = [_compare_layer(delivery, source_file) for delivery in deliveries]
    for delivery, found in zip(deliveries, layers, strict=True):
        standing = found.changed + found.unchanged + found.gone
        if not accept_gone and found.gone > GONE_WITHOUT_ASKING * standing:
            raise Invalid(
                "too_many_features_gone", layer=delivery.layer, gone=found.gone, standing=standing
            )
    verdicts = [verdict_on(declaration, source_file.dataset) for declaration in coverage]
    declared = LayerIntake(
        len(verdicts), *(verdicts.count(v) for v in ("new", "changed", "unchanged"))
    )
    return FeatureIntake(tuple(layers), declared)


def _compare_layer(delivery: Delivery, source_file: SourceFile) -> LayerIntake:
    table = sql.Target.of(delivery.model, delivery.features.column_names)
    values: dict[str, Any] = {
        "dataset": source_file.dataset.pk,
        "data_date": source_file.data_date,
        "is_whole": delivery.is_whole,
        "withheld": sorted(delivery.withheld),
        "is_the_file": delivery.is_the_file,
        "sha256": source_file.sha256,
    }
    with connection.cursor() as cursor:
        for statement in table.judging():
            cursor.execute(statement, values)
        cursor.execute(table.tally())
        counts: dict[str, int] = dict(cursor.fetchall())
    return LayerIntake(
        delivery.features.num_rows,
        *(counts.get(verdict, 0) for verdict in ("new", "changed", "unchanged", "gone")),
    )


def _write(delivery: Delivery, revision: Revision, source: SourceFile) -> None:
    table = sql.Target.of(delivery.model, delivery.features.column_names)
    values: dict[str, Any] = {
        "revision": revision.number,
        "data_date": source.data_date,
        "source": source.pk,
        "dataset": source.dataset.pk,
    }
    with connection.cursor() as cursor:
        for statement in table.writing():
            cursor.execute(statement, values)


def _kept_source(source_file: SourceFile) -> SourceFile:
    """Return the row for the same file received before under the same terms, or save this one."""
    known = SourceFile.objects.filter(
        dataset=source_file.dataset,
        sha256=source_file.sha256,
        epsg=source_file.epsg,
        datum_operation=source_file.datum_operation,
        data_date=source_file.data_date,
    ).first()
    if known is not None:
        return known
    source_file.save()
    return source_file


def _newest_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM landdata_revision")
        return int(cursor.fetchone()[0])
