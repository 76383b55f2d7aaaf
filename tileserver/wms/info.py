"""GetFeatureInfo: the features at a point, from the database itself and not from the picture."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import uuid
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as xml_escape

from django.db import connections

from landdata import crs
from tileserver.layer import Layer, Shape, in_both_times
from tileserver.limits import MOST_FEATURES_AT_POINT, NEAR_PX
from tileserver.services import in_language
from tileserver.sight import drafts_in_sight

if TYPE_CHECKING:
    from collections.abc import Callable

    from tileserver.drawing import Box


@dataclass(frozen=True)
class Question:
    """A point in a system, how much ground a pixel shows there, and the two times."""

    point: tuple[float, float]
    epsg: int
    pixel: float
    as_of: dt.date
    known_at: int
    count: int


@dataclass(frozen=True)
class Found:
    """One feature: its id for ever, its values, its box in WGS 84 degrees."""

    layer: Layer
    id: str
    values: dict[str, Any]
    box: Box


def features_at(question: Question, layers: tuple[Layer, ...]) -> list[Found]:
    """Return the features of each layer at the point, those of the topmost layer first.

    Areas count where they hold the point, lines and points within a few pixels, nearest first.
    At most `count` of each layer (OGC 06-042, 7.4.3.7).
    """
    east, north = crs.transformer(question.epsg, crs.WEB_MERCATOR).transform(*question.point)
    reach = NEAR_PX * _pixel_3857(question)
    found: list[Found] = []
    for layer in reversed(layers):
        with connections[layer.audience.value].cursor() as cursor:
            cursor.execute(
                _sql(layer),
                {
                    "east": east,
                    "north": north,
                    "reach": 0.0 if layer.shape in (Shape.AREA, Shape.RASTER) else reach,
                    "day": question.as_of,
                    "known": question.known_at,
                    "drafts": list(drafts_in_sight()),
                    "count": min(question.count, MOST_FEATURES_AT_POINT),
                },
            )
            names = [a.name for a in layer.attributes]
            for identity, west, south, far_east, far_north, *values in cursor.fetchall():
                pairs = dict(zip(names, values, strict=True))
                found.append(
                    Found(
                        layer, f"{layer.id}.{identity}", pairs, (west, south, far_east, far_north)
                    )
                )
    return found


def _pixel_3857(question: Question) -> float:
    """Return the width of a pixel in EPSG:3857 metres."""
    x, y = question.point
    here = crs.transformer(question.epsg, crs.WEB_MERCATOR)
    one, other = here.transform(x, y), here.transform(x + question.pixel, y)
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


@cache
def _sql(layer: Layer) -> str:
    attributes = "".join(f", {a.sql} AS {a.name}" for a in layer.attributes)
    conditions = " AND ".join([*layer.conditions(), "{known:v}", "{valid:v}"])
    sql = f"""
        SELECT {layer.identity.sql}, ST_XMin(b.box), ST_YMin(b.box), ST_XMax(b.box), ST_YMax(b.box)
            {attributes}
        FROM (SELECT ST_SetSRID(ST_MakePoint(%(east)s, %(north)s), 3857) AS here) p,
            {layer.view} v {layer.joins},
            LATERAL (SELECT ST_Transform(ST_Envelope(v.{layer.geometry}), 4326) AS box) b
        WHERE ST_DWithin(v.{layer.geometry}, p.here, %(reach)s) AND {conditions}
        ORDER BY v.{layer.geometry} <-> p.here, v.id
        LIMIT %(count)s
    """  # noqa: S608 - made of our own list of layers only
    return in_both_times(sql, known="%(known)s", day="%(day)s", drafts="%(drafts)s::bigint[]")


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, dt.date | uuid.UUID):
        return str(value)
    return float(value) if isinstance(value, decimal.Decimal) else value


def as_json(found: list[Found]) -> str:
    """Return GeoJSON (RFC 7946) whose shapes are boxes' middles left out: values are asked for."""
    features = [
        {
            "type": "Feature",
            "id": one.id,
            "bbox": [round(edge, 7) for edge in one.box],
            "geometry": None,
            "properties": {"layer": one.layer.id}
            | {name: _plain(value) for name, value in one.values.items()},
        }
        for one in found
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def as_text(found: list[Found]) -> str:
    """Return lines of titles and values, a heading for each feature."""
    if not found:
        return in_language("Không có đối tượng nào ở điểm này.\n", "There is no feature here.\n")
    lines = []
    for one in found:
        lines.append(f"{_title(one.layer)} ({one.id})")
        lines += [f"  {label}: {value}" for label, value in _labelled(one)]
    return "\n".join(lines) + "\n"


def as_html(found: list[Found]) -> str:
    """Return a small page with a table for each feature."""
    tables = "".join(
        f"<table><caption>{escape(_title(one.layer))}</caption><tbody>"
        + "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
            for label, value in _labelled(one)
        )
        + "</tbody></table>"
        for one in found
    )
    nothing = in_language("Không có đối tượng nào ở điểm này.", "There is no feature here.")
    language, title = in_language("vi", "en"), in_language("Đối tượng", "Features")
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body>{tables or f'<p>{nothing}</p>'}</body></html>"
    )


def as_gml(found: list[Found]) -> str:
    """Return a feature collection in GML 2 (OGC 02-069), with boxes in longitude, latitude."""
    members = "".join(
        f'<gml:featureMember><diado:{one.layer.id} fid="{xml_escape(one.id)}">'
        f"<gml:boundedBy>{_gml_box(one.box)}</gml:boundedBy>"
        + "".join(
            f"<diado:{name}>{xml_escape(str(_plain(value)))}</diado:{name}>"
            for name, value in one.values.items()
            if value is not None
        )
        + f"</diado:{one.layer.id}></gml:featureMember>"
        for one in found
    )
    bounds = (
        _gml_box(
            (
                min(one.box[0] for one in found),
                min(one.box[1] for one in found),
                max(one.box[2] for one in found),
                max(one.box[3] for one in found),
            )
        )
        if found
        else "<gml:null>unavailable</gml:null>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs"'
        ' xmlns:gml="http://www.opengis.net/gml" xmlns:diado="urn:diado">'
        f"<gml:boundedBy>{bounds}</gml:boundedBy>{members}</wfs:FeatureCollection>\n"
    )


def _gml_box(box: Box) -> str:
    west, south, east, north = (f"{edge:.7f}" for edge in box)
    return (
        '<gml:Box srsName="http://www.opengis.net/gml/srs/epsg.xml#4326">'
        f"<gml:coordinates>{west},{south} {east},{north}</gml:coordinates></gml:Box>"
    )


def _title(layer: Layer) -> str:
    return in_language(layer.title_vi, layer.title_en)


def _labelled(one: Found) -> list[tuple[str, str]]:
    labelled = []
    for attribute in one.layer.attributes:
        value = _plain(one.values[attribute.name])
        if value in (None, ""):
            continue
        if isinstance(value, bool):
            value = in_language("có", "yes") if value else in_language("không", "no")
        unit = f" {attribute.unit}" if attribute.unit else ""
        title = in_language(attribute.title_vi, attribute.title_en)
        labelled.append((title, f"{value}{unit}"))
    return labelled


#: How answers are written, by their media type.
WRITERS: dict[str, Callable[[list[Found]], str]] = {
    "application/json": as_json,
    "text/html": as_html,
    "text/plain": as_text,
    "application/vnd.ogc.gml": as_gml,
}
