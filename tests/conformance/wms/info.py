"""Clause 7.4: what lies at a point of a picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.conformance.damages import (
    Damage,
    cut_short,
    dropped_all,
    emptied,
    first,
    json_changed,
    refused,
    replaced,
    retyped,
    rewritten,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import (
    FRAME,
    NAMED,
    both,
    capabilities,
    corners,
    degrees,
    each,
    get_info,
)

if TYPE_CHECKING:
    from tests.conformance.answers import Answer

#: Where both zone A and the detailed zone A1 lie: 500 m east of the corner.
_BOTH_ZONES = {"LAYERS": "zones", "QUERY_LAYERS": "zones", "I": "125", "J": "50"}


def features(answer: Answer) -> list[dict[str, Any]]:
    """Return the features of an answer in JSON."""
    assert answer.status == 200, answer.content[:300]
    assert answer.media == "application/json"
    try:
        document = json.loads(answer.content)
    except ValueError as trouble:
        raise AssertionError(answer.content[:200]) from trouble
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def _values(answer: Answer, name: str) -> list[Any]:
    return [feature["properties"].get(name) for feature in features(answer)]


def _nobody(document: Any) -> None:
    document["features"].clear()


def _somebody_else(document: Any) -> None:
    document["features"][0]["properties"] = {"name": "Hồ khác", "label": "Z", "number": "0"}


SPOILT: tuple[Damage, ...] = (
    json_changed("nothing found", _nobody),
    json_changed("another found", _somebody_else),
    retyped("text/plain"),
    cut_short(),
    refused(),
)


def _is_the_lake(answer: Answer) -> None:
    assert _values(answer, "name") == ["Hồ Thử"]


for _name, _changes in {
    "getfeatureinfo.point": {},
    "getfeatureinfo.point.first-pixel": {"I": "0", "J": "0"},
    "getfeatureinfo.point.last-pixel-of-the-lake": {"I": "99", "J": "99"},
    "getfeatureinfo.crs.latitude-first": {
        "CRS": "EPSG:4326",
        "BBOX": degrees(*FRAME, north_first=True),
    },
    "getfeatureinfo.crs.longitude-first": {
        "CRS": "CRS:84",
        "BBOX": degrees(*FRAME, north_first=False),
    },
    "getfeatureinfo.query-layers.fewer-than-layers": {"LAYERS": "water,zones", "STYLES": ","},
    "getfeatureinfo.query-layers.two": {
        "LAYERS": "water,zones",
        "STYLES": ",",
        "QUERY_LAYERS": "water,zones",
    },
    "getfeatureinfo.query-layers.three": {
        "LAYERS": "water,zones,roads",
        "STYLES": ",,",
        "QUERY_LAYERS": "water,zones,roads",
    },
}.items():
    BOOK.demands(_name, get_info(**_changes), _is_the_lake, *SPOILT)


@BOOK.states(
    "getfeatureinfo.point.beside",
    get_info(I="100"),
    json_changed("something found", lambda d: d["features"].append({"properties": {}})),
    retyped("text/plain"),
)
def the_next_pixel_is_dry(answer: Answer) -> None:
    assert features(answer) == []


@BOOK.states(
    "getfeatureinfo.point.two-layers-two-answers",
    get_info(
        LAYERS="zones,parcels",
        STYLES=",",
        QUERY_LAYERS="zones,parcels",
        BBOX=corners(500, 100, 620, 140),
        WIDTH="120",
        HEIGHT="40",
        I="60",
        J="20",
        FEATURE_COUNT="5",
    ),
    *SPOILT,
)
def every_asked_layer_answers(answer: Answer) -> None:
    assert "2" in _values(answer, "number")
    assert {"A", "A1"} <= set(_values(answer, "label"))


def _fewer(one: Answer, two: Answer) -> None:
    assert len(features(one)) == 1
    assert sorted(_values(two, "label")) == ["A", "A1"]
    assert len(one.content) < len(two.content)


for _name, _count in {
    "getfeatureinfo.feature-count.default": None,
    "getfeatureinfo.feature-count.one": "1",
}.items():
    BOOK.demands(
        _name,
        both(
            get_info(**_BOTH_ZONES, FEATURE_COUNT=_count),
            get_info(**_BOTH_ZONES, FEATURE_COUNT="2"),
        ),
        _fewer,
        *SPOILT,
        first(json_changed("twice", lambda d: d["features"].extend(d["features"][:]))),
    )


@BOOK.states(
    "getfeatureinfo.info-format.each",
    each(
        "//wms:Request/wms:GetFeatureInfo/wms:Format",
        lambda kind: get_info(INFO_FORMAT=kind),
    ),
    retyped("application/octet-stream"),
    rewritten("Hồ Thử", "Hồ khác"),
    emptied(),
)
def each_format_names_the_lake(offered: Answer, *answers: Answer) -> None:
    assert {a.asked["info_format"] for a in answers} >= {"application/json", "text/html"}
    for answer in answers:
        assert answer.status == 200
        assert answer.media == answer.asked["info_format"].partition(";")[0]
        assert "Hồ Thử" in answer.content.decode()


@BOOK.states(
    "getfeatureinfo.info-format.gml",
    get_info(INFO_FORMAT="application/vnd.ogc.gml"),
    dropped_all("//*[local-name()='name']"),
    rewritten("gml:featureMember", "gml:member"),
    replaced("<html>"),
)
def gml_is_a_collection(answer: Answer) -> None:
    assert answer.one("//gml:featureMember/*/*[local-name()='name']").text == "Hồ Thử"


@BOOK.states(
    "getfeatureinfo.query-layers.each",
    each(
        f"{NAMED}[@queryable='1']/wms:Name",
        lambda name: get_info(LAYERS=name, QUERY_LAYERS=name),
    ),
    retyped("text/xml"),
    refused(),
    cut_short(),
)
def each_queryable_layer_answers(offered: Answer, *answers: Answer) -> None:
    assert answers
    for answer in answers:
        features(answer)


@BOOK.states(
    "getfeatureinfo.time.each-day",
    both(
        *(
            get_info(LAYERS="zones", QUERY_LAYERS="zones", I="350", J="50", TIME=day)
            for day in ("2020-06-15", "2021-01-01")
        )
    ),
    *SPOILT,
    first(json_changed("another", lambda d: d["features"][0]["properties"].update(function="?"))),
)
def each_day_has_its_answer(before: Answer, after: Answer) -> None:
    assert _values(before, "function") == ["DAT_O_Nhomnhao"]
    assert _values(after, "function") == ["DAT_HTXH_Yte"]


@BOOK.states(
    "getfeatureinfo.supported",
    capabilities,
    dropped_all("//wms:Request/wms:GetFeatureInfo"),
    dropped_all("//wms:Layer[@queryable='1']"),
)
def it_is_offered(answer: Answer) -> None:
    assert answer.find("//wms:Request/wms:GetFeatureInfo")
    assert answer.find("//wms:Layer[@queryable='1']/wms:Name")
