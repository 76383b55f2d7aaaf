"""What a service was asked and what it answered; nothing here knows a standard."""

from __future__ import annotations

import functools
import io
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin

import numpy as np
from lxml import etree
from PIL import Image, UnidentifiedImageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

NAMESPACES = {
    "wms": "http://www.opengis.net/wms",
    "ogc": "http://www.opengis.net/ogc",
    "sld": "http://www.opengis.net/sld",
    "wmts": "http://www.opengis.net/wmts/1.0",
    "ows": "http://www.opengis.net/ows/1.1",
    "gml": "http://www.opengis.net/gml",
    "gml32": "http://www.opengis.net/gml/3.2",
    "wfs": "http://www.opengis.net/wfs/2.0",
    "fes": "http://www.opengis.net/fes/2.0",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "diado": "urn:diado:features:1",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
TIMEOUT_S = 60
#: Nothing outside is ever fetched, whatever a document names.
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@dataclass(frozen=True)
class Answer:
    """One answer, with the address and the parameters (lower-case names) that it answers."""

    url: str
    asked: Mapping[str, str]
    status: int
    #: Names in lower case.
    headers: Mapping[str, str]
    content: bytes

    @property
    def media(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @functools.cached_property
    def xml(self) -> Any:
        """The document's root. Raises AssertionError when it is no XML."""
        try:
            return etree.fromstring(self.content, PARSER)
        except etree.XMLSyntaxError as trouble:
            raise AssertionError(f"no XML: {trouble}: {self.content[:200]!r}") from trouble

    @functools.cached_property
    def picture(self) -> Image.Image:
        """The picture. Raises AssertionError when it is none."""
        try:
            found = Image.open(io.BytesIO(self.content))
            found.load()
        except (UnidentifiedImageError, OSError, SyntaxError) as trouble:
            raise AssertionError(f"no picture: {self.content[:200]!r}") from trouble
        return found

    @functools.cached_property
    def pixels(self) -> NDArray[np.integer]:
        """Rows, columns and red, green, blue, opacity, each 0 to 255."""
        return np.asarray(self.picture.convert("RGBA")).astype(int)

    def find(self, path: str) -> list[Any]:
        """Return what an XPath finds in the document."""
        found: list[Any] = self.xml.xpath(path, namespaces=NAMESPACES)
        return found

    def one(self, path: str) -> Any:
        """Return the first thing an XPath finds. Raises AssertionError where nothing is."""
        found = self.find(path)
        assert found, f"nothing at {path}"
        return found[0]

    def with_xml(self, root: Any) -> Answer:
        """Return this answer with another document."""
        return replace(self, content=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


Answers = tuple[Answer, ...]


@dataclass
class Service:
    """A service at an address; what was answered once is remembered."""

    base: str
    path: str
    _known: dict[tuple[str, bytes | None], Answer] = field(default_factory=dict)

    def ask(self, /, path: str | None = None, **parameters: object) -> Answer:
        """Return the answer to a GET with these parameters, in this order.

        Parameter names are sent as they are written.
        """
        pairs = [(name, str(value)) for name, value in parameters.items()]
        return self.ask_pairs(pairs, path=path)

    def ask_pairs(self, pairs: Sequence[tuple[str, str]], *, path: str | None = None) -> Answer:
        """Return the answer to a GET with parameters that may come more than once."""
        query = urlencode(pairs, quote_via=quote, safe=",:/")
        return self.ask_query(query, path=path, asked={n.lower(): v for n, v in pairs})

    def ask_query(
        self, query: str, *, path: str | None = None, asked: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer to a GET with a query exactly as written."""
        url = urljoin(self.base, path or self.path) + (f"?{query}" if query else "")
        return self.fetch(url, asked=asked)

    def fetch(self, url: str, *, asked: Mapping[str, str] | None = None) -> Answer:
        """Return what lies at an address of this service."""
        assert url.startswith(self.base), f"{url} is not below {self.base}"
        return self._fetch(url, asked or {}, None)

    def post(self, document: str) -> Answer:
        """Return the answer to an XML document that is posted to the service."""
        return self._fetch(urljoin(self.base, self.path), {}, document.encode())

    def _fetch(self, url: str, asked: Mapping[str, str], body: bytes | None) -> Answer:
        key = (url, body)
        if key not in self._known:
            self._known[key] = _fetched(url, asked, body)
        return self._known[key]


def _fetched(url: str, asked: Mapping[str, str], body: bytes | None) -> Answer:
    headers = {"Accept": "*/*", **({"Content-Type": "text/xml"} if body is not None else {})}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return _answer(url, asked, answer.status, answer.headers.items(), answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return _answer(url, asked, refusal.code, refusal.headers.items(), refusal.read())


def _answer(url: str, asked: Mapping[str, str], status: int, headers: Any, body: bytes) -> Answer:
    return Answer(url, asked, status, {name.lower(): value for name, value in headers}, body)
