"""OGC API Features: Core (17-069r4), Coordinate Reference Systems by Reference (18-058r1),
Filtering (19-079r2) with CQL2 (21-065r2).

The assertions follow the abstract tests of annex A of each part and the public executable test
suite opengeospatial/ets-ogcapi-features10; words, requests and checkers are our own.
"""

from __future__ import annotations

from tests.conformance.assertions import Book

BOOK = Book()
