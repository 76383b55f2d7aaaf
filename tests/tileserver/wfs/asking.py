"""Asking the WFS as a client does, and reading what it says with lxml."""

from __future__ import annotations

import gzip
import json
from typing import Any

from django.test import Client
from lxml import etree

NS = {
    "wfs": "http://www.opengis.net/wfs/2.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "ows": "http://www.opengis.net/ows/1.1",
    "fes": "http://www.opengis.net/fes/2.0",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "diado": "urn:diado:features:1",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


def get(request: str = "GetFeature", **pairs: Any):
    """Ask by key-value pairs; None leaves a parameter out."""
    whole = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": request, **pairs}
    return read(Client().get("/wfs", {k: str(v) for k, v in whole.items() if v is not None}))


def post(content: str | bytes, **headers: str):
    """Ask by XML."""
    return read(Client().post("/wfs", content, content_type="text/xml", headers=headers))


def get_feature(
    inside: str = "", *, attributes: str = "", query: str = 'typeNames="diado:parcels"'
):
    """Ask GetFeature by XML, with something inside its one query."""
    return post(
        f'<wfs:GetFeature {_DECLARED} service="WFS" version="2.0.0" {attributes}>'
        f"<wfs:Query {query}>{inside}</wfs:Query></wfs:GetFeature>"
    )


def filtered(predicate: str, **values: Any):
    """Ask GetFeature by XML with a filter."""
    return get_feature(f"<fes:Filter>{predicate}</fes:Filter>", **values)


def kvp_filter(predicate: str) -> str:
    """Return a filter as the FILTER parameter carries it."""
    return f"<fes:Filter {_DECLARED}>{predicate}</fes:Filter>"


def read(response):
    """Read an answer to its end, as a server sends it: a half-read one keeps a transaction open."""
    response.whole = (
        b"".join(response.streaming_content) if response.streaming else response.content
    )
    return response


def body(response) -> bytes:
    """Return the whole answer, unpacked."""
    packed = response.get("Content-Encoding") == "gzip"
    return gzip.decompress(response.whole) if packed else response.whole


def xml(response) -> etree._Element:
    """Return the answer's tree; it must be one."""
    assert response.status_code == 200, body(response).decode()
    return etree.fromstring(body(response))


def features(response) -> list[dict]:
    """Return the features of a GeoJSON answer."""
    assert response.status_code == 200, body(response).decode()
    return json.loads(body(response))["features"]


def texts(root, path: str) -> list[str]:
    """Return the texts of all elements on a path."""
    return [element.text for element in root.iterfind(path, NS)]


def numbers(response) -> str:
    """Return the plot numbers of an answer in its order, one after the other."""
    return "".join(texts(xml(response), ".//diado:number"))


def problem(response) -> tuple[int, str, str]:
    """Return status, code and locator of an exception report."""
    root = etree.fromstring(body(response))
    (exception,) = root.iterfind("ows:Exception", NS)
    assert response["Cache-Control"] == "no-store"
    assert len(texts(exception, "ows:ExceptionText")) == 2
    return response.status_code, str(exception.get("exceptionCode")), str(exception.get("locator"))
