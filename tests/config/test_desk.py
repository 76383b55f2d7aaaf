"""Officers publish, change and withdraw sites at their desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

import lxml.html
import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import Role, RoleAssignment, Territory, User
from landdata import crs
from landdata.models import Revision
from planning.models import AvailableSite
from tests.planning import city
from tests.planning.city import box, stored
from tests.planning.sites import bureau, publish, ward

pytestmark = pytest.mark.django_db

LIST = "/admin/planning/availablesite/"
SHAPE = city.box(0, 0, 200, 100).wkt


@pytest.fixture
def register(db) -> city.Register:
    ward()
    return city.Register()


@pytest.fixture
def officer(db) -> User:
    user = User.objects.create_user("officer", full_name="Cán bộ")
    here = Territory.objects.create(
        code="HERE", name="Ở đây", boundary=stored(box(-50, -50, 500, 500))
    )
    RoleAssignment.objects.create(
        user=user, role=Role.DATA_OFFICER, territory=here, valid_from=dt.date(2020, 1, 1)
    )
    return user


@pytest.fixture
def desk(officer) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: "en"})
    client.force_login(officer, backend="accounts.backends.OpenAccounts")
    return client


def test_the_desk_is_offered_to_those_who_have_one(desk, client):
    assert 'href="/admin/"' in desk.get("/").content.decode()

    assert 'href="/admin/"' not in client.get("/").content.decode()
    client.force_login(
        User.objects.create_user("citizen"), backend="accounts.backends.OpenAccounts"
    )
    assert 'href="/admin/"' not in client.get("/").content.decode()


def filled(**values: Any) -> dict[str, Any]:
    return {
        "code": "HN-01",
        "title_vi": "Khu đất",
        "title_en": "A site",
        "status": "free",
        "legal_basis": "12/QĐ-UBND",
        "area_m2": "",
        "price_basis": "",
        "contact_office": bureau().pk,
        "contact_phone": "",
        "offered_from": "",
        "offered_until": "",
        "plots": "",
        "shape": "",
        "shape_epsg": settings.STORAGE_EPSG,
        "why": "",
        **values,
    }


def errors(answer: Any) -> list[str]:
    return list(answer.context["adminform"].form.non_field_errors())


def test_a_site_is_published_by_its_plots(desk, officer, register):
    register.parcel("7", box(0, 0, 10, 20), legal_area_m2=198)

    answer = desk.post(f"{LIST}add/", filled(plots="00004/12/7", why="Danh mục 2026"))

    assert (answer.status_code, answer["Location"]) == (302, LIST)
    site = AvailableSite.objects.get()
    assert (site.area_m2, site.valid_from) == (198, timezone.localdate())
    revision = Revision.objects.get(number=site.from_revision)
    assert (revision.by, revision.why) == (officer, "publish site HN-01: Danh mục 2026")
    # The record says who did it; there is no second one.
    assert not LogEntry.objects.exists()


def test_a_site_is_published_by_a_shape_in_degrees(desk, register):
    degrees = crs.transform(box(0, 0, 200, 100), settings.STORAGE_EPSG, 4326).wkt

    desk.post(f"{LIST}add/", filled(shape=degrees, shape_epsg=4326))

    assert float(AvailableSite.objects.get().area_m2) == pytest.approx(20_000, abs=0.1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "needs a list of plots or a drawn boundary"),
        ({"plots": "45"}, "Plot “45” cannot be read"),
        ({"plots": "00004/12/404"}, "00004/12/404 is not in the current"),
        ({"shape": "POINT(1 2)"}, "cannot be read"),
        ({"shape": SHAPE, "shape_epsg": 4326}, "does not lie in Viet Nam"),
        ({"shape": SHAPE, "price_basis": "0912 345 678"}, "a mobile number"),
        ({"shape": box(400, 0, 600, 100).wkt}, "You may not publish site HN-01"),
    ],
)
def test_what_cannot_be_published_is_said_beside_the_form_and_nothing_typed_is_lost(
    desk, register, wrong, words
):
    answer = desk.post(f"{LIST}add/", filled(**wrong))

    assert answer.status_code == 200
    assert any(words in error for error in errors(answer)), errors(answer)
    assert "A site" in answer.content.decode()
    assert not AvailableSite.objects.exists()


def test_a_change_begins_with_what_is_published_and_is_written_as_a_new_row(desk, register):
    register.parcel("7", box(0, 0, 10, 20))
    register.parcel("8", box(10, 0, 20, 20))
    desk.post(f"{LIST}add/", filled(plots="00004/12/7"))

    page = desk.get(f"{LIST}HN-01/change/")
    given = page.context["adminform"].form.initial
    answer = desk.post(
        f"{LIST}HN-01/change/",
        filled(plots=f"{given['plots']}\n00004/12/8", based_on=given["based_on"], status="offered"),
    )

    assert given["plots"] == "00004/12/500/7"
    assert answer.status_code == 302
    site = AvailableSite.objects.known_now().get()
    assert (site.status, site.area_m2, site.parcels.count()) == ("offered", 400, 2)


def test_who_was_overtaken_is_told_so_and_keeps_what_he_typed(desk, register):
    site = publish(shape=box(0, 0, 200, 100))
    older = site.from_revision
    first = filled(shape=SHAPE, based_on=older, title_en="First")
    assert desk.post(f"{LIST}HN-01/change/", first).status_code == 302

    second = filled(shape=SHAPE, based_on=older, title_en="Second")
    answer = desk.post(f"{LIST}HN-01/change/", second)

    assert "Somebody else changed site HN-01" in errors(answer)[0]
    assert "Second" in answer.content.decode()
    assert AvailableSite.objects.known_now().get(valid_to=None).title_en == "First"


def test_a_site_is_withdrawn_with_a_reason_and_its_history_stays(desk, register):
    site = publish(shape=box(0, 0, 200, 100), on=dt.date(2026, 3, 1))
    given = {"based_on": site.from_revision, "why": ""}

    assert desk.post(f"{LIST}HN-01/withdraw/", given).status_code == 200
    assert desk.post(f"{LIST}HN-01/withdraw/", given | {"why": "Hết hạn"}).status_code == 302

    assert AvailableSite.objects.known_now().get().valid_to == timezone.localdate()
    history = desk.get(f"{LIST}HN-01/history/").content.decode()
    assert "withdraw site HN-01: Hết hạn" in history


def test_the_list_names_each_site_once_and_links_to_it_by_code(desk, register):
    site = publish(shape=box(0, 0, 200, 100), on=dt.date(2026, 3, 1))
    desk.post(
        f"{LIST}HN-01/change/",
        filled(shape=SHAPE, based_on=site.from_revision, title_en="Renamed"),
    )

    page = desk.get(LIST, {"q": "HN-01"}).content.decode()

    assert page.count('href="/admin/planning/availablesite/HN-01/change/') == 1
    assert "Renamed" in page


def test_a_role_elsewhere_opens_the_desk_but_not_the_sites_of_others(desk, register):
    site = publish(shape=box(600, 0, 700, 100))

    answer = desk.post(f"{LIST}HN-01/change/", filled(shape=SHAPE, based_on=site.from_revision))

    assert "You may not publish site HN-01" in errors(answer)[0]


def test_the_pages_hold_no_script_and_no_style_of_their_own(desk, register):
    publish(shape=box(0, 0, 200, 100))

    for address in ("", "add/", "HN-01/change/", "HN-01/history/", "HN-01/withdraw/"):
        tree = lxml.html.fromstring(desk.get(LIST + address).content.decode())
        assert tree.xpath("//@style | //style | //@onclick | //@onload") == []
        for script in tree.iter("script"):
            assert script.get("src", "").startswith(("/static/", "/admin/jsi18n/"))


def test_signing_in_leads_back_to_the_desk():
    answer = Client().get(LIST, headers={"accept": "text/html"})

    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={LIST}"
