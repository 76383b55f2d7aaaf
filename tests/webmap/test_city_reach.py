"""The citizens' page of the city's services, and their figure on the first page."""

from __future__ import annotations

import html
import re

import pytest
from django.utils import timezone

from planning.models import CoverageRun, ReachSummary
from tests.ground import DAY, add_unit, square

pytestmark = pytest.mark.django_db


def share(low, high, reason=""):
    return {"low": low, "high": high, "share": high, "reason": reason}


def values(city, wards, norms=(), **more):
    whole = {"worst": "00004", "kinds": ["kindergarten", "park"], "unranked": []}
    return {
        "all_services": {**city, **whole, **more},
        "wards": wards,
        "norms": list(norms),
        "not_recorded": ["market"],
    }


def tell(told):
    run = CoverageRun.objects.create(on=DAY, asked_at=timezone.now())
    return ReachSummary.objects.create(
        run=run, on=DAY, revision=1, values=told, released_at=timezone.now()
    )


@pytest.fixture
def told():
    add_unit("00004", "Phường Ba Đình", square(590000, 2325000, 5000))
    add_unit("00070", "Phường Hoàn Kiếm", square(595000, 2325000, 5000))
    wards = {"00070": share(0.90155, 0.90155), "00004": share(0.4376, 0.99951)}
    norms = [
        {"kind": "kindergarten", "norm": "kg21", "state": "not_checked", **share(0.86667, 1.0)},
        {"kind": "kindergarten", "norm": "rkg", "state": "not_checked"}
        | share(None, None, reason="does_not_hold"),
    ]
    return tell(values(share(0.74619, 0.99846), wards, norms))


def page(client, address, language="en"):
    answer = client.get(address, {"lang": language}, headers={"host": "localhost"})
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(answer.content.decode())).split())


@pytest.mark.usefixtures("told")
def test_the_figure_says_what_is_certain_and_what_is_the_most(client):
    """Of 74.619 % nobody may read 74.7, of 99.846 nobody 99.8: that much is possible."""
    text = page(client, "/reach/city/")

    assert "74.6% to 99.9% of people live within" in text
    assert "every one of 2 kinds" in text
    assert "74.6% is certain, 99.9% is the most that it can be." in text
    assert "lowest in Ba Đình : 43.7% to 100%." in text


@pytest.mark.usefixtures("told")
def test_wards_stand_by_what_is_certain_with_their_names(client):
    text = page(client, "/reach/city/", "vi")

    assert "Phường Ba Đình 43,7% 100% Phường Hoàn Kiếm 90,1% 90,1%" in text


@pytest.mark.usefixtures("told")
def test_norms_have_their_radius_and_source_and_those_of_villages_are_left_out(client):
    text = page(client, "/reach/city/")

    assert "Kindergarten 500 m to 2,000 m 86.6% 100% QCVN 01:2021/BXD 2.3.3" in text
    assert "Table 2.32" not in text
    assert "none is recorded, so they are not part of the figures: Market." in text


@pytest.mark.usefixtures("told")
def test_the_first_page_names_the_ward_and_leads_to_the_page(client):
    text = page(client, "/")

    assert "74.6% to 99.9% of people have every service that was checked" in text
    assert "lowest certain share: Ba Đình, 43.7%" in text
    assert 'href="/reach/city/"' in client.get("/").content.decode()


def test_what_is_certain_is_one_figure(client):
    add_unit("00004", "Phường Ba Đình", square(590000, 2325000, 5000))
    tell(values(share(0.75, 0.75), {"00004": share(0.5, 0.5)}))

    assert "75% of people have" in page(client, "/")
    assert "lowest: Ba Đình, 50%" in page(client, "/")
    assert "is certain" not in page(client, "/reach/city/")


def test_before_the_first_run_nothing_is_said(client):
    assert "nothing can be said" in page(client, "/reach/city/")
    assert "of people have" not in page(client, "/")


def test_where_nobody_was_counted_the_reason_stands_for_the_figure(client):
    tell(values(share(None, None, reason="nobody_was_counted"), {}, worst=""))

    text = page(client, "/reach/city/")

    assert "Nobody was counted plot by plot here." in text
    assert not re.search(r"\d%", text)
    assert "of people have" not in page(client, "/")


def test_a_ward_of_few_people_is_listed_last_and_marked(client):
    add_unit("00004", "Phường Ba Đình", square(590000, 2325000, 5000))
    add_unit("00070", "Phường Hoàn Kiếm", square(595000, 2325000, 5000))
    wards = {"00004": share(0.1, 0.1), "00070": share(0.5, 0.5)}
    tell(values(share(0.4, 0.4), wards, worst="00070", unranked=["00004"]))

    text = page(client, "/reach/city/", "vi")

    assert "Phường Hoàn Kiếm 50% 50% Phường Ba Đình * 10% 10%" in text
    assert "thấp nhất là ở Phường Hoàn Kiếm" in text
    assert "* Số dân được đếm ở đó quá ít" in text


@pytest.mark.usefixtures("told")
def test_programs_read_the_same(client):
    city = client.get("/api/planning/reach/summary", {"lang": "en"}).json()["city"]

    assert city["all_services"]["low"] == 0.74619
    assert city["all_services"]["kinds"] == ["Kindergarten", "Park"]
    assert (city["worst"]["code"], city["worst"]["low"]) == ("00004", 0.4376)
    assert [ward["code"] for ward in city["wards"]] == ["00004", "00070"]
    assert "people" not in str(city)


def test_programs_read_that_nothing_was_told(client):
    assert client.get("/api/planning/reach/summary").json() == {"city": None}


@pytest.mark.usefixtures("told")
def test_the_page_is_whole_without_script_and_styles_of_its_own(client):
    text = client.get("/reach/city/").content.decode()

    assert "style=" not in text
    assert "<script>" not in text
