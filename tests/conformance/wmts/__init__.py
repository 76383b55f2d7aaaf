"""OGC 07-057r7, Web Map Tile Service 1.0.0, by query (KVP) and by path (RESTful).

The assertions follow the server tests of its annex A and the public executable test suite
opengeospatial/ets-wmts10; words, requests and checkers are our own.
"""

from __future__ import annotations

from tests.conformance.assertions import Book

BOOK = Book()
