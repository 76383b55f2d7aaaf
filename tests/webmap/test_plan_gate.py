"""The list of drafts and conflicts: how many stop the approval, and what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from planning.models import PlanLevel, PlanVersion
from planning.operations.conflict_runs import carry_out, start_run
from planning.operations.reference import load_plan_functions
from tests.planning.city import Office, box

if TYPE_CHECKING:
    from accounts.models import User

pytestmark = pytest.mark.django_db

FUNCTIONS = Path(__file__).parents[2] / "fixtures" / "reference" / "plan_functions_tt16.csv"
GREEN, WORKS = "DAT_HTXH_CayxanhCC", "DAT_SX_Congnghiep"


@pytest.fixture
def office() -> Office:
    load_plan_functions(FUNCTIONS, by=None)
    office = Office()
    ground = box(0, 0, 200, 100)
    office.in_force("QHC", ground, {"C1": (GREEN, ground)}, level=PlanLevel.GENERAL)
    return office


@pytest.fixture
def draft(office: Office) -> PlanVersion:
    """Works where the general plan has a park, begun here and so without a decision."""
    draft = office.draft("QHPK", box(0, 0, 200, 100), {"A": (WORKS, box(0, 0, 200, 100))})
    PlanVersion.objects.filter(pk=draft.pk).update(decision_number="")
    return draft


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client


def check(draft: PlanVersion) -> None:
    run, _ = start_run(version_id=draft.pk, by=None, on=timezone.localdate())
    carry_out(run_id=run.pk)


def row_of(answer: Any) -> Any:
    """The only draft of the list."""
    page: Any = lxml.html.fromstring(answer.content)
    (row,) = page.xpath("//*[contains(@class, 'plan-row')]")
    return row


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def counted(row: Any) -> str:
    return text_of(row.xpath(".//dl/div[last()]/dd")[0])


def test_a_draft_that_was_never_checked_has_no_number_but_a_question_mark(office, draft):
    row = row_of(client_of(office.approver).get("/plans/"))

    assert counted(row) == "? chưa kiểm tra theo bản vẽ hiện nay"
    gate = row.xpath(".//*[@class='plan-gate']")[0]
    assert "Hãy kiểm tra trước" in text_of(gate)
    assert gate.xpath(".//a/@href") == [f"/conflicts/?draft={draft.pk}"]


def test_what_stops_the_approval_is_counted_and_led_to(office, draft):
    check(draft)

    row = row_of(client_of(office.approver).get("/plans/"))

    assert counted(row) == "1"
    gate = row.xpath(".//*[@class='plan-gate']")[0]
    assert text_of(gate).startswith("Còn 1 xung đột chặn phê duyệt.")
    assert gate.xpath(".//a/@href") == [f"/conflicts/?draft={draft.pk}&severity=blocks"]


@pytest.mark.parametrize(
    ("is_checked", "said"),
    [
        (False, "Chưa kiểm tra xung đột của QHPK"),
        (True, "QHPK còn 1 xung đột mức chặn phê duyệt."),
    ],
)
def test_a_refused_approval_says_so_beside_the_draft(office, draft, is_checked, said):
    if is_checked:
        check(draft)

    answer = client_of(office.approver).post(
        f"/plans/drafts/{draft.pk}/approve/", {"number": "7/QĐ", "date": "2026-11-22"}
    )

    assert answer.status_code == 422
    row = row_of(answer)
    assert said in text_of(row.xpath(".//*[@role='alert']")[0])
    way_on, reach = row.xpath(".//details[@open]//a/@href")
    assert way_on.startswith(f"/conflicts/?draft={draft.pk}")
    assert reach == f"/reach/?draft={draft.pk}"
