"""OGC 09-025r2, Web Feature Service 2.0: the classes Simple, Basic and Response Paging.

The assertions follow its annex A, annex A of OGC 09-026r2 (filters) and the public executable
test suite opengeospatial/ets-wfs20; words, requests and checkers are our own. What GDAL, QGIS and
OWSLib depend on stands first.
"""

from __future__ import annotations

from tests.conformance.assertions import Book

BOOK = Book()
