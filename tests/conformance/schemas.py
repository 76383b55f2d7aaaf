"""The standards' own schemas and document types, read from the MapProxy package.

MapProxy brings copies of the OGC's files for its own tests. Nothing is fetched: what they import
lies beside them.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mapproxy.test
from lxml import etree

if TYPE_CHECKING:
    from tests.conformance.answers import Answer

FOLDER = Path(mapproxy.test.__file__).parent / "schemas"
WMS_CAPABILITIES = "sld/1.1.0/sld_capabilities.xsd"
WMS_EXCEPTIONS = "wms/1.3.0/exceptions_1_3_0.xsd"
WMS_CAPABILITIES_111 = "wms/1.1.1/WMS_MS_Capabilities.dtd"
WMS_EXCEPTIONS_111 = "wms/1.1.1/WMS_exception_1_1_1.dtd"
WMTS_CAPABILITIES = "wmts/1.0/wmtsGetCapabilities_response.xsd"
OWS_EXCEPTIONS = "ows/1.1.0/owsExceptionReport.xsd"


@functools.cache
def _schema(name: str) -> Any:
    path = FOLDER / name
    if path.suffix == ".dtd":
        return etree.DTD(str(path))
    return etree.XMLSchema(etree.parse(str(path), etree.XMLParser(no_network=True)))


def assert_valid(answer: Answer, name: str) -> None:
    """Raise AssertionError with what the schema complains of."""
    schema = _schema(name)
    assert schema.validate(answer.xml), "; ".join(
        f"line {error.line}: {error.message}" for error in list(schema.error_log)[:5]
    )
