"""OGC 06-042 (ISO 19128:2005), Web Map Server 1.3.0, and what clients use of 1.1.1 (OGC 01-068r3).

The assertions follow the abstract tests of its annex A and the public executable test suite
opengeospatial/ets-wms13; words, requests and checkers are our own.
"""

from __future__ import annotations

from tests.conformance.assertions import Book

BOOK = Book()
