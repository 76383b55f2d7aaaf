"""Trying out what if: scenarios, their changes one after the other, and taking changes back.

A scenario belongs to whoever began it. Others read it once it is shared, and copy it to go on from
there. Nothing of a change is ever changed: to take one back is a change too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from landdata.errors import Forbidden, Invalid, Missing, Stale
from planning.models import ChangeAction, Scenario, ScenarioChange
from planning.operations.scenario_checks import checked
from planning.permissions import conflicts_open_to

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from accounts.models import User
    from planning.operations.scenario_checks import Wanted

#: Each change is worked out again with every look.
MOST_CHANGES: Final = 100
MOST_SCENARIOS: Final = 200
MOST_LETTERS: Final = 200
#: Keys of facilities that a scenario adds sort behind those of the record.
OWN: Final = "~"


@transaction.atomic
def new_scenario(
    *,
    title: str,
    version_id: int | None,
    by: User,
    on: dt.date,
    is_shared: bool = False,
    copy_of: uuid.UUID | None = None,
) -> Scenario:
    """Begin a scenario of a plan version, or of the city as it is; of another one a copy.

    Raises Missing for a version or a scenario that this person may not see, Invalid
    `scenario_without_title` and `scenario_too_many`.
    """
    taken = None if copy_of is None else scenario_open_to(by, copy_of, on=on)
    if not conflicts_open_to(by, version_id, on=on):
        raise Missing("draft", id=version_id or 0) if version_id else Forbidden("work_out_reach")
    if Scenario.objects.filter(by=by, withdrawn_at=None).count() >= MOST_SCENARIOS:
        raise Invalid("scenario_too_many", most=MOST_SCENARIOS)
    scenario = Scenario.objects.create(
        title=_title(title), version_id=version_id, by=by, is_shared=is_shared
    )
    if taken is not None:
        _copy_changes(taken, scenario, by)
    return scenario


def _copy_changes(taken: Scenario, scenario: Scenario, by: User) -> None:
    """Write the changes that are in force as the first ones of another scenario."""
    names: dict[str, str] = {}
    rows = []
    for number, change in enumerate(changes_in_force(taken), start=1):
        target = names.get(change.target, change.target)
        if change.action == ChangeAction.ADD:
            target = names[change.target] = own_key(scenario, number)
        rows.append(
            ScenarioChange(
                scenario=scenario,
                number=number,
                action=change.action,
                target=target,
                kind=change.kind,
                place=change.place,
                axis=change.axis,
                capacity=change.capacity,
                people=change.people,
                why=change.why,
                by=by,
            )
        )
    ScenarioChange.objects.bulk_create(rows)
    scenario.edits = len(rows)
    scenario.save(update_fields=["edits"])


@transaction.atomic
def add_change(*, key: uuid.UUID, edits: int, by: User, on: dt.date, change: Wanted) -> Scenario:
    """Make a change; `edits` is the number of the last one that this person has seen.

    Raises Missing, Forbidden `change_scenario`, Stale `scenario_went_on`, and Invalid for a change
    that says not what it needs or of something that is not there.
    """
    scenario = _mine(key, edits, by=by, on=on)
    number = scenario.edits + 1
    if number > MOST_CHANGES:
        raise Invalid("scenario_too_long", most=MOST_CHANGES)
    row = ScenarioChange(
        scenario=scenario,
        number=number,
        by=by,
        **checked(scenario, change, added=_added(scenario), on=on),
    )
    if row.action == ChangeAction.ADD:
        row.target = own_key(scenario, number)
    row.save()
    return _went_on(scenario, number)


@transaction.atomic
def undo_change(*, key: uuid.UUID, edits: int, number: int, by: User, on: dt.date) -> Scenario:
    """Take a change back, or bring back what was taken back.

    Raises as `add_change` does; Missing `scenario_change`, Invalid `scenario_change_undone`.
    """
    scenario = _mine(key, edits, by=by, on=on)
    change = scenario.changes.filter(number=number).first()
    if change is None:
        raise Missing("scenario_change", number=number)
    if number in undone(list(scenario.changes.order_by("number"))):
        raise Invalid("scenario_change_undone", number=number)
    after = scenario.edits + 1
    ScenarioChange.objects.create(
        scenario=scenario, number=after, by=by, action=ChangeAction.UNDO, undoes=change
    )
    return _went_on(scenario, after)


@transaction.atomic
def describe_scenario(
    *,
    key: uuid.UUID,
    by: User,
    on: dt.date,
    title: str | None = None,
    is_shared: bool | None = None,
    is_part_of_draft: bool | None = None,
) -> Scenario:
    """Change what a scenario is called, who sees it, and whether its draft is reviewed with it.

    Raises Missing, Forbidden `change_scenario`, Invalid `scenario_without_title` and
    `scenario_without_draft`.
    """
    scenario = _mine(key, None, by=by, on=on)
    if title is not None:
        scenario.title = _title(title)
    if is_shared is not None:
        scenario.is_shared = is_shared
    if is_part_of_draft is not None:
        if is_part_of_draft and scenario.version_id is None:
            raise Invalid("scenario_without_draft")
        scenario.is_part_of_draft = is_part_of_draft
    if scenario.is_part_of_draft:
        # What decides about a draft is seen by all who decide.
        scenario.is_shared = True
    scenario.save(update_fields=["title", "is_shared", "is_part_of_draft"])
    return scenario


@transaction.atomic
def withdraw_scenario(*, key: uuid.UUID, by: User, on: dt.date) -> None:
    """Put a scenario away; its changes stay in the record. Raises Missing and Forbidden."""
    scenario = _mine(key, None, by=by, on=on)
    scenario.withdrawn_at, scenario.is_part_of_draft = timezone.now(), False
    scenario.save(update_fields=["withdrawn_at", "is_part_of_draft"])


def scenario_open_to(user: User, key: uuid.UUID, *, on: dt.date) -> Scenario:
    """Return a scenario that somebody may see: an own one, or a shared one. Raises Missing."""
    scenario = Scenario.objects.select_related("by", "version__plan").filter(pk=key).first()
    is_open = (
        scenario is not None
        and scenario.withdrawn_at is None
        and (scenario.is_shared or scenario.by_id == user.pk)
        and conflicts_open_to(user, scenario.version_id, on=on)
    )
    if scenario is None or not is_open:
        raise Missing("scenario", key=str(key))
    return scenario


def undone(changes: Sequence[ScenarioChange]) -> frozenset[int]:
    """Return the numbers of changes that were taken back; an undo taken back does nothing."""
    number_of = {change.pk: change.number for change in changes}
    found: set[int] = set()
    for change in sorted(changes, key=lambda one: -one.number):
        if change.undoes_id is not None and change.number not in found:
            found.add(number_of[change.undoes_id])
    return frozenset(found)


def changes_in_force(scenario: Scenario) -> list[ScenarioChange]:
    """Return the changes that count, the first one first: no undos, and not what they undo."""
    changes = list(scenario.changes.select_related("by").order_by("number"))
    gone = undone(changes)
    return [one for one in changes if one.action != ChangeAction.UNDO and one.number not in gone]


def own_key(scenario: Scenario, number: int) -> str:
    """Return the key of a facility that a change adds."""
    return f"{OWN}{scenario.pk}/{number}"


def _mine(key: uuid.UUID, edits: int | None, *, by: User, on: dt.date) -> Scenario:
    """Return a scenario of this person, which nobody else changes meanwhile."""
    scenario_open_to(by, key, on=on)
    scenario = Scenario.objects.select_for_update().get(pk=key)
    if scenario.by_id != by.pk:
        raise Forbidden("change_scenario")
    if edits is not None and edits != scenario.edits:
        raise Stale("scenario_went_on", seen=edits, now=scenario.edits)
    return scenario


def _went_on(scenario: Scenario, number: int) -> Scenario:
    scenario.edits = number
    scenario.save(update_fields=["edits"])
    return scenario


def _title(title: str) -> str:
    said = " ".join(title.split())
    if not said or len(said) > MOST_LETTERS:
        raise Invalid("scenario_without_title")
    return said


def _added(scenario: Scenario) -> dict[str, str]:
    """Return the kinds of facilities that a scenario adds, by their keys."""
    return {
        change.target: change.kind
        for change in changes_in_force(scenario)
        if change.action == ChangeAction.ADD
    }
