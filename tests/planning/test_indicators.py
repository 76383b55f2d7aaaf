"""The texts of indicators, read the same on the server and in the client."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planning.indicators import parse_bounds

#: webmap/client/state/bounds.test.ts reads the same cases.
SAMPLE = Path(__file__).with_name("indicator_bounds.json")
CASES = json.loads(SAMPLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_an_indicator_is_read_as_the_client_reads_it(case):
    assert parse_bounds(case["text"]) == (case["low"], case["high"])
