"""A FastCGI client for the MapServer pool (FastCGI specification 1.0, sections 3.3, 5 and 8)."""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tileserver.mapserver import sockets

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping
    from pathlib import Path

_HEADER = struct.Struct("!BBHHBx")
_VERSION, _REQUEST_ID, _RESPONDER = 1, 1, 1
_BEGIN_REQUEST, _END_REQUEST, _PARAMS, _STDIN, _STDOUT, _STDERR = 1, 3, 4, 5, 6, 7
#: The length of a record's content is given in two bytes.
_RECORD_BYTES = 65_535
#: Longest header block that we read; MapServer's own are below 1 kB.
_HEADER_BYTES = 16_384

#: Would choose or alter the mapfile, or make MapServer fetch an address: never sent.
_REFUSED_NAMES = frozenset({"map", "sld", "qfile", "mapxy", "context"})
_REFUSED_PREFIXES = ("map.", "map_")
#: The one number of a mapfile that may be set: pixels an inch, for paper.
_RESOLUTION = "map_resolution"


class MapServerError(Exception):
    """MapServer gave no usable answer."""


class Unavailable(MapServerError):
    """Nobody listens at the socket, or the process died before it answered."""


class TooSlow(MapServerError):
    """The answer was not complete in time."""


class TooLarge(MapServerError):
    """The answer is larger than we are ready to hold."""


class Broken(MapServerError):
    """What came back is not a FastCGI answer."""


class RefusedParameter(ValueError):
    """A parameter that could point MapServer at other files or addresses."""


@dataclass(frozen=True)
class Response:
    """An answer of MapServer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type, with its parameters."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True)
class Client:
    """Asks the pool behind one socket; every request has its own connection.

    Public: `request`. Safe to share between threads.
    """

    path: Path
    #: Seconds for one whole answer, waiting for a free process included.
    timeout_s: float = 20.0
    max_bytes: int = 32 * 1024 * 1024

    def request(
        self, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return MapServer's answer to a GET with `params`.

        `headers` are CGI variables to add, such as HTTP_HOST. Raises a MapServerError when there
        is no answer, and RefusedParameter for names that could choose another mapfile.
        """
        for name, value in params.items():
            if name == _RESOLUTION and value.isascii() and value.isdecimal():
                continue
            if name.lower() in _REFUSED_NAMES or name.lower().startswith(_REFUSED_PREFIXES):
                raise RefusedParameter(name)
        variables = {
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SCRIPT_NAME": "/",
            **(headers or {}),
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": urlencode(params),
        }
        until = time.monotonic() + self.timeout_s
        try:
            with sockets.connect(self.path, timeout_s=self.timeout_s) as connection:
                connection.sendall(_question(variables))
                output = self._output(_Records(connection, until))
        except TimeoutError:
            raise TooSlow(f"no answer in {self.timeout_s:g} s") from None
        except OSError as trouble:
            raise Unavailable(f"{self.path}: {trouble.strerror}") from trouble
        return _response(output)

    def _output(self, records: _Records) -> bytes:
        output = bytearray()
        while True:
            kind, content = records.next()
            if kind == _END_REQUEST:
                return bytes(output)
            if kind == _STDOUT:
                output += content
                if len(output) > self.max_bytes:
                    raise TooLarge(f"more than {self.max_bytes} bytes")
            elif kind != _STDERR:
                raise Broken(f"unexpected record type {kind}")


class _Records:
    """Reads records from a connection until a moment of the monotonic clock."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self._until = until

    def next(self) -> tuple[int, bytes]:
        """Return type and content of the next record of our request."""
        version, kind, request_id, length, padding = _HEADER.unpack(self._read(_HEADER.size))
        if version != _VERSION or request_id != _REQUEST_ID:
            raise Broken(f"version {version}, request {request_id}")
        return kind, self._read(length + padding)[:length]

    def _read(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            part = self._connection.recv(size - len(parts))
            if not part:
                raise Unavailable("the process ended before its answer did")
            parts += part
        return bytes(parts)


def _record(kind: int, content: bytes) -> bytes:
    return _HEADER.pack(_VERSION, kind, _REQUEST_ID, len(content), 0) + content


def _question(variables: Mapping[str, str]) -> bytes:
    pairs = b"".join(_pair(name.encode(), value.encode()) for name, value in variables.items())
    pieces = [pairs[at : at + _RECORD_BYTES] for at in range(0, len(pairs), _RECORD_BYTES)]
    return b"".join(
        [
            _record(_BEGIN_REQUEST, struct.pack("!HB5x", _RESPONDER, 0)),
            *(_record(_PARAMS, piece) for piece in pieces),
            _record(_PARAMS, b""),
            _record(_STDIN, b""),
        ]
    )


def _pair(name: bytes, value: bytes) -> bytes:
    return _length(len(name)) + _length(len(value)) + name + value


def _length(number: int) -> bytes:
    # Lengths above 127 take four bytes with the highest bit set.
    return bytes([number]) if number < 128 else struct.pack("!I", number | 0x8000_0000)


def _response(output: bytes) -> Response:
    head, separator, body = output.partition(b"\r\n\r\n")
    if not separator or len(head) > _HEADER_BYTES:
        raise Broken("no header block")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            raise Broken("a header line without a colon")
        headers[name.strip().lower()] = value.strip()
    status = headers.pop("status", "200").split()[0]
    if not status.isdecimal():
        raise Broken("a status that is no number")
    return Response(int(status), headers, body)
