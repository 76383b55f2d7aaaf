"""Filters: clause 7 of OGC 09-026r2, each operator by key-value pairs and by XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.damages import doubled, dropped_all, put, refused
from tests.conformance.wfs import BOOK
from tests.conformance.wfs.asking import (
    MEMBER,
    envelope,
    expected_outline,
    features,
    filtered,
    line,
    names,
    point,
    polygon,
    several,
)
from tests.small_city.ground import POND

if TYPE_CHECKING:
    from tests.conformance.answers import Answer
    from tests.conformance.assertions import Ask


def _named(name: str, inside: str, *, of: str, attributes: str = "") -> str:
    return (
        f"<fes:{name} {attributes}><fes:ValueReference>{of}</fes:ValueReference>"
        f"{inside}</fes:{name}>"
    )


def _compared(name: str, literal: str, of: str = "number", attributes: str = "") -> str:
    return _named(name, f"<fes:Literal>{literal}</fes:Literal>", of=of, attributes=attributes)


def _spatial(name: str, shape: str) -> str:
    return _named(name, shape, of="diado:shape")


def _near(name: str, metres: int) -> str:
    # The pond's western edge is 100 m of EPSG:3857 from here, 93 m on the ground.
    return _spatial(name, f'{point(1200, 750)}<fes:Distance uom="m">{metres}</fes:Distance>')


def _instant(day: str) -> str:
    return (
        f'<gml:TimeInstant gml:id="t"><gml:timePosition>{day}</gml:timePosition></gml:TimeInstant>'
    )


def _period(begin: str, end: str) -> str:
    return (
        f'<gml:TimePeriod gml:id="t"><gml:beginPosition>{begin}</gml:beginPosition>'
        f"<gml:endPosition>{end}</gml:endPosition></gml:TimePeriod>"
    )


def _temporal(name: str, time: str) -> str:
    return _named(name, time, of="valid_from")


_BETWEEN = (
    "<fes:LowerBoundary><fes:Literal>2</fes:Literal></fes:LowerBoundary>"
    "<fes:UpperBoundary><fes:Literal>3</fes:Literal></fes:UpperBoundary>"
)
_LIKE = 'wildCard="*" singleChar="?" escapeChar="!"'

#: Filter on the plots 1 to 3, and the numbers of those it chooses.
_PLOTS = {
    "PropertyIsEqualTo": (_compared("PropertyIsEqualTo", "2"), "2"),
    "PropertyIsNotEqualTo": (_compared("PropertyIsNotEqualTo", "2"), "13"),
    "PropertyIsLessThan": (_compared("PropertyIsLessThan", "2"), "1"),
    "PropertyIsGreaterThan": (_compared("PropertyIsGreaterThan", "2"), "3"),
    "PropertyIsLessThanOrEqualTo": (_compared("PropertyIsLessThanOrEqualTo", "2"), "12"),
    "PropertyIsGreaterThanOrEqualTo": (_compared("PropertyIsGreaterThanOrEqualTo", "2"), "23"),
    "PropertyIsBetween": (_named("PropertyIsBetween", _BETWEEN, of="number"), "23"),
    "PropertyIsLike": (_compared("PropertyIsLike", "3*", attributes=_LIKE), "3"),
    "PropertyIsNull": (_named("PropertyIsNull", "", of="valid_to"), "123"),
    "PropertyIsNil": (_named("PropertyIsNil", "", of="valid_to"), "123"),
    "matchCase": (
        _compared("PropertyIsEqualTo", "odt", of="land_use", attributes='matchCase="false"'),
        "123",
    ),
    "And": (
        f"<fes:And>{_compared('PropertyIsGreaterThan', '1')}"
        f"{_compared('PropertyIsLessThan', '3')}</fes:And>",
        "2",
    ),
    "Or": (
        f"<fes:Or>{_compared('PropertyIsEqualTo', '1')}"
        f"{_compared('PropertyIsEqualTo', '3')}</fes:Or>",
        "13",
    ),
    "Not": (f"<fes:Not>{_compared('PropertyIsEqualTo', '1')}</fes:Not>", "23"),
    "After": (_temporal("After", _instant("2019-12-31")), "123"),
    "Before": (_temporal("Before", _instant("2020-01-02")), "123"),
    "TEquals": (_temporal("TEquals", _instant("2020-01-01")), "123"),
    "Begins": (_temporal("Begins", _period("2020-01-01", "2020-02-01")), "123"),
    "During": (_temporal("During", _period("2019-12-01", "2020-02-01")), "123"),
    "AnyInteracts": (_temporal("AnyInteracts", _period("2020-01-01", "2020-02-01")), "123"),
}
#: The same, of those that choose nothing on the other side of the day.
_NONE = {
    "After": _temporal("After", _instant("2020-01-01")),
    "Before": _temporal("Before", _instant("2020-01-01")),
    "TEquals": _temporal("TEquals", _instant("2020-01-02")),
    "Begins": _temporal("Begins", _period("2019-12-31", "2020-02-01")),
    "During": _temporal("During", _period("2020-01-01", "2020-02-01")),
    "AnyInteracts": _temporal("AnyInteracts", _period("2020-01-02", "2020-02-01")),
}
_AROUND_LAKE = (-50, -50, 450, 450)
#: Filter on the lake and the pond, and those it chooses.
_WATERS = {
    "BBOX": (_spatial("BBOX", envelope(_AROUND_LAKE)), "Hồ"),
    "Intersects": (_spatial("Intersects", point(200, 200)), "Hồ"),
    "Within": (_spatial("Within", polygon(_AROUND_LAKE)), "Hồ"),
    "Contains": (_spatial("Contains", point(1400, 750)), "Ao"),
    "Disjoint": (_spatial("Disjoint", polygon(_AROUND_LAKE)), "Ao"),
    "Touches": (_spatial("Touches", polygon((400, 400, 500, 500))), "Hồ"),
    "Crosses": (_spatial("Crosses", line((-50, 200), (450, 200))), "Hồ"),
    "Overlaps": (_spatial("Overlaps", polygon((200, 200, 600, 600))), "Hồ"),
    "Equals": (_spatial("Equals", polygon(POND)), "Ao"),
    "DWithin": (_near("DWithin", 95), "Ao"),
    "Beyond": (_near("Beyond", 95), "Hồ"),
    "bbox-axis-order": (
        _spatial("BBOX", envelope(_AROUND_LAKE, "urn:ogc:def:crs:EPSG::4326")),
        "Hồ",
    ),
}


def _asked(predicate: str, layer: str, name: str) -> Ask:
    none = _NONE.get(name)
    if none is None:
        return filtered(predicate, layer)
    return lambda s: (*filtered(none, layer)(s), *filtered(predicate, layer)(s))


for _name, (_predicate, _numbers) in _PLOTS.items():

    def _check_plots(*answers: Answer, wanted: str = _numbers) -> None:
        # What must choose nothing stands before the two that must choose something.
        for answer in answers[:-2]:
            assert names(answer, "parcels", "number") == []
        for answer in answers[-2:]:
            assert names(answer, "parcels", "number") == list(wanted)

    BOOK.demands(
        f"filter.{_name}",
        _asked(_predicate, "parcels", _name),
        _check_plots,
        refused(),
        dropped_all(MEMBER),
        put(f"{MEMBER}/diado:parcels/diado:number", "9"),
    )

for _name, (_predicate, _water) in _WATERS.items():

    def _check_waters(*answers: Answer, wanted: str = _water) -> None:
        for answer in answers:
            assert names(answer) == [f"{wanted} Thử"]

    BOOK.demands(
        f"filter.{_name}",
        filtered(_predicate),
        _check_waters,
        refused(),
        doubled(MEMBER),
        put(f"{MEMBER}/diado:water/diado:name", "Sông Thử"),
    )


def _box(corners: tuple[int, ...], srs_name: str) -> str:
    return ",".join(f"{x:.9f}" for x in expected_outline(corners, srs_name).bounds)


_DEGREES, _GRID = "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::5897"


@BOOK.states(
    "filter.bbox-parameter",
    several(
        features(BBOX=f"{_box(_AROUND_LAKE, _DEGREES)},{_DEGREES}"),
        # OWSLib and web clients write the short name, longitude first.
        features(BBOX=f"{_box(_AROUND_LAKE, 'urn:ogc:def:crs:OGC:1.3:CRS84')},EPSG:4326"),
        # Without a name it is the type's default system.
        features(BBOX=_box(_AROUND_LAKE, _GRID)),
        features(BBOX=f"{_box((-50, -50, 1550, 900), _DEGREES)},{_DEGREES}"),
    ),
    refused(),
    doubled(MEMBER),
)
def _bbox(*answers: Answer) -> None:
    *lakes, both = answers
    for answer in lakes:
        assert names(answer) == ["Hồ Thử"]
    assert sorted(map(str, names(both))) == ["Ao Thử", "Hồ Thử"]
