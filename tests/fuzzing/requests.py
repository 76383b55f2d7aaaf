"""Requests as hypothesis makes them: right ones, spoilt in every way that comes to mind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from hypothesis import strategies as st

from tests.clients.places import box
from tests.fuzzing.nasty import BOMB, GET_FEATURE, NASTY, OUTSIDE, WORD, conditions, filters
from tileserver.layers import LAYERS

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_LAYER_IDS = tuple(layer.id for layer in LAYERS)
_BOX = ",".join(map(str, box()))
_UUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire, its word not yet filled in."""

    method: str
    #: Percent-encoded, with its query.
    target: str
    body: bytes
    headers: tuple[tuple[str, str], ...]

    def with_word(self, word: str) -> Request:
        """Return the request with its word filled in."""
        return Request(
            self.method,
            self.target.replace(quote(WORD), word).replace(WORD, word),
            self.body.replace(WORD.encode(), word.encode()),
            tuple((name, value.replace(WORD, word)) for name, value in self.headers),
        )


_BOXES = (
    _BOX,
    "0,0,0,0",
    "1,1,0,0",
    "-1e300,-1e300,1e300,1e300",
    "nan,nan,nan,nan",
    "105,21,106,22",
    "21,105,22,106",
    "-180,-90,180,90",
    "1,2,3",
    "1,2,3,4,5,6,7",
    f"0,0,1,1,{WORD}",
    "11780000,2394000,11780000.0001,2394000.0001",
)
_SYSTEMS = (
    *("EPSG:3857", "EPSG:4326", "CRS:84", "EPSG:5897", "EPSG:9218", "EPSG:0", "EPSG:99999999"),
    *("urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    *("AUTO2:42001,1,105,21", "epsg:3857 ", f"EPSG:{WORD}", "+proj=tmerc +lat_0=0"),
)
_SIZES = ("1", "256", "400", "0", "-5", "100000", "999999999999", "1.5", "1e3", "256px")
_COUNTS = ("1", "10", "1000", "0", "-1", "1e9", "10000000", "99999999999999999999")
_DAYS = ("2026-01-01", "current", "1899-12-31", "2021-01-01T00:00:00Z", "2026-02-30", WORD)
_NUMBERS = ("0", "1", "16", "18", "99", "-1", "52033", "28852", "4294967296", "1.0", WORD)


@dataclass(frozen=True)
class _May:
    """What a parameter may be: values that are right, and some that mostly are not."""

    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()


_LAYER = _May(_LAYER_IDS)
_ON_LAYERS = _May((*_LAYER_IDS, "diado", "water,zones"), (",".join(["water"] * 60),))
_IN_BOX = _May((_BOX,), _BOXES)
_IN_SYSTEM = _May(("EPSG:3857",), _SYSTEMS)
_PIXELS = _May(("256", "400", "1"), _SIZES)
_COUNT = _May(("1", "10", "1000"), _COUNTS)
_DAY = _May(("2026-01-01", "2020-06-15"), _DAYS)
_INDEX = _May(("0", "1", "16"), _NUMBERS)
#: Parameters of the services; those of the second group are left out more often than not.
_BASES: tuple[tuple[str, dict[str, _May], dict[str, _May]], ...] = (
    (
        "/wms",
        {
            "SERVICE": _May(("WMS",)),
            "VERSION": _May(("1.3.0", "1.1.1"), ("9.9.9", "1.3")),
            "REQUEST": _May(
                ("GetMap", "GetFeatureInfo", "GetCapabilities", "GetLegendGraphic"),
                ("getmap", "GetStyles"),
            ),
            "LAYERS": _ON_LAYERS,
            "QUERY_LAYERS": _ON_LAYERS,
            "LAYER": _LAYER,
            "STYLES": _May(("",), ("default", ",,,")),
            "CRS": _IN_SYSTEM,
            "SRS": _IN_SYSTEM,
            "BBOX": _IN_BOX,
            "WIDTH": _PIXELS,
            "HEIGHT": _PIXELS,
            "FORMAT": _May(("image/png", "image/jpeg", "image/webp"), ("image/svg+xml",)),
            "INFO_FORMAT": _May(("application/json", "text/html", "application/vnd.ogc.gml")),
            "I": _May(("0",), _SIZES),
            "J": _May(("0",), _SIZES),
            "X": _May(("0",), _SIZES),
            "Y": _May(("0",), _SIZES),
        },
        {
            "FEATURE_COUNT": _COUNT,
            "TIME": _DAY,
            "TRANSPARENT": _May(("TRUE", "FALSE"), ("maybe",)),
            "BGCOLOR": _May(("0xFF0000",), ("red", "0x")),
            "EXCEPTIONS": _May(("XML", "INIMAGE", "BLANK")),
            "SLD": _May((f"http://127.0.0.1:1/{WORD}",)),
            "SLD_BODY": _May((BOMB, OUTSIDE)),
            "LANGUAGE": _May(("vi", "en"), ("xx",)),
        },
    ),
    (
        "/wmts",
        {
            "SERVICE": _May(("WMTS",)),
            "VERSION": _May(("1.0.0",)),
            "REQUEST": _May(("GetTile", "GetFeatureInfo", "GetCapabilities")),
            "LAYER": _ON_LAYERS,
            "STYLE": _May(("default", "")),
            "FORMAT": _May(("image/png",), ("image/jpeg",)),
            "TILEMATRIXSET": _May(("WebMercatorQuad", "VN2000-5897")),
            "TILEMATRIX": _INDEX,
            "TILEROW": _May(("0", "1"), _NUMBERS),
            "TILECOL": _May(("0", "1"), _NUMBERS),
            "I": _PIXELS,
            "J": _PIXELS,
            "INFOFORMAT": _May(("application/json", "text/html")),
        },
        {
            "SECTIONS": _May(("Contents", "All"), (WORD,)),
            "ACCEPTVERSIONS": _May(("1.0.0",), ("7.7.7",)),
            "UPDATESEQUENCE": _COUNT,
        },
    ),
    (
        "/wfs",
        {
            "SERVICE": _May(("WFS",)),
            "VERSION": _May(("2.0.0",), ("1.1.0", "9.9.9")),
            "REQUEST": _May(
                ("GetFeature", "GetFeature", "GetPropertyValue", "DescribeFeatureType"),
                ("GetCapabilities", "ListStoredQueries", "DescribeStoredQueries", "Transaction"),
            ),
            "TYPENAMES": _May((*_LAYER_IDS, *(f"diado:{name}" for name in _LAYER_IDS))),
            "VALUEREFERENCE": _May(("name", "label"), (WORD,)),
        },
        {
            "COUNT": _COUNT,
            "STARTINDEX": _COUNT,
            "SRSNAME": _IN_SYSTEM,
            "BBOX": _May((f"{_BOX},EPSG:3857",), _BOXES),
            "RESULTTYPE": _May(("results", "hits")),
            "OUTPUTFORMAT": _May(("application/json", "csv", "shapezip", "gpkg", "text/xml")),
            "PROPERTYNAME": _May(("name",), ("label,name", WORD)),
            "SORTBY": _May(("name",), ("label DESC", f"{WORD} ASC", "name,label,number")),
            "RESOURCEID": _May(("water.ground.lake",), (f"zones.{WORD}",)),
            "STOREDQUERY_ID": _May(("urn:ogc:def:query:OGC-WFS::GetFeatureById",)),
            "ID": _May(("water.ground.lake",), (f"zones.{WORD}",)),
            "NAMESPACES": _May((f"xmlns(diado,{WORD})",)),
            "AFTER": _May((WORD,)),
        },
    ),
    (
        "/ogc/collections/{layer}/items",
        {"f": _May(("json",), ("html", WORD)), "limit": _COUNT},
        {
            "offset": _COUNT,
            "bbox": _May(("105.8,21,105.9,21.1",), _BOXES),
            "bbox-crs": _IN_SYSTEM,
            "crs": _May(
                ("http://www.opengis.net/def/crs/OGC/1.3/CRS84",),
                _SYSTEMS,
            ),
            "datetime": _May(("2026-01-01T00:00:00Z", "2026-01-01/.."), _DAYS),
            "filter-lang": _May(("cql2-text",), ("cql2-json",)),
            "filter-crs": _IN_SYSTEM,
            "properties": _May(("name",), (WORD,)),
            "sortby": _May(("name",), ("-label", f"+{WORD}")),
            "name": _May((WORD, f"'{WORD}")),
            "after": _May((WORD,)),
            "cursor": _May((WORD,)),
        },
    ),
    (
        "/api/layers/{layer}/changes",
        {"since": _May(("0", "1"), (*_COUNTS, *_DAYS))},
        {"limit": _COUNT, "after": _May((WORD,))},
    ),
    (
        "/api/search",
        {"q": _May(("tờ 12 thửa 1", "Hồ Thử", WORD, f"'{WORD}"))},
        {"limit": _COUNT},
    ),
    ("/api/map", {}, {"language": _May(("vi", "en"))}),
    ("/layers/", {}, {"q": _May((WORD,)), "language": _May(("vi", "en"))}),
)
_PATHS = (
    "/tiles/{layer}/{n}/{n}/{n}.pbf",
    "/tiles/{layer}.json",
    "/tms/1.0.0",
    "/tms/1.0.0/{layer}/{n}/{n}/{n}.png",
    "/tms/1.0.0/{layer}@{x}/{n}/{n}/{n}.png",
    "/wmts/1.0.0/{layer}/default/WebMercatorQuad/{n}/{n}/{n}.png",
    "/wmts/1.0.0/{layer}/{x}/{x}/{n}/{n}/{n}/{n}/{n}.json",
    "/styles/{layer}.json",
    "/styles/fonts/{x}/{n}-{n}.pbf",
    "/layers/{layer}/",
    "/layers/{layer}.qlr",
    "/layers/dcat.json",
    "/layers/diado.qgs",
    "/ogc/collections/{layer}",
    "/ogc/collections/{layer}/items/{x}",
    "/ogc/collections/{layer}/queryables",
    "/ogc/api",
    "/api/openapi.json",
    "/api/layers/{layer}/changes",
    "/parcels/{x}/",
    f"/parcels/{_UUID}/map.png",
    "/{x}",
    "/static/{x}",
)


def _spoilt(may: _May) -> SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(may.wrong or may.right),
        st.sampled_from(NASTY),
        st.text(max_size=40).map(lambda text: text + WORD),
    )


@st.composite
def _queries(draw: st.DrawFn) -> Request:
    path, usual, rare = draw(st.sampled_from(_BASES))
    chosen = dict(usual)
    for name in draw(st.lists(st.sampled_from(sorted(rare)), unique=True, max_size=4)):
        chosen[name] = rare[name]
    # Mostly one or two things are wrong: more, and no request gets past the first check.
    spoil = draw(st.sampled_from((0, 0, 1, 1, 1, 2, 3, len(chosen))))
    names = sorted(chosen)
    spoilt = {draw(st.sampled_from(names)) for _ in range(min(spoil, len(names)))}
    left_out = {draw(st.sampled_from(names))} if names and draw(st.integers(0, 9)) == 0 else set()
    pairs = [
        (name, draw(_spoilt(may) if name in spoilt else st.sampled_from(may.right)))
        for name, may in chosen.items()
        if name not in left_out
    ]
    if path == "/wfs" and draw(st.booleans()):
        pairs.append(("FILTER", draw(filters())))
    if "items" in path and draw(st.booleans()):
        pairs.append(("filter", draw(conditions())))
    if draw(st.integers(0, 19)) == 0:
        pairs.append((draw(st.sampled_from(NASTY)), draw(st.sampled_from(NASTY))))
    if pairs and draw(st.integers(0, 19)) == 0:
        pairs.append(draw(st.sampled_from(pairs)))
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)
    return _sent(draw, "GET", f"{_filled(draw, path)}?{query}")


@st.composite
def _by_path(draw: st.DrawFn) -> Request:
    path = _filled(draw, draw(st.sampled_from(_PATHS)))
    method = draw(st.sampled_from(("GET", "GET", "GET", "HEAD", "POST", "DELETE", "OPTIONS")))
    return _sent(draw, method, path)


@st.composite
def _posts(draw: st.DrawFn) -> Request:
    body = draw(
        st.one_of(
            st.sampled_from((BOMB, OUTSIDE, "", "<", f"{WORD}\x00", "[" * 5000)),
            st.integers(1, 20_000).map(lambda n: "<a>" * n),
            st.builds(
                GET_FEATURE.format,
                count=st.sampled_from(_COUNTS),
                layer=st.sampled_from((*_LAYER_IDS, WORD, "zones parcels")),
                filter=filters(),
            ),
            st.integers(1, 4).map(lambda n: f"<!--{'x' * 1_000_000 * n}--><a/>"),
        )
    )
    path = draw(st.sampled_from(("/wfs", "/wfs", "/wfs", "/wms", "/ogc/collections/zones/items")))
    kind = draw(st.sampled_from(("text/xml", "application/xml", "application/json", WORD)))
    return _sent(draw, "POST", path, body.encode(), (("Content-Type", kind),))


def _filled(draw: st.DrawFn, path: str) -> str:
    """Return a path with its places filled, mostly with what exists."""
    while "{layer}" in path:
        right = st.sampled_from(_LAYER_IDS)
        name = draw(st.one_of(right, right, right, _spoilt(_LAYER)))
        path = path.replace("{layer}", _encoded(name), 1)
    while "{n}" in path:
        number = draw(
            st.one_of(st.sampled_from(_NUMBERS), st.sampled_from(_NUMBERS), _spoilt(_INDEX))
        )
        path = path.replace("{n}", _encoded(number), 1)
    while "{x}" in path:
        plain = draw(st.sampled_from(NASTY))
        raw = draw(st.booleans()) and plain.isascii() and plain.isprintable() and " " not in plain
        path = path.replace("{x}", plain if raw else _encoded(plain), 1)
    return path


def _encoded(text: str) -> str:
    return quote(text.encode("utf-8", errors="replace"), safe=":,")


def _sent(
    draw: st.DrawFn,
    method: str,
    target: str,
    body: bytes = b"",
    headers: tuple[tuple[str, str], ...] = (),
) -> Request:
    more = {
        "Accept-Language": ("vi", "en;q=0.5", f"{WORD}", "*" * 200),
        "Accept": ("*/*", "text/html", "application/json", f"x/{WORD}"),
        "Accept-Encoding": ("gzip", "identity"),
        "If-None-Match": ("*", f'"{WORD}"', f'W/"{WORD}'),
        "X-Api-Key": (f"diado_{WORD}",),
        "Cookie": (f"sessionid={WORD}", f"django_language={WORD}"),
        "X-Forwarded-For": (f"{WORD}",),
    }
    has_more = draw(st.integers(0, 4)) == 0
    names = (
        draw(st.lists(st.sampled_from(sorted(more)), unique=True, max_size=2)) if has_more else []
    )
    extra = tuple((name, draw(st.sampled_from(more[name]))) for name in names)
    return Request(method, target[:60_000], body, (*headers, *extra))


def requests() -> SearchStrategy[Request]:
    """Return requests over all services."""
    return st.one_of(_queries(), _queries(), _queries(), _by_path(), _posts())
