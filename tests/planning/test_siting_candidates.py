"""Sites to choose from, on the street of `test_coverage_runs`: land to be had, plots of a plan."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from landdata.errors import Invalid, Missing
from planning.models import PlanVersion, RunState, SitingRun
from planning.operations.siting_runs import carry_out_siting, start_siting
from planning.reach.siting.question import Asked, Drawn, Question, question_of
from planning.reach_candidates import is_permitted
from planning.reach_site_queries import siting_values
from tests.planning.city import EAST, NORTH, Office, Register, box, functions
from tests.planning.sites import publish, ward
from tests.planning.test_coverage_runs import street  # noqa: F401 # a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("street")]


def asking(*candidates: Asked, **more: Any) -> Question:
    given: dict[str, Any] = {"model": "max_cover", "kind": "parking", "limit_m": 400, "count": 1}
    return Question(**{**given, "candidates": candidates, **more})


def search(office: Office, *candidates: Asked, draft: PlanVersion | None = None) -> SitingRun:
    run, _ = start_siting(
        question=asking(*candidates),
        version_id=None if draft is None else draft.pk,
        by=office.planner,
        on=timezone.localdate(),
    )
    return carry_out_siting(run_id=run.pk)


def keys(run: SitingRun) -> list[str]:
    return list(run.candidates.order_by("number").values_list("key", flat=True))


def test_land_that_can_be_had_is_a_candidate_and_land_that_was_given_away_is_not() -> None:
    ward()
    publish("HN-01", box(1_300, 5, 1_400, 65))
    publish("HN-02", box(50, 5, 90, 65))
    publish("HN-03", box(1_500, 20, 1_600, 65), status="allocated")

    run = search(Office(), Asked("sites"))

    assert keys(run) == ["site/HN-01", "site/HN-02"]
    assert run.result["chosen"] == ["site/HN-01"]
    assert {"reason": "site_allocated", "many": 1} in run.result["left_out"]
    site = run.candidates.get(key="site/HN-01")
    assert (site.name, site.newly_people, site.is_permitted) == ("Khu đất thử", 10.0, None)
    with translation.override("en"):
        assert siting_values(run)["candidates"][0]["name"] == "A site"
    assert EAST + 1_300 < site.position.x < EAST + 1_400
    assert NORTH + 5 < site.position.y < NORTH + 65


@pytest.fixture
def drawn(street: Register) -> tuple[Office, PlanVersion, list[str]]:  # noqa: F811
    """A draft that gives one plot whole and a quarter of another to schools."""
    functions()
    whole = street.parcel("21", box(1_300, 5, 1_340, 45))
    quarter = street.parcel("22", box(1_400, 5, 1_440, 45))
    street.parcel("23", box(1_600, 5, 1_640, 45))
    office = Office()
    draft = office.draft(
        "P1",
        box(1_200, 0, 1_700, 100),
        {
            "S": ("SCHOOL", box(1_290, 0, 1_410, 100)),
            "G": ("GREEN", box(1_410, 0, 1_700, 100)),
        },
    )
    return office, draft, [f"parcel/{whole}", f"parcel/{quarter}"]


def test_plots_of_a_draft_count_by_their_ground_in_zones_of_the_function(
    drawn: tuple[Office, PlanVersion, list[str]],
) -> None:
    """1,600 m² of the one lie in the school's zone, 400 m² of the other."""
    office, draft, plots = drawn

    every = search(office, Asked("plots", "SCHOOL"), draft=draft)
    large = search(office, Asked("plots", "SCHOOL", 400.5), draft=draft)
    exact = search(office, Asked("plots", "SCHOOL", 400.0), draft=draft)

    assert keys(every) == keys(exact) == plots
    assert keys(large) == plots[:1]
    first = every.candidates.get(key=plots[0])
    assert (first.name, first.function) == ("00004/12/21", "SCHOOL")
    assert every.result["newly_people"] == 10.0


def test_of_the_city_zones_in_force_count_and_no_draft(
    drawn: tuple[Office, PlanVersion, list[str]],
) -> None:
    office, draft, plots = drawn
    before = search(office, Asked("plots", "SCHOOL", 500))
    office.publish(office.approve(draft))

    after = search(office, Asked("plots", "SCHOOL", 500))

    assert (before.status, keys(before)) == ("none", [])
    assert keys(after) == plots[:1]


def test_only_the_largest_plots_are_looked_at_and_the_rest_is_told(
    drawn: tuple[Office, PlanVersion, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planning.reach_candidates.MOST_PLOTS", 1)
    office, draft, plots = drawn

    run = search(office, Asked("plots", "SCHOOL"), draft=draft)

    assert keys(run) == plots[:1]
    assert {"reason": "too_many_plots", "many": 1} in run.result["left_out"]


def test_a_search_beside_a_draft_is_for_its_team(
    drawn: tuple[Office, PlanVersion, list[str]],
) -> None:
    from accounts.models import User

    _, draft, _ = drawn
    stranger = User.objects.create(username="stranger")

    with pytest.raises(Missing):
        start_siting(
            question=asking(Asked("plots", "SCHOOL")),
            version_id=draft.pk,
            by=stranger,
            on=timezone.localdate(),
        )


def test_candidates_of_several_sources_are_looked_at_together() -> None:
    ward()
    publish("HN-01", box(1_300, 5, 1_400, 65))
    one, other = (Asked("drawn", points=(Drawn((EAST + at, NORTH)),)) for at in (100, 1_450))

    run = search(Office(), one, Asked("sites"), other)

    assert keys(run) == ["drawn/1", "site/HN-01", "drawn/2/1"]
    assert run.state == RunState.DONE


def test_a_question_is_kept_as_it_was_asked() -> None:
    question = asking(Asked("drawn", points=(Drawn((1.5, 2.5), 3.0, None, "đất"),)), budget=4.0)

    assert question_of(question.values()) == question


@pytest.mark.parametrize(
    ("kind", "function", "said"),
    [
        ("kindergarten", "DAT_HTXH_Truonghoc", True),
        ("kindergarten", "DAT_HTXH_Yte", False),
        ("kindergarten", "DAT_Quocphong", False),
        # Among homes a kindergarten may stand or not: no table says.
        ("kindergarten", "DAT_O_Nhomnhao", None),
        ("kindergarten", "", None),
        # No function of the table holds bus stops.
        ("bus_stop", "DAT_HTXH_Yte", None),
    ],
)
def test_whether_a_plan_permits_it_is_said_where_a_table_says(
    kind: str, function: str, said: bool | None
) -> None:
    assert is_permitted(kind, function) is said


def test_too_little_is_known_to_begin() -> None:
    with pytest.raises(Invalid) as refused:
        search(Office(), Asked("plots"))

    assert refused.value.code == "siting_function_missing"
