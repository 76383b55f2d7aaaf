"""Clause 7.2.4.6 and annex C.2: what the capabilities say of the layers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests.conformance.damages import (
    added,
    doubled,
    dropped,
    dropped_all,
    emptied,
    marked,
    put,
    refused,
    resized,
    retyped,
)
from tests.conformance.wms import BOOK
from tests.conformance.wms.asking import NAMED, capabilities, linked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tests.conformance.answers import Answer
    from tests.conformance.assertions import Check

GEOGRAPHIC = "wms:EX_GeographicBoundingBox"
BOX = "//wms:Layer/wms:BoundingBox"
_TIME = "//wms:Layer/wms:Dimension"


def named(answer: Answer) -> list[Any]:
    """Return the layers that can be asked for; there are some."""
    found = answer.find(NAMED)
    assert found, "no layer has a name"
    return found


def label(layer: Any) -> str:
    """Return what to call a layer in a complaint."""
    return str(layer.findtext("{*}Name") or layer.findtext("{*}Title"))


def _none(path: str) -> Check:
    """Return the checker that nothing in the layers fits an XPath."""

    def check(answer: Answer) -> None:
        named(answer)
        found = answer.find(path)
        assert not found, [label(element.getparent()) for element in found[:5]]

    return check


def _every(path: str) -> Check:
    """Return the checker that an XPath finds something at every named layer."""

    def check(answer: Answer) -> None:
        for layer in named(answer):
            assert layer.xpath(path, namespaces={"wms": "http://www.opengis.net/wms"}), label(layer)

    return check


@BOOK.states("layer.one-root", capabilities, doubled("//wms:Capability/wms:Layer"))
def there_is_one_root(answer: Answer) -> None:
    assert len(answer.find("//wms:Capability/wms:Layer")) == 1


@BOOK.states(
    "layer.titles", capabilities, put(f"{NAMED}/wms:Title", ""), dropped(f"{NAMED}/wms:Title")
)
def every_layer_has_a_title(answer: Answer) -> None:
    for layer in answer.find("//wms:Layer"):
        assert (layer.findtext("{*}Title") or "").strip()


@BOOK.states("layer.names-unique", capabilities, doubled("(//wms:Layer/wms:Layer)[last()]"))
def names_are_unique(answer: Answer) -> None:
    names = [layer.findtext("{*}Name") for layer in named(answer)]
    assert len(names) == len(set(names))


@BOOK.states(
    "layer.names-fit-in-lists",
    capabilities,
    put(f"{NAMED}/wms:Name", "a,b"),
    put(f"{NAMED}/wms:Name", ""),
)
def names_fit_in_lists(answer: Answer) -> None:
    for layer in named(answer):
        name = layer.findtext("{*}Name")
        assert name
        assert "," not in name


for _name, _path, _damages in (
    ("layer.abstract", "wms:Abstract[normalize-space()]", dropped(f"{NAMED}/wms:Abstract")),
    ("layer.keywords", "wms:KeywordList/wms:Keyword", dropped(f"{NAMED}/wms:KeywordList")),
    (
        "layer.metadata-url",
        "self::*[wms:Layer] | wms:MetadataURL",
        dropped(f"{NAMED}/wms:MetadataURL"),
    ),
    (
        "layer.crs.present",
        "ancestor-or-self::wms:Layer/wms:CRS",
        dropped_all("//wms:Layer/wms:CRS"),
    ),
    (
        "layer.crs.geographic",
        "ancestor-or-self::wms:Layer/wms:CRS[.='CRS:84' or .='EPSG:4326']",
        dropped_all("//wms:Layer/wms:CRS[.='CRS:84' or .='EPSG:4326']"),
    ),
    (
        "layer.geographic-box.present",
        f"ancestor-or-self::wms:Layer/{GEOGRAPHIC}",
        dropped_all(f"//{GEOGRAPHIC}"),
    ),
    (
        "layer.box.present",
        "ancestor-or-self::wms:Layer/wms:BoundingBox",
        dropped_all(BOX),
    ),
    (
        "layer.style.present",
        "self::*[wms:Layer] | ancestor-or-self::wms:Layer/wms:Style",
        dropped_all("//wms:Layer/wms:Style"),
    ),
):
    BOOK.demands(_name, capabilities, _every(_path), _damages)

for _name, _path, _damages in (
    (
        "layer.crs.auto-without-variables",
        "//wms:Layer/wms:CRS[starts-with(., 'AUTO2:') and contains(., ',')]",
        added("//wms:Layer", "<wms:CRS>AUTO2:42001,1,105,21</wms:CRS>"),
    ),
    (
        "layer.crs.once",
        "//wms:Layer/wms:CRS[. = following-sibling::wms:CRS]",
        doubled("//wms:Layer/wms:CRS"),
    ),
    (
        "layer.crs.namespace",
        "//wms:Layer/wms:CRS[not(contains(., ':'))]",
        put("//wms:Layer/wms:CRS", "4326"),
    ),
    (
        "layer.box.advertised-crs",
        "//wms:Layer/wms:BoundingBox[not(@CRS = ancestor-or-self::wms:Layer/wms:CRS)]",
        marked(BOX, "CRS", "EPSG:32648"),
    ),
    (
        "layer.box.one-per-crs",
        "//wms:Layer/wms:BoundingBox[@CRS = following-sibling::wms:BoundingBox/@CRS]",
        doubled(BOX),
    ),
    (
        "layer.style.not-redefined",
        "//wms:Layer/wms:Style[wms:Name = ../ancestor::wms:Layer/wms:Style/wms:Name]",
        added(
            "//wms:Layer[wms:Layer[wms:Style]]",
            "<wms:Style><wms:Name>default</wms:Name><wms:Title>x</wms:Title></wms:Style>",
        ),
    ),
    (
        "layer.style.named",
        "//wms:Layer/wms:Style[not(normalize-space(wms:Name)) or not(normalize-space(wms:Title))]",
        put("//wms:Layer/wms:Style/wms:Title", ""),
    ),
    (
        "layer.authority.not-redefined",
        "//wms:AuthorityURL[@name = ../ancestor::wms:Layer/wms:AuthorityURL/@name]",
        added(
            "//wms:Layer[wms:Layer]",
            '<wms:Layer><wms:AuthorityURL name="a"/><wms:Layer><wms:AuthorityURL name="a"/>'
            "</wms:Layer></wms:Layer>",
        ),
    ),
    (
        "layer.identifier.has-authority",
        "//wms:Identifier[not(@authority = ../ancestor-or-self::wms:Layer/wms:AuthorityURL/@name)]",
        added(NAMED, '<wms:Identifier authority="nobody">1</wms:Identifier>'),
    ),
    (
        "layer.dimension.time-units",
        "//wms:Dimension[@name='time' and not(@units='ISO8601')]",
        marked(_TIME, "units", "days"),
    ),
    (
        "layer.dimension.not-redeclared",
        "//wms:Dimension[@name = ../ancestor::wms:Layer/wms:Dimension/@name and"
        " not(@units = ../ancestor::wms:Layer/wms:Dimension/@units)]",
        added(
            f"{NAMED}[ancestor-or-self::wms:Layer/wms:Dimension]",
            '<wms:Layer><wms:Dimension name="time" units="days"/></wms:Layer>',
        ),
    ),
    (
        "layer.dimension.default",
        "//wms:Dimension[not(@default) or @default='']",
        marked(_TIME, "default", None),
    ),
    (
        "layer.dimension.name-without-blanks",
        "//wms:Dimension[translate(@name, ' ', 'X') != @name]",
        marked(_TIME, "name", "the time"),
    ),
    (
        "layer.queryable.truth",
        "//wms:Layer[@queryable and not(@queryable='0' or @queryable='1' or @queryable='true'"
        " or @queryable='false')]",
        marked("//wms:Layer[@queryable]", "queryable", "yes"),
    ),
    (
        "layer.no-subset-limits",
        "//wms:Layer[@noSubsets='1' or @fixedWidth > 0 or @fixedHeight > 0]",
        marked(NAMED, "noSubsets", "1"),
    ),
):
    BOOK.demands(_name, capabilities, _none(_path), _damages)


def _extents(element: Any) -> Iterator[tuple[dt.date, dt.date]]:
    for part in (element.text or "").split(","):
        ends = part.strip().split("/")
        if len(ends) == 3:
            assert ends[2].startswith("P"), part
            yield dt.date.fromisoformat(ends[0]), dt.date.fromisoformat(ends[1])
        else:
            (day,) = ends
            yield dt.date.fromisoformat(day), dt.date.fromisoformat(day)


@BOOK.states(
    "layer.dimension.time-extent",
    capabilities,
    put(_TIME, "2026-13-01"),
    put(_TIME, "2020-01-01/2030-01-01"),
    put(_TIME, "2000-01-01/2000-01-02/P1D"),
    dropped_all(_TIME),
)
def days_are_written_by_the_rule(answer: Answer) -> None:
    found = answer.find(f"{_TIME}[@name='time']")
    assert found
    for element in found:
        try:
            extents = list(_extents(element))
        except ValueError as trouble:
            raise AssertionError(element.text) from trouble
        default = element.get("default")
        day = dt.date.today() if default == "current" else dt.date.fromisoformat(default[:10])  # noqa: DTZ011 -- the server's own day
        assert any(first <= day <= last for first, last in extents)


@BOOK.states(
    "layer.style.legend",
    linked("//wms:Layer/wms:Style/wms:LegendURL"),
    retyped("text/html"),
    resized(),
    refused(404),
    emptied(),
)
def legends_are_what_is_said_of_them(offered: Answer, *legends: Answer) -> None:
    said = offered.find("//wms:Layer/wms:Style/wms:LegendURL")
    assert len(said) == len(legends) > 0
    for element, legend in zip(said, legends, strict=True):
        assert legend.status == 200
        assert legend.media == element.findtext("{*}Format")
        assert legend.picture.size == (int(element.get("width")), int(element.get("height")))


def _resources(path: str) -> Check:
    def check(offered: Answer, *resources: Answer) -> None:
        said = offered.find(path)
        assert len(said) == len(resources) > 0
        for element, resource in zip(said, resources, strict=True):
            assert resource.status == 200, resource.url
            assert resource.media == (element.findtext("{*}Format") or "").partition(";")[0]
            assert resource.content

    return check


for _name, _path in {
    "layer.metadata-url.format": "//wms:Layer/wms:MetadataURL",
    "layer.data-url": "//wms:Layer/wms:DataURL",
}.items():
    BOOK.demands(
        _name, linked(_path), _resources(_path), retyped("image/png"), refused(404), emptied()
    )


@BOOK.states(
    "layer.metadata-url.type",
    capabilities,
    marked("//wms:MetadataURL", "type", ""),
    dropped_all("//wms:MetadataURL"),
)
def metadata_have_a_type(answer: Answer) -> None:
    found = answer.find("//wms:Layer/wms:MetadataURL")
    assert found
    assert all(element.get("type") for element in found)


@BOOK.states(
    "layer.attribution",
    capabilities,
    dropped_all("//wms:Attribution/wms:Title"),
    put("//wms:Attribution/wms:Title", ""),
)
def attributions_name_somebody(answer: Answer) -> None:
    found = answer.find("//wms:Layer/wms:Attribution")
    assert found
    assert all((element.findtext("{*}Title") or "").strip() for element in found)


@BOOK.states("layer.queryable.some", capabilities, dropped_all("//wms:Layer[@queryable='1']"))
def some_layers_can_be_asked(answer: Answer) -> None:
    assert answer.find("//wms:Layer[wms:Name and (@queryable='1' or @queryable='true')]")
