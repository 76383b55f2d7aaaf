"""The catalogue of layers laid out for people: what its pages print, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from tileserver.catalogue.facts import Facts, facts_of
from tileserver.catalogue.licences import licence_address
from tileserver.catalogue.qgis import SCALE_OF_ZOOM_0
from tileserver.catalogue.services import Protocol, has_features, services, spreadsheet, ways_out
from tileserver.layer import Kind
from tileserver.layers import MAP_LAYERS
from tileserver.legend import legend_entries
from webmap import figures

if TYPE_CHECKING:
    import datetime as dt

    from django.utils.functional import _StrPromise

    from tileserver.catalogue.services import Service
    from tileserver.layer import Attribute, Layer

#: Headings in the order in which they stand, by the group that a layer names.
GROUPS: dict[str, _StrPromise] = {
    "": gettext_lazy("Land and plans"),
    "plans": gettext_lazy("Plans and projects"),
    "transport": gettext_lazy("Transport"),
    "water": gettext_lazy("Water and dykes"),
    "supply": gettext_lazy("Power and pipes"),
    "limits": gettext_lazy("Lines and distances"),
    "town": gettext_lazy("Buildings and services"),
    "units": gettext_lazy("Administrative units"),
    "ground": gettext_lazy("Ground"),
}
KINDS: dict[Kind, _StrPromise] = {
    Kind.TEXT: gettext_lazy("text"),
    Kind.INTEGER: gettext_lazy("whole number"),
    Kind.NUMBER: gettext_lazy("number"),
    Kind.DATE: gettext_lazy("date"),
    Kind.TRUTH: gettext_lazy("yes or no"),
    Kind.UUID: gettext_lazy("identifier"),
}
PROTOCOLS: dict[Protocol, _StrPromise] = {
    Protocol.WMS: gettext_lazy("Map pictures"),
    Protocol.WMTS: gettext_lazy("Map tiles, ready-made"),
    Protocol.WFS: gettext_lazy("Features with attributes"),
    Protocol.FEATURES: gettext_lazy("Features for web programs"),
    Protocol.TILES: gettext_lazy("Vector tiles"),
}
_UNITS = {"m2": "m²"}


@dataclass(frozen=True)
class Address:
    """An address to copy, and what the layer is called there."""

    protocol: str
    meaning: str
    address: str
    name: str = ""


@dataclass(frozen=True)
class Licence:
    """A licence by the words of its owner; the address of its text where we know it."""

    text: str
    address: str | None


@dataclass(frozen=True)
class AttributeRow:
    """A line of the table of attributes."""

    name: str
    title: str
    kind: str
    unit: str
    is_in_tiles: bool


@dataclass(frozen=True)
class LegendRow:
    """A sign and what it stands for."""

    colour: str
    shape: str
    title: str


@dataclass(frozen=True)
class LayerLayout:
    """What the pages print of one layer."""

    id: str
    title: str
    abstract: str
    heading: str
    colour: str
    shape: str
    is_empty: bool
    data_date: str
    modified: str
    sources: tuple[str, ...]
    licences: tuple[Licence, ...]
    scales: str
    zooms: str

    @property
    def has_licence(self) -> bool:
        """Whether any data set says how its data may be used."""
        return bool(self.licences)


@dataclass(frozen=True)
class LayerDetails:
    """What only the page of a layer prints."""

    attributes: tuple[AttributeRow, ...]
    addresses: tuple[Address, ...]
    spreadsheet: str
    legend: tuple[LegendRow, ...]
    changes: str


def headed_layers() -> list[tuple[str, list[LayerLayout]]]:
    """Return all layers below their headings, in the headings' order."""
    facts = facts_of()
    order = list(GROUPS)
    layers = sorted(MAP_LAYERS, key=lambda layer: order.index(layer.group))
    return [
        (str(GROUPS[group]), [lay_out(layer, facts[layer.id]) for layer in of_group])
        for group, of_group in groupby(layers, key=lambda layer: layer.group)
    ]


def lay_out(layer: Layer, known: Facts) -> LayerLayout:
    """Return what the pages print of a layer."""
    return LayerLayout(
        id=layer.id,
        title=figures.name(layer.title_vi, layer.title_en),
        abstract=figures.name(layer.abstract_vi, layer.abstract_en),
        heading=str(GROUPS[layer.group]),
        colour=layer.colour,
        shape=layer.shape.value,
        is_empty=known.is_empty,
        data_date=figures.day(known.data_date) if known.data_date else "",
        modified=_day_of(known.modified),
        sources=tuple(figures.name(s.title_vi, s.title_en) for s in known.sources),
        licences=_licences(layer, known),
        scales=_scales(layer),
        zooms=f"{layer.min_zoom}-{layer.max_zoom}",
    )


def details(layer: Layer, base: str, *, as_of: dt.date) -> LayerDetails:
    """Return the rest of what the layer's own page prints."""
    return LayerDetails(
        attributes=tuple(_attribute(attribute) for attribute in layer.attributes),
        addresses=tuple(
            Address(way.protocol.value, str(PROTOCOLS[way.protocol]), way.address, way.name)
            for way in ways_out(layer, base)
        ),
        spreadsheet=spreadsheet(layer, base) if has_features(layer) else "",
        legend=_legend(layer, as_of=as_of),
        changes=f"{base}api/layers/{layer.id}/changes?since=0" if has_features(layer) else "",
    )


def service_addresses(base: str) -> tuple[Address, ...]:
    """Return the addresses that serve every layer."""
    return tuple(_service(service) for service in services(base))


def _service(service: Service) -> Address:
    return Address(service.protocol.value, str(PROTOCOLS[service.protocol]), service.endpoint)


def _attribute(attribute: Attribute) -> AttributeRow:
    return AttributeRow(
        name=attribute.name,
        title=figures.name(attribute.title_vi, attribute.title_en),
        kind=str(KINDS[attribute.kind]),
        unit=_UNITS.get(attribute.unit, attribute.unit),
        is_in_tiles=attribute.in_tiles,
    )


def _licences(layer: Layer, known: Facts) -> tuple[Licence, ...]:
    """Return the words of the data sets, else whom the layer asks to name."""
    words = dict.fromkeys(source.licence for source in known.sources if source.licence)
    texts = list(words) or ([layer.attribution] if layer.attribution else [])
    return tuple(Licence(text, licence_address(text)) for text in texts)


def _scales(layer: Layer) -> str:
    """Return from which scale on the layer is drawn, with two digits that mean something."""
    denominator = SCALE_OF_ZOOM_0 / 2**layer.min_zoom
    step = 10 ** (len(str(int(denominator))) - 2)
    text = figures.number(round(denominator / step) * step)
    return gettext("from 1:%(denominator)s on") % {"denominator": text}


def _legend(layer: Layer, *, as_of: dt.date) -> tuple[LegendRow, ...]:
    """Return the signs of the layer: of its rules, or of the functions of zones in force."""
    return tuple(
        LegendRow(entry.colour, layer.shape.value, figures.name(entry.title_vi, entry.title_en))
        for entry in legend_entries(layer, as_of=as_of)
    )


def _day_of(moment: dt.datetime | None) -> str:
    return figures.day(timezone.localtime(moment).date()) if moment else ""
