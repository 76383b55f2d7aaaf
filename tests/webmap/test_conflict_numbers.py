"""Conflicts in numbers, as everybody reads them, and the button of an approver."""

from __future__ import annotations

import pytest

from planning.models import ConflictSummary
from planning.operations.conflict_publication import publish_conflicts
from tests.planning.test_conflict_publication import check_city, contradicting
from tests.planning.test_conflict_ways import check, draft, office

__all__ = ["contradicting", "draft", "office"]

pytestmark = pytest.mark.django_db


def numbers(client, plan=""):
    answer = client.get(
        f"/api/planning/conflict-summary?plan={plan}&lang=en", headers={"host": "localhost"}
    )
    assert answer.status_code == 200
    return answer.json()


def rules_page(client):
    return client.get("/conflicts/rules/?lang=en", headers={"host": "localhost"}).content.decode()


def test_plans_in_force_are_counted_by_rule(client, contradicting):
    check_city()
    publish_conflicts()

    (row,) = [one for one in numbers(client, "QHPK")["in_force"]["counts"] if one["rule"] == "P01"]

    assert (row["severity"], row["count"], row["area_m2"]) == ("blocks", 1, 1000.0)
    assert row["title"] == "Function differs from the higher level"
    assert "As the last check of the whole city found them" in rules_page(client)


def test_what_was_never_checked_is_not_called_free_of_conflicts(client, contradicting):
    assert numbers(client, "QHPK")["in_force"] is None
    assert "nothing can be said" in rules_page(client)


def test_of_a_plan_that_is_not_there_nothing_is_said(client, contradicting):
    check_city()

    assert numbers(client, "NONE") == {"plan": "NONE", "in_force": None, "drafts": []}


def test_a_draft_is_counted_only_once_an_approver_released_it(client, office, draft):
    check(draft)
    assert numbers(client)["drafts"] == []

    client.force_login(office.approver)
    answer = client.post(
        f"/plans/drafts/{draft.pk}/release-conflicts/", headers={"host": "localhost"}
    )
    assert answer.status_code == 302
    client.logout()

    (told,) = numbers(client, "QHPK")["drafts"]
    assert told["plan"] == "QHPK"
    assert {"rule": "P01", "severity": "blocks", "count": 1}.items() <= next(
        one for one in told["counts"] if one["rule"] == "P01"
    ).items()
    # No places, no names of zones or people.
    text = str(told)
    assert "Ô 1" not in text
    assert "approver" not in text
    assert "Plan QHPK (QHPK)" in rules_page(client)


def test_the_list_of_plans_offers_it_to_approvers_alone(client, office, draft):
    check(draft)
    address = f"/plans/drafts/{draft.pk}/release-conflicts/"

    client.force_login(office.planner)
    page = client.get("/plans/", headers={"host": "localhost"}).content.decode()
    assert address not in page
    assert client.post(address, headers={"host": "localhost"}).status_code == 403
    client.force_login(office.approver)
    page = client.get("/plans/", headers={"host": "localhost"}).content.decode()
    assert address in page
    assert not ConflictSummary.objects.exists()


def test_a_draft_that_was_not_checked_is_refused_beside_it_in_the_list(client, office, draft):
    client.force_login(office.approver)

    answer = client.post(
        f"/plans/drafts/{draft.pk}/release-conflicts/", headers={"host": "localhost"}
    )

    assert answer.status_code == 422
    assert not ConflictSummary.objects.exists()
