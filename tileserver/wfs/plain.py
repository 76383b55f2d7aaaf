"""Features in the formats beside GML: GeoJSON, CSV, GeoPackage, zipped shapefile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tileserver.features import files, geojson, read, systems, table
from tileserver.features.files import GEOPACKAGE, SHAPEFILE
from tileserver.wfs import answers
from tileserver.wfs.formats import Format
from tileserver.wfs.parts import about
from tileserver.wfs.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from tileserver.wfs.answers import Answer
    from tileserver.wfs.parts import Part

_ROWS_A_PIECE = 100


def geojson_collection(answer: Answer) -> Iterator[str]:
    """Return a FeatureCollection piece by piece; what is known at its end stands at its end.

    Raises Problem before the first piece.
    """
    pages = _geojson_rows(answer)
    first = next(pages, None)
    return _geojson_pieces(answer, first, pages)


#: Rows as texts, or where the next page begins.
_Rows = list[str]
_End = tuple[int, tuple[int, Any] | None]


def _geojson_rows(answer: Answer) -> Iterator[_Rows | _End]:
    """Yield rows many at a time, at last how many there were and where the next page begins."""
    returned = 0
    for at in range(answer.place.part, len(answer.parts)):
        if returned == answer.count:
            yield returned, (at, None) if answer.count else None
            return
        part = answer.parts[at]
        select = geojson.one_column(part.system, shapes=part.with_shape)
        with about("filter"):
            page = read.page(answer.query(at, limit=answer.count - returned), select)
        yield from _many(page)
        returned += page.returned
        if page.next is not None:
            yield returned, (at, page.next)
            return
    yield returned, None


def _many(page: read.Page) -> Iterator[_Rows]:
    rows: _Rows = []
    for (text,) in page:
        rows.append(text)
        if len(rows) == _ROWS_A_PIECE:
            yield rows
            rows = []
    yield rows


def _geojson_pieces(
    answer: Answer, first: _Rows | _End | None, rest: Iterator[_Rows | _End]
) -> Iterator[str]:
    yield f'{{"type":"FeatureCollection"{_crs(answer.parts[0])},"features":['
    separator = ""
    piece = first
    while piece is not None:
        if isinstance(piece, tuple):
            yield "]" + _ending(answer, *piece)
        elif piece:
            yield separator + ",\n".join(piece)
            separator = ",\n"
        piece = next(rest, None)


def _ending(answer: Answer, returned: int, following: tuple[int, Any] | None) -> str:
    link = answer.next_link(*following, returned) if following else None
    links = [{"rel": "next", "href": link}] if link else []
    before = answer.previous_link()
    links += [{"rel": "previous", "href": before}] if before else []
    members: dict[str, Any] = {"numberReturned": returned}
    if following is None and not answer.start and answer.count:
        members["numberMatched"] = returned
    members["timeStamp"] = answers.stamp()
    members["links"] = [{**link, "type": Format.GEOJSON.value} for link in links]
    return "," + json.dumps(members)[1:] + "\n"


def geojson_hits(answer: Answer) -> str:
    """Return an empty FeatureCollection that says how many features match. Raises Problem."""
    members = {
        "type": "FeatureCollection",
        "features": [],
        "numberMatched": answers.matched(answer),
        "numberReturned": 0,
        "timeStamp": answers.stamp(),
    }
    return json.dumps(members) + "\n"


def geojson_alone(answer: Answer) -> str | None:
    """Return the one feature that GetFeatureById asks for, None if there is none."""
    part = answer.parts[0]
    for (text,) in read.page(answer.query(0, limit=1), geojson.one_column(part.system)):
        return str(text) + "\n"
    return None


def _crs(part: Part) -> str:
    """Return the member that names a system other than the standard's (RFC 7946 clause 4: "by
    prior arrangement"; GDAL and QGIS read it as GeoJSON 2008 has it).
    """
    if part.system.epsg == systems.CRS84.epsg:
        return ""
    name = json.dumps(systems.urn(part.system.epsg))
    return f',"crs":{{"type":"name","properties":{{"name":{name}}}}}'


def csv_lines(answer: Answer) -> Iterator[str]:
    """Return the table of one part. Raises Problem before the first piece."""
    part = _only_part(answer)
    attributes = table.chosen(part.layer, part.attributes)
    with about("filter"):
        page = read.page(answer.query(0), table.columns(part.system, with_shape=part.with_shape))
    return table.lines(part.layer, page, attributes, with_shape=part.with_shape)


def file(answer: Answer, kind: Format) -> IO[bytes]:
    """Return the file of one part, open at its beginning. Raises Problem."""
    part = _only_part(answer)
    attributes = table.chosen(part.layer, part.attributes)
    with about("filter"):
        page = read.page(answer.query(0), files.columns(part.system))
        return files.written(
            part.layer,
            page,
            attributes,
            part.system,
            GEOPACKAGE if kind is Format.GEOPACKAGE else SHAPEFILE,
        )


def link_header(answer: Answer) -> str | None:
    """Return what a Link header says of the next page of a format that has no place for it."""
    _only_part(answer)
    if not answer.count:
        return None
    with about("filter"):
        returned, after = read.extent_of_page(answer.query(0))
    link = answer.next_link(0, after, returned) if after else None
    return f'<{link}>; rel="next"' if link else None


def for_format(answer: Answer, kind: Format) -> Answer:
    """Return the answer as a format wants it: GeoJSON without a named system is in degrees."""
    if kind is not Format.GEOJSON:
        return answer
    changed = tuple(
        part if extras.srs_name else replace(part, system=systems.CRS84)
        for part, extras in zip(answer.parts, _extras(answer), strict=True)
    )
    return replace(answer, parts=changed)


def _extras(answer: Answer) -> list[Any]:
    extras = answer.asked.extras
    # A list of features' names can be one query that became several parts.
    return [extras[min(at, len(extras) - 1)] for at in range(len(answer.parts))]


def _only_part(answer: Answer) -> Part:
    if len(answer.parts) != 1:
        raise problem("OptionNotSupported", "outputFormat", "wfs_one_query")
    return answer.parts[0]
