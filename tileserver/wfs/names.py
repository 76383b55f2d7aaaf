"""The names that features and their types have in WFS; they never change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from landdata.errors import Missing
from tileserver.sight import layer_in_sight

if TYPE_CHECKING:
    from tileserver.layer import Layer

#: XML namespace of all feature types. It names the vocabulary, not a server, so that a client's
#: settings hold wherever the service runs.
NAMESPACE = "urn:diado:features:1"
PREFIX = "diado"
#: What a default namespace of a request makes of a type name without prefix.
_OF_THE_STANDARDS = "http://www.opengis.net/"
_LONGEST_NAME = 200

#: Element that holds the shape of a feature.
SHAPE = "shape"

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]|_(?=x)")
_HIDDEN = re.compile(r"_x([0-9A-F]{4,6})_")


def layer_of(name: str) -> Layer:
    """Return the layer by a type name: `parcels`, `diado:parcels` or `{namespace}parcels`.

    A prefix is not looked at: who leaves out its declaration still means the one namespace there
    is. Raises Missing.
    """
    namespace, brace, local = name.rpartition("}")
    if brace and namespace[1:] != NAMESPACE and not namespace[1:].startswith(_OF_THE_STANDARDS):
        raise Missing("feature_type", name=name[:_LONGEST_NAME])
    local = local.rpartition(":")[2]
    layer = layer_in_sight(local)
    if layer is None:
        raise Missing("feature_type", name=name[:_LONGEST_NAME])
    return layer


def type_name(layer: Layer) -> str:
    """Return the qualified name of a layer's features."""
    return f"{PREFIX}:{layer.id}"


def gml_id(feature_id: str) -> str:
    """Return a feature's id as an XML name; signs that none may hold are written as codes.

    >>> gml_id("roads.network.way/12")
    'roads.network.way_x002F_12'
    """
    return _NOT_IN_A_NAME.sub(lambda sign: f"_x{ord(sign.group()):04X}_", feature_id)


def feature_id(name: str) -> str:
    """Return the feature's id that an XML name stands for; an id that needed no codes is itself.

    >>> feature_id("roads.network.way_x002F_12")
    'roads.network.way/12'
    """
    return _HIDDEN.sub(lambda code: _sign(code.group(1), code.group()), name)


def _sign(code: str, otherwise: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number <= 0x10FFFF else otherwise
