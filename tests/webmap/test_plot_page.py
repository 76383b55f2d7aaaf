"""The permanent page of plots that are easy, and of those that are not."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from landdata.models import Revision, Theme
from tests.planning import city


@pytest.fixture
def register(db) -> city.Register:
    return city.Register()


def page(client, uuid, **query) -> str:
    answer = client.get(f"/parcels/{uuid}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_up_to_which_record_it_knows(client, register):
    uuid = register.parcel("45", city.box(0, 0, 10, 10), legal_area_m2=99)

    assert "theo dữ liệu đến bản ghi số" in page(client, uuid)
    assert f"/api/parcels/{uuid}/extract?as_of=" in page(client, uuid)


def test_an_answer_of_another_time_says_so_and_leads_to_the_newest(client, register):
    uuid = register.parcel("45", city.box(0, 0, 10, 10))
    known_at = Revision.objects.count()
    told = "Đây là câu trả lời cho ngày"
    assert told not in page(client, uuid)
    assert told not in page(client, uuid, known_at=known_at)

    register.parcel("46", city.box(20, 0, 30, 10))

    older = page(client, uuid, known_at=known_at)
    assert (
        f"{told} {timezone.localdate():%d/%m/%Y}, theo dữ liệu đến bản ghi số {known_at}." in older
    )
    assert f'<a href="/parcels/{uuid}/">' in older
    assert f"{told} 31/12/2020" in page(client, uuid, as_of="2020-12-31")


def test_a_disputed_number_lists_every_row_and_answers_for_none(client, register):
    one = register.parcel("45", city.box(0, 0, 10, 10), is_disputed=True)
    other = register.parcel("45", city.box(20, 0, 30, 10), is_disputed=True)

    text = page(client, one)

    assert "Chưa kiểm tra được quy hoạch của thửa này." in text
    assert f'href="/parcels/{other}/"' in text
    assert "Nhiều dòng trong sổ địa chính mang cùng số tờ, số thửa này." in text


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("missing", "Dữ liệu địa chính không có ranh của thửa này."),
        ("invalid", "Ranh thửa này trong dữ liệu địa chính bị lỗi."),
    ],
)
def test_a_plot_without_usable_boundary_is_found_and_honest(client, register, state, reason):
    uuid = register.parcel("45", None, state=state, legal_area_m2=120.5)

    text = page(client, uuid)

    assert reason in text
    assert "120,5\u00a0m²" in text
    assert "không đo được" in text
    assert "map.png" not in text


def test_an_unknown_plot_is_a_page_that_says_so(client, register):
    register.parcel("45", city.box(0, 0, 10, 10))

    answer = client.get("/parcels/00000000-0000-4000-8000-000000000000/", HTTP_ACCEPT="text/html")

    assert answer.status_code == 404
    assert "Không tìm thấy thửa đất này" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "code"),
    [({"as_of": "31/5/2024"}, "day_unreadable"), ({"known_at": "-1"}, "revision_unreadable")],
)
def test_a_question_that_cannot_be_read_is_refused_with_what_was_given(
    client, register, query, code
):
    uuid = register.parcel("45", city.box(0, 0, 10, 10))

    answer = client.get(f"/parcels/{uuid}/answer/", query, HTTP_ACCEPT="application/json")

    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert next(iter(query.values())) in answer.json()["detail"]


def test_names_of_the_register_cannot_write_into_the_page(client, register):
    uuid = register.parcel("<b>45</b>", city.box(0, 0, 10, 10))

    assert "<b>45</b>" not in page(client, uuid)
    card = client.get(f"/parcels/{uuid}/answer/").json()
    assert "&lt;b&gt;45" in card["html"]


def test_card_and_page_print_the_same_rows(client, register):
    uuid = register.parcel("45", city.box(0, 0, 10, 10))

    card = client.get(f"/parcels/{uuid}/answer/").json()

    assert card["uuid"] == str(uuid)
    words = " ".join(re.sub(r"<[^>]+>", " ", page(client, uuid)).split())
    assert card["summary"] in words
    assert {piece["id"] for piece in card["pieces"]} == {f"{theme}-0" for theme in Theme}
