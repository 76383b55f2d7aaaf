"""Clause 7.3: pictures. What is where, in which colour, in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.conformance.damages import (
    Damage,
    half_dark,
    mirrored,
    painted,
    refused,
    resized,
    retyped,
    reversed_colours,
    turned,
    turned_to,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    FRAME,
    LAKE,
    NAMED,
    assert_map,
    assert_same,
    both,
    capabilities,
    corners,
    degrees,
    each,
    get_map,
    is_blank,
)
from tests.conformance.wms.refusals import SPOILT as SPOILT_REFUSAL
from tests.conformance.wms.refusals import assert_refusal

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers, Service
    from tests.conformance.assertions import Ask

SPOILT: tuple[Damage, ...] = (retyped("text/xml"), resized(), refused(), turned_to("BMP"))
WHITE = (255, 255, 255, 255)


def _lake_is_where_it_should_be(answer: Answer) -> None:
    """Hold the lake against the frame: columns 0 to 99 of 400, all rows."""
    assert_map(answer)
    pixels = answer.pixels
    assert (pixels[:, 110:] == WHITE).all()
    assert (pixels[5:95, 5:90] != WHITE).any(axis=2).all()


MISPLACED: tuple[Damage, ...] = (*SPOILT, mirrored(), painted(WHITE))

for _name, _changes in {
    "getmap.bbox.direct": {},
    "getmap.crs.direct": {"CRS": "EPSG:3857"},
    "getmap.styles.default": {"STYLES": ""},
    "getmap.styles.named": {"STYLES": "default"},
}.items():
    BOOK.demands(_name, get_map(**_changes), _lake_is_where_it_should_be, *MISPLACED)


for _name, _crs, _north_first in (
    ("getmap.bbox.latitude-first", "EPSG:4326", True),
    ("getmap.bbox.longitude-first", "CRS:84", False),
):
    BOOK.demands(
        _name,
        get_map(CRS=_crs, BBOX=degrees(*FRAME, north_first=_north_first)),
        _lake_is_where_it_should_be,
        *MISPLACED,
        turned(),
    )


@BOOK.states(
    "getmap.bbox.exponential",
    both(
        get_map(BBOX="11780000,2394000,11781600,2394400"),
        get_map(BBOX="1.178E7,2394E3,+.117816e+8,239440000.E-2"),
    ),
    painted(WHITE),
    refused(),
)
def numbers_may_have_exponents(plain: Answer, exponential: Answer) -> None:
    assert_same(plain, exponential)


@BOOK.states(
    "getmap.bbox.around-the-pixels",
    get_map(BBOX=corners(4, 4, 14, 11), WIDTH="10", HEIGHT="7"),
    painted(WHITE),
    resized(),
)
def the_box_goes_around_the_pixels(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels != WHITE).any(axis=2).all(), "a pixel at the edge is bare"


@BOOK.states(
    "getmap.bbox.upper-left",
    get_map(BBOX=corners(-400, 0, 400, 800), WIDTH="80", HEIGHT="80"),
    mirrored(),
    turned(),
    painted(WHITE),
)
def the_first_pixel_is_north_west(answer: Answer) -> None:
    """The lake is the lower right quarter of this frame."""
    assert_map(answer)
    bare = (answer.pixels == WHITE).all(axis=2)
    assert bare[:38, :].all()
    assert bare[:, :38].all()
    assert not bare[42:78, 42:78].any()


@BOOK.states(
    "getmap.bbox.stretched",
    both(get_map(), get_map(WIDTH="100", HEIGHT="100")),
    resized(),
    mirrored(),
    painted(WHITE),
)
def other_proportions_stretch_the_map(plain: Answer, stretched: Answer) -> None:
    assert_map(plain)
    assert_map(stretched)
    assert (stretched.pixels[:, 28:] == WHITE).all()
    assert (stretched.pixels[5:95, 3:22] != WHITE).any(axis=2).all()


def _is_blank_map(answer: Answer) -> None:
    assert_map(answer)
    assert is_blank(answer)


for _name, _changes in {
    "getmap.bbox.no-overlap": {"BBOX": corners(900_000, 900_000, 901_600, 900_400)},
    "getmap.bbox.outside-crs": {"CRS": "CRS:84", "BBOX": "181,20,182,21"},
    "getmap.scale.beyond": {"LAYERS": "parcels", "BBOX": corners(-4e6, -1e6, 4e6, 1e6)},
}.items():
    BOOK.demands(_name, get_map(**_changes), _is_blank_map, *SPOILT, half_dark())


@BOOK.states(
    "getmap.scale.within",
    get_map(LAYERS="parcels", BBOX=corners(450, 50, 650, 150), WIDTH="400", HEIGHT="200"),
    painted(WHITE),
    resized(),
)
def within_its_scales_a_layer_is_drawn(answer: Answer) -> None:
    assert_map(answer)
    assert not is_blank(answer)


@BOOK.states(
    "getmap.crs.each",
    each("//wms:Layer/wms:CRS", lambda crs: _map_in(crs)),
    painted(WHITE),
    *SPOILT,
)
def each_system_is_served(offered: Answer, *answers: Answer) -> None:
    assert len(answers) >= 4, "3857, 4326, CRS:84 and the city's own"
    for answer in answers:
        assert_map(answer)
        assert not is_blank(answer), answer.asked["crs"]


def _map_in(crs: str) -> Ask:
    def ask(service: Service) -> Answer:
        (box,) = capabilities(service).find(
            f"(//wms:Layer[wms:Name='{LAKE}']/ancestor-or-self::wms:Layer"
            f"/wms:BoundingBox[@CRS='{crs}'])[last()]"
        )
        edges = ",".join(box.get(name) for name in ("minx", "miny", "maxx", "maxy"))
        return get_map(LAYERS="theme_plans", CRS=crs, BBOX=edges)(service)

    return ask


@BOOK.states(
    "getmap.format.each",
    each("//wms:Request/wms:GetMap/wms:Format", lambda kind: get_map(FORMAT=kind)),
    *SPOILT,
    painted(WHITE),
)
def each_format_is_served(offered: Answer, *answers: Answer) -> None:
    assert {a.asked["format"] for a in answers} >= {"image/png", "image/jpeg"}
    for answer in answers:
        assert_map(answer)
        assert not is_blank(answer)


@BOOK.states(
    "getmap.layers.each", each(f"{NAMED}/wms:Name", lambda name: get_map(LAYERS=name)), *SPOILT
)
def each_layer_is_served(offered: Answer, *answers: Answer) -> None:
    assert len(answers) == len(offered.find(NAMED))
    for answer in answers:
        assert_map(answer)


@BOOK.states(
    "getmap.styles.each",
    each(
        f"{NAMED}[wms:Style]/wms:Name",
        lambda name: lambda service: _in_each_style(service, name),
    ),
    *SPOILT,
)
def each_style_is_served(offered: Answer, *answers: Answer) -> None:
    assert len(answers) == len(offered.find(f"{NAMED}/wms:Style"))
    for answer in answers:
        assert_map(answer)


def _in_each_style(service: Service, layer: str) -> Answers:
    styles = capabilities(service).find(f"//wms:Layer[wms:Name='{layer}']/wms:Style/wms:Name")
    return tuple(get_map(LAYERS=layer, STYLES=style.text)(service) for style in styles)


def _one_over_the_other(alone: Answer, together: Answer) -> None:
    """Several layers give another picture than the first of them alone."""
    assert_map(alone)
    assert_map(together)
    assert (alone.pixels != together.pixels).any()


for _name, _layers, _styles in (
    ("getmap.layers.two", f"{LAKE},zones", ""),
    ("getmap.layers.three", f"{LAKE},zones,roads", ""),
    ("getmap.styles.two", f"{LAKE},zones", "default,default"),
    ("getmap.styles.three", f"{LAKE},zones,roads", "default,default,default"),
    ("getmap.styles.commas", f"{LAKE},zones", ","),
    ("getmap.styles.some-default", f"{LAKE},zones", "default,"),
):
    BOOK.demands(
        _name,
        both(get_map(), get_map(LAYERS=_layers, STYLES=_styles)),
        _one_over_the_other,
        *SPOILT,
    )


def _around_the_pond(layers: str) -> Ask:
    return get_map(LAYERS=layers, BBOX=corners(1250, 600, 1550, 900), WIDTH="60", HEIGHT="60")


@BOOK.states(
    "getmap.layers.order",
    both(*map(_around_the_pond, ("zones", LAKE, f"zones,{LAKE}", f"{LAKE},zones"))),
    painted((1, 2, 3, 255)),
    resized(),
    refused(),
)
def the_first_layer_lies_lowest(zones: Answer, water: Answer, above: Answer, below: Answer) -> None:
    for answer in (zones, water, above, below):
        assert_map(answer)
    # The pond fills rows and columns 10 to 49; letters stand in its middle.
    strip = (slice(13, 18), slice(13, 47))
    assert (zones.pixels[strip] != water.pixels[strip]).any(axis=2).all()
    assert (above.pixels[strip] == water.pixels[strip]).all()
    assert (below.pixels[strip] == zones.pixels[strip]).all()


@BOOK.states("getmap.bgcolor.default", get_map(), reversed_colours(), painted((0, 0, 0, 255)))
def bare_ground_is_white(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels[:, 110:] == WHITE).all()


for _name, _text in {
    "getmap.bgcolor.blue": "0x0000FF",
    "getmap.bgcolor.small-letters": "0x0000ff",
}.items():

    def _bare_ground_is_blue(answer: Answer) -> None:
        assert_map(answer)
        assert (answer.pixels[:, 110:] == (0, 0, 255, 255)).all()
        assert (answer.pixels[5:95, 5:90] != (0, 0, 255, 255)).any(axis=2).all()

    BOOK.demands(
        _name, get_map(BGCOLOR=_text), _bare_ground_is_blue, painted(WHITE), reversed_colours()
    )


def _is_opaque(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels[..., 3] == 255).all()


for _name, _value in {
    "getmap.transparent.default": None,
    "getmap.transparent.false": "FALSE",
}.items():
    BOOK.demands(
        _name, get_map(TRANSPARENT=_value), _is_opaque, painted((255, 255, 255, 0)), *SPOILT
    )


@BOOK.states(
    "getmap.transparent.true", get_map(TRANSPARENT="TRUE"), painted(WHITE), mirrored(), *SPOILT
)
def bare_ground_is_clear(answer: Answer) -> None:
    assert_map(answer)
    assert (answer.pixels[:, 110:, 3] == 0).all()
    assert (answer.pixels[5:95, 5:90, 3] == 255).all()


@BOOK.states(
    "getmap.transparent.jpeg",
    get_map(TRANSPARENT="TRUE", FORMAT="image/jpeg"),
    retyped("image/png"),
    turned_to("PNG"),
)
def jpeg_cannot_be_clear_and_is_served_all_the_same(answer: Answer) -> None:
    assert_map(answer)


def _as_large_as_allowed(service: Service) -> Answers:
    offered = capabilities(service)
    width, height = (offered.one(f"//wms:Service/wms:Max{n}").text for n in ("Width", "Height"))
    return offered, get_map(WIDTH=width, HEIGHT=height)(service)


@BOOK.states("getmap.size.largest", _as_large_as_allowed, *SPOILT)
def the_largest_size_is_served(offered: Answer, answer: Answer) -> None:
    assert_map(answer)
    assert answer.asked["width"] == offered.one("//wms:Service/wms:MaxWidth").text


@BOOK.states(
    "getmap.size.smallest",
    # All layers: rasters are looked up in another way than shapes.
    both(get_map(WIDTH="1", HEIGHT="1"), get_map(LAYERS="diado", WIDTH="256", HEIGHT="1")),
    *SPOILT,
)
def one_pixel_is_served(*answers: Answer) -> None:
    for answer in answers:
        assert_map(answer)


@BOOK.states(
    "getmap.size.exact",
    both(*(get_map(WIDTH=str(w), HEIGHT=str(h)) for w, h in ((1, 300), (257, 3), (333, 77)))),
    *SPOILT,
)
def sizes_are_exact(*answers: Answer) -> None:
    for answer in answers:
        assert_map(answer)


def _too_much(**times: int) -> Ask:
    """Ask for more than the service says it gives."""

    def ask(service: Service) -> Answers:
        offered = capabilities(service)
        answers = [offered]
        for name, more in times.items():
            limit = int(offered.one(f"//wms:Service/wms:{name}").text) + more
            changes = {
                "MaxWidth": {"WIDTH": str(limit)},
                "MaxHeight": {"HEIGHT": str(limit)},
                "LayerLimit": {"LAYERS": ",".join([LAKE] * limit)},
            }[name]
            answers.append(get_map(**changes)(service))
        return tuple(answers)

    return ask


def _is_refused(offered: Answer, answer: Answer) -> None:
    assert_refusal(answer)


for _name, _limit in {
    "getmap.width.beyond-limit": "MaxWidth",
    "getmap.height.beyond-limit": "MaxHeight",
    "getmap.layers.beyond-limit": "LayerLimit",
}.items():
    BOOK.demands(_name, _too_much(**{_limit: 1}), _is_refused, *SPOILT_REFUSAL)


@BOOK.states(
    "getmap.layers.group",
    both(get_map(LAYERS="theme_plans"), get_map(LAYERS="zones")),
    resized(),
    painted((1, 2, 3, 255)),
)
def a_group_holds_its_layers(group: Answer, layer: Answer) -> None:
    assert_map(group)
    assert_map(layer)
    drawn = (layer.pixels != WHITE).any(axis=2)
    assert drawn.any()
    assert (group.pixels[drawn] != WHITE).any(axis=1).mean() > 0.99
    assert np.abs(group.pixels[drawn] - layer.pixels[drawn]).mean() < 20
