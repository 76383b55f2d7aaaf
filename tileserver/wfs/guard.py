"""The gate that untrusted XML passes: its size, depth and kind, before any tree is built."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from tileserver import limits
from tileserver.wfs.problems import problem, unreadable


class _TooDeep(Exception):
    pass


class _Forbidden(Exception):
    pass


def check_xml(text: str | bytes, *, locator: str) -> None:
    """Raise Problem for XML that is too long, too deep, ill-formed, or declares types or entities.

    Reading it here costs no memory whatever it holds: no tree is built and nothing expanded.
    """
    raw = text.encode() if isinstance(text, str) else text
    most = limits.LARGEST_BODY_BYTES
    if len(raw) > most:
        raise problem("OperationParsingFailed", locator, "wfs_too_long", most=most)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.DEEPEST_XML:
            raise _TooDeep

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: Any) -> int:
        raise _Forbidden

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(raw, True)
    except _TooDeep:
        raise problem(
            "OperationParsingFailed", locator, "wfs_too_deep", most=limits.DEEPEST_XML
        ) from None
    except _Forbidden:
        raise problem("OperationParsingFailed", locator, "wfs_doctype") from None
    except expat.ExpatError:
        raise unreadable(locator) from None
    except (LookupError, UnicodeError, ValueError):
        # An encoding that is declared and does not exist, or is another one than the bytes are in.
        raise unreadable(locator) from None
