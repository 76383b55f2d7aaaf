"""Requests of a WMS that are right until a test spoils them."""

from __future__ import annotations

import re

GET_MAP = {
    "SERVICE": "WMS",
    "VERSION": "1.3.0",
    "REQUEST": "GetMap",
    "LAYERS": "parcels",
    "STYLES": "",
    "CRS": "EPSG:3857",
    "BBOX": "11780000,2395000,11780200,2395100",
    "WIDTH": "200",
    "HEIGHT": "100",
    "FORMAT": "image/png",
}
GET_INFO = {
    **{name: value for name, value in GET_MAP.items() if name != "FORMAT"},
    "REQUEST": "GetFeatureInfo",
    "QUERY_LAYERS": "parcels",
    "INFO_FORMAT": "application/json",
    "I": "100",
    "J": "50",
}


def ask(client, right, **spoilt):
    """Send a request with some parameters changed, or left out where they are None."""
    given = {**right, **spoilt}
    return client.get("/wms", {name: value for name, value in given.items() if value is not None})


def code_of(answer):
    """Return the code of a service exception, None for any other answer."""
    found = re.search(rb'<ServiceException(?: code="(\w*)"| |>)', answer.content)
    return None if found is None else (found[1] or b"").decode()
