"""The first page, with and without land data."""

from __future__ import annotations

import json
import re

import pytest

from tests.planning import city


def settings_of(text: str) -> dict:
    (settings,) = re.findall(r'<script id="page-settings"[^>]*>(.*?)</script>', text)
    return json.loads(settings)


def test_the_page_opens_before_there_is_any_data(client, db):
    answer = client.get("/")

    assert answer.status_code == 200
    assert settings_of(answer.content.decode())["examples"] == []


def test_the_examples_are_of_a_plot_that_is_there(client, db):
    city.Register().parcel("45", city.box(0, 0, 10, 10))

    by_numbers, by_place = settings_of(client.get("/").content.decode())["examples"]

    assert by_numbers.startswith("tờ 12 thửa 45")
    # (587005, 2325005) of EPSG:5897, by gdaltransform of GDAL 3.6.
    lat, lon = map(float, by_place.split(", "))
    assert (lat, lon) == pytest.approx((21.016470, 105.838866), abs=1e-6)


def test_a_plot_whose_number_is_disputed_is_no_example(client, db):
    city.Register().parcel("45", city.box(0, 0, 10, 10), is_disputed=True)

    assert settings_of(client.get("/").content.decode())["examples"] == []


@pytest.mark.parametrize("accepted", ["en-US,en;q=0.9", ""])
def test_the_first_language_is_vietnamese_whatever_the_browser_prefers(client, db, accepted):
    answer = client.get("/", HTTP_ACCEPT_LANGUAGE=accepted)

    assert 'lang="vi"' in answer.content.decode()


def test_no_page_holds_script_or_style_of_its_own(client, db):
    text = client.get("/").content.decode()

    assert not re.findall(r"<style|\sstyle=|\son\w+=", text)
    assert set(re.findall(r"<script([^>]*)>", text)) <= {
        tag for tag in re.findall(r"<script([^>]*)>", text) if "src=" in tag or "json" in tag
    }
