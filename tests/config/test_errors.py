"""What a refusal looks like to a program and to a person."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/api/nothing", "/api/parcels/abc/extract", "/tiles/a/b"])
def test_a_program_at_an_unknown_address_gets_problem_details(client, address):
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_person_at_an_unknown_address_gets_a_page(client):
    answer = client.get("/nothing/")

    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_vietnamese_is_sent_as_itself(client):
    assert "Không" in client.get("/api/nothing").content.decode()
    assert "Hãy nhập" in client.get("/api/search?q=").content.decode()
