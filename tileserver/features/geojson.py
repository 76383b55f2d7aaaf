"""Features as GeoJSON (RFC 7946), each row written whole by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tileserver.features.systems import System, geometry_sql
from tileserver.layer import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tileserver.features.sql import Source
    from tileserver.layer import Attribute

#: Kinds whose text in PostgreSQL is already JSON.
_BARE = frozenset((Kind.INTEGER, Kind.NUMBER, Kind.TRUTH))


def one_column(
    system: System, *, shapes: bool = True, in_own_order: bool = False
) -> Callable[[Source], list[str]]:
    """Return what makes a row one text: a Feature with its coordinates east before north.

    `in_own_order` writes them in the order of the system's axes instead, as those do who agreed on
    another system (RFC 7946, 4; OGC 18-058r1, 6.4).
    """
    return lambda source: [feature_sql(source, system, shapes=shapes, in_own_order=in_own_order)]


def feature_sql(
    source: Source, system: System, *, shapes: bool = True, in_own_order: bool = False
) -> str:
    """Return the SQL of a row as the text of a GeoJSON Feature."""
    layer = source.query.layer
    wanted = source.query.attributes
    chosen = [a for a in layer.attributes if wanted is None or a.name in wanted]
    shape = "'null'"
    if shapes:
        # Without the last 0 PostGIS would look for the authority of our own systems and fail.
        geometry = geometry_sql(layer, system.epsg)
        if in_own_order and system.north_first:
            geometry = f"ST_FlipCoordinates({geometry})"
        shape = f"coalesce(ST_AsGeoJSON({geometry}, {system.digits}, 0), 'null')"
    # What stands between two values is one text: each `||` copies all that was written before.
    before = ',"properties":{'
    properties = ""
    for attribute in chosen:
        properties += f""" || '{before}"{attribute.name}":' || {_value(source, attribute)}"""
        before = ","
    end = "}}" if chosen else f"{before}}}}}"
    return (
        f"""'{{"type":"Feature","id":' || {identifier_sql(source)} || ',"geometry":' || {shape}"""
        f"""{properties} || '{end}'"""
    )


def identifier_sql(source: Source) -> str:
    """Return the SQL of a feature's id as a JSON text."""
    layer = source.query.layer
    return f"to_json('{layer.id}.' || coalesce({layer.identity.sql}, ''))::text"


def _value(source: Source, of: Attribute) -> str:
    value = source.fill(of.sql)
    written = f"({value})::text" if of.kind in _BARE else f"to_json(({value})::text)::text"
    return f"coalesce({written}, 'null')"
