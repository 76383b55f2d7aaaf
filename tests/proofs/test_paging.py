"""The proof of paging, small; `make prove JOB=paging` runs it at full size."""

from __future__ import annotations

import logging
import os

import pytest

from tests.proofs.paging import (
    FULL_SIZE,
    FULL_WRITERS,
    ORDERS,
    PAGES,
    SIZE,
    SMALL_SIZE,
    SMALL_WRITERS,
    expected,
    lay,
    newest,
    read,
    writers,
)
from tests.servers import own_name
from tests.small_city.serving import running_small_city

logger = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def size() -> int:
    return int(os.environ.get(SIZE, SMALL_SIZE))


@pytest.fixture(scope="module")
def city(tmp_path_factory, size):
    with running_small_city(tmp_path_factory.mktemp("paging"), own_name("paging")) as found:
        lay(found, size)
        yield found


@pytest.mark.parametrize("order", ORDERS)
def test_a_reader_gets_each_plot_once_while_others_edit(city, size, order):
    before = newest(city)
    count = FULL_WRITERS if size >= FULL_SIZE else SMALL_WRITERS

    with writers(city, count):
        reading = read(city, order, max(1, size // PAGES))
    edits = newest(city) - before

    logger.info(
        "%d plots on %d pages in %.1f s while %d writers made %d changes",
        *(len(reading.names), reading.pages, reading.seconds, count, edits),
    )
    assert edits >= reading.pages
    assert reading.pages >= PAGES // 2
    wanted = expected(city, order, reading.revision)
    assert len(set(reading.names)) == len(reading.names)
    assert reading.names == wanted
    # What is known now is something else: the links held on to their revision.
    assert wanted != expected(city, order, newest(city))
