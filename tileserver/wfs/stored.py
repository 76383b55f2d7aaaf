"""The stored query that every service has: a feature by its id (OGC 09-025r2 clause 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, override
from lxml import etree

from tileserver.sight import layers_in_sight
from tileserver.wfs.collection import WFS, XSI
from tileserver.wfs.names import NAMESPACE, PREFIX, type_name
from tileserver.wfs.parts import BY_ID
from tileserver.wfs.problems import XML_LANG, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"
_XSD = "http://www.w3.org/2001/XMLSchema"
_PREFIXES = {"wfs": WFS, "xsi": XSI, "xsd": _XSD, PREFIX: NAMESPACE}


def listed() -> bytes:
    """Return what ListStoredQueries answers: the query, and which types it can give."""
    root = etree.Element(f"{{{WFS}}}ListStoredQueriesResponse", nsmap=_PREFIXES)
    query = etree.SubElement(root, f"{{{WFS}}}StoredQuery", id=BY_ID)
    _titles(query)
    for layer in layers_in_sight():
        etree.SubElement(query, f"{{{WFS}}}ReturnFeatureType").text = type_name(layer)
    return _bytes(root)


def described(ids: Sequence[str] | None) -> bytes:
    """Return what DescribeStoredQueries answers. Raises Problem for a query there is not."""
    for asked in ids or ():
        if asked != BY_ID:
            raise problem(
                "InvalidParameterValue", "STOREDQUERY_ID", "wfs_stored_query", given=asked[:80]
            )
    root = etree.Element(f"{{{WFS}}}DescribeStoredQueriesResponse", nsmap=_PREFIXES)
    query = etree.SubElement(root, f"{{{WFS}}}StoredQueryDescription", id=BY_ID)
    _titles(query)
    parameter = etree.SubElement(query, f"{{{WFS}}}Parameter", name="ID", type="xsd:string")
    _said(parameter, "Title", "wfs.query_id")
    etree.SubElement(
        query,
        f"{{{WFS}}}QueryExpressionText",
        isPrivate="true",
        language=_LANGUAGE,
        returnFeatureTypes=" ".join(type_name(layer) for layer in layers_in_sight()),
    )
    return _bytes(root)


def _titles(query: etree._Element) -> None:
    _said(query, "Title", "wfs.query_by_id")


def _said(parent: etree._Element, name: str, sentence: str) -> None:
    for language in ("vi", "en"):
        made = etree.SubElement(parent, f"{{{WFS}}}{name}")
        made.set(XML_LANG, language)
        with override(language):
            made.text = gettext(sentence)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
