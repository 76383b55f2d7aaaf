"""What the client's own tests calculate with."""

from __future__ import annotations

import json
from pathlib import Path

from landdata import crs

DEFINITIONS = Path(__file__).parents[2] / "webmap" / "client" / "crs" / "definitions.json"


def test_the_clients_tests_use_the_definitions_of_the_server():
    written = json.loads(DEFINITIONS.read_text(encoding="utf-8"))

    assert {row["epsg"]: row["proj4"] for row in written} == {
        epsg: crs.definition(epsg) for epsg in crs.VN2000
    }
