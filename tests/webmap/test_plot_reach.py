"""The citizen's page of a plot's services."""

from __future__ import annotations

import html
import math
import re
import uuid

import pytest

from planning.models.published_reach import KINDS
from tests.ground import add_parcel, square
from tests.tileserver.test_layers import add_facility
from tests.tileserver.test_layers_of_reach import add_reach

pytestmark = pytest.mark.django_db


def page(client, plot, language="vi", **given):
    answer = client.get(
        f"/parcels/{plot}/reach/", {"lang": language, **given}, headers={"host": "localhost"}
    )
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def rows(text):
    """Return the words of each row of the table by its heading."""
    found = {}
    for row in re.findall(r"<tr data-state.*?</tr>", text, re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        words = [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]
        found[words[0]] = words[1:]
    return found


@pytest.fixture
def plot():
    version = add_parcel("7", square(590000, 2325000))
    add_reach(version.parcel, "mnnu", [412.3, 500.1, math.inf, math.nan])
    return version.parcel_id


def test_everybody_reads_what_is_within_its_radius_and_what_is_not(client, plot):
    text = page(client, plot, "en")

    told = rows(text)
    assert len(told) == len(KINDS)
    assert told["Kindergarten"][:2] == ["Within the service radius", "412.3 m; not known"]
    # Beyond 500 m it never reads as if it were at them.
    assert told["Primary school"][:2] == ["Not within the service radius", "500.1 m; not known"]
    assert told["Hospital"][0] == "No radius is prescribed"
    assert "Of 3 kinds of services that could be checked, 1 are within" in text
    assert "1 kind could not be checked." in text


def test_no_way_and_not_known_are_words_and_no_numbers(client, plot):
    told = rows(page(client, plot))

    assert told["Trường trung học cơ sở"][:2] == ["Ngoài bán kính phục vụ", "không có đường tới"]
    assert told["Trường trung học phổ thông"][0] == "Chưa kiểm tra được"
    assert told["Trường trung học phổ thông"][1].startswith("chưa rõ")
    assert not re.search(r"\b(inf|nan)\b", page(client, plot), re.IGNORECASE)


def test_the_nearest_one_is_named(client):
    version = add_parcel("7", square(590000, 2325000))
    add_facility("Trường Hoa Sen", square(590100, 2325000))
    add_reach(version.parcel, "m", [80.0], ["ground/Trường Hoa Sen"])

    assert rows(page(client, version.parcel_id))["Trường mầm non"][4] == "Trường Hoa Sen"


def test_before_the_first_run_nothing_is_said(client):
    version = add_parcel("7", square(590000, 2325000))

    text = page(client, version.parcel_id, "en")

    assert "nothing can be said" in text
    assert rows(text) == {}


def test_an_earlier_state_of_the_record_tells_what_was_told_then(client, plot):
    from landdata.models import Revision

    before = Revision.objects.latest("number").number - 1

    assert "nothing can be said" in page(client, plot, "en", known_at=str(before))


def test_a_plot_that_is_not_there_is_missing(client, plot):
    answer = client.get(f"/parcels/{uuid.uuid4()}/reach/", headers={"host": "localhost"})

    assert answer.status_code == 404


def test_no_people_and_no_style_stand_in_it(client, plot):
    text = page(client, plot)

    assert "style=" not in text
    assert "<script>" not in text
    assert f"/parcels/{plot}/" in text


def test_the_page_of_the_plot_leads_to_it(client, plot):
    answer = client.get(f"/parcels/{plot}/", headers={"host": "localhost"})

    assert f'href="/parcels/{plot}/reach/"' in answer.content.decode()
