"""What a draft changes for people's services, in the planner's list and before an approval."""

from __future__ import annotations

import pytest
from django.utils import timezone

from planning.models import CoverageFigure, CoverageRun, RunState
from planning.operations.coverage_runs import _run_fingerprint
from planning.reach_review import review_of
from tests.planning.city import Office, functions
from tests.webmap.test_plan_list import classed, drafted, page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    functions()
    return Office()


def figures(version, shares, *, is_current=True):
    """Add a done run; shares by kind and norm, certain and possible."""
    on = timezone.localdate()
    run = CoverageRun.objects.create(
        version=version,
        on=on,
        state=RunState.DONE,
        number=1,
        asked_at=timezone.now(),
        fingerprint=_run_fingerprint(version, on) if is_current else bytes(32),
    )
    CoverageFigure.objects.bulk_create(
        CoverageFigure(
            run=run,
            kind=kind,
            norm=norm,
            mode="walk",
            metric="metres",
            measure="straight" if kind else "all_services",
            value=low,
            low=low,
            high=high,
            state="not_met" if kind else "",
        )
        for (kind, norm), (low, high) in shares.items()
    )
    return run


TODAY = {
    ("", ""): (0.5, 0.9),
    ("kindergarten", "kg21"): (0.6, 0.8),
    ("market", "mk21"): (0.7, 0.7),
    ("park", "gr26a"): (0.4, 0.4),
}


def test_a_draft_that_takes_away_is_told_kind_by_kind(office):
    draft = drafted(office)
    figures(None, TODAY)
    figures(
        draft,
        {
            ("", ""): (0.45, 0.85),
            ("kindergarten", "kg21"): (0.6, 0.75),
            ("market", "mk21"): (0.8, 0.8),
            # Less than a tenth of a per cent is nothing to speak of.
            ("park", "gr26a"): (0.3995, 0.3995),
        },
    )

    review = review_of(draft.pk)
    assert review is not None

    assert [one.kind for one in review.norms if one.is_worse] == ["kindergarten"]
    assert [one.kind for one in review.norms if one.is_better] == ["market"]
    (row,) = classed(page(office.planner), "plan-reach")
    assert "45% đến 85%" in text_of(row)
    assert "thành phố hiện nay: 50% đến 90%" in text_of(row)
    assert "Tỷ lệ thấp hơn: Trường mầm non." in text_of(row)
    assert row.find("a").get("href") == f"/reach/?draft={draft.pk}"
    assert "Cũ hơn" not in text_of(row)


def test_who_approves_sees_what_changes_and_is_not_stopped(office):
    draft = drafted(office)
    figures(None, TODAY)
    figures(draft, {**TODAY, ("market", "mk21"): (0.3, 0.3)})

    (review,) = classed(page(office.approver), "plan-review")

    rows = [text_of(row) for row in review.findall(".//tbody/tr")]
    assert rows == ["Mọi dịch vụ đã kiểm tra 50% đến 90% 50% đến 90%", "Chợ (mk21) 70% 30% kém hơn"]
    assert "không ngăn việc phê duyệt" in text_of(review)


def test_what_is_out_of_date_says_so(office):
    draft = drafted(office)
    figures(None, TODAY)
    figures(draft, TODAY, is_current=False)

    assert "Cũ hơn dự thảo" in text_of(classed(page(office.planner), "plan-reach")[0])
    assert "hãy tính lại" in text_of(classed(page(office.approver), "plan-review")[0])


def test_a_draft_never_worked_out_is_not_known(office):
    drafted(office)
    figures(None, TODAY)

    assert "chưa tính" in text_of(classed(page(office.planner), "plan-reach")[0])
    assert "Chưa biết dự thảo" in text_of(classed(page(office.approver), "plan-review")[0])


def test_without_the_city_nothing_is_compared(office):
    draft = drafted(office)
    figures(draft, TODAY)

    assert "hiện nay" not in text_of(classed(page(office.planner), "plan-reach")[0])
    assert "chưa so sánh được" in text_of(classed(page(office.approver), "plan-review")[0])


def test_a_norm_of_which_today_nothing_is_known_is_neither_better_nor_worse(office):
    draft = drafted(office)
    figures(None, {("", ""): (0.5, 0.9)})
    figures(draft, TODAY)

    review = review_of(draft.pk)
    assert review is not None

    assert not [one for one in review.norms if one.is_better or one.is_worse]
    assert all(one.before is None for one in review.norms)
