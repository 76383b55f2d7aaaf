"""Features as rows of a table: CSV (RFC 4180) that Excel opens with Vietnamese letters whole."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from tileserver.features.systems import System, geometry_sql
from tileserver.layer import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tileserver.features.sql import Source
    from tileserver.layer import Attribute, Layer

BYTE_ORDER_MARK = "\ufeff"
#: Name of the column that holds the feature's id, and of the one that holds its shape as WKT.
ID, WKT = "id", "wkt"
#: A spreadsheet takes a text that begins so for a formula and carries it out.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_A_PIECE = 200


def columns(system: System, *, with_shape: bool) -> Callable[[Source], list[str]]:
    """Return what a row is selected as: identity, attributes, the shape as WKT in the system."""

    def select(source: Source) -> list[str]:
        layer = source.query.layer
        shape = geometry_sql(layer, system.epsg)
        if system.north_first:
            shape = f"ST_FlipCoordinates({shape})"
        values = [source.fill(a.sql) for a in chosen(layer, source.query.attributes)]
        last = [f"ST_AsText({shape}, {system.digits})"] if with_shape else []
        return [layer.identity.sql, *values, *last]

    return select


def chosen(layer: Layer, names: tuple[str, ...] | None) -> list[Attribute]:
    """Return the attributes that go out."""
    return [a for a in layer.attributes if names is None or a.name in names]


def lines(
    layer: Layer, rows: Iterable[tuple[Any, ...]], attributes: list[Attribute], *, with_shape: bool
) -> Iterator[str]:
    """Yield the text of the table, many rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    head = [ID, *(a.name for a in attributes), *([WKT] if with_shape else [])]
    writer.writerow(head)
    texts = [True, *(a.kind is Kind.TEXT for a in attributes), *([False] if with_shape else [])]
    yield BYTE_ORDER_MARK
    for count, row in enumerate(rows, 1):
        named = (f"{layer.id}.{row[0]}", *row[1:])
        writer.writerow(
            [_cell(value, is_text) for value, is_text in zip(named, texts, strict=True)]
        )
        if count % _ROWS_A_PIECE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(value: Any, is_text: bool) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_text and str(value).startswith(_FORMULA):
        return f"'{value}"
    return value
