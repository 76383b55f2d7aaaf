"""Names that must never be served, planted wherever names of people or inner matters are kept.

Run as a program it plants them into the database of its settings. What is found is decided by the
database, not by this list: every table that no public view reads must either be planted or stand
in NO_NAMES, so that a table made tomorrow is asked about.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planning.models import PlanVersion

#: Begins every planted name. No word of any data begins so.
CANARY = "Qxzkanari"
#: Tables below no public view that hold no name of a person, no received file, no draft.
NO_NAMES = {
    "accounts_office",
    "accounts_roleassignment",
    "accounts_territory",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "axes_accessattemptexpiration",
    "django_content_type",
    "django_migrations",
    "landdata_awaitedday",
    "landdata_parcel",
    "landdata_population",
    "planning_conflict",
    "planning_conflictfinding",
    "planning_conflictrun",
    "planning_coveragefigure",
    "planning_coveragerun",
    "planning_draftfault",
    "planning_draftpresence",
    "planning_plotshare",
    "planning_plotsharestate",
}
_TABLES_BELOW_NO_VIEW = """
    SELECT c.relname FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND NOT has_table_privilege('diado_public', c.oid, 'SELECT')
      AND NOT EXISTS (
          SELECT FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
          JOIN pg_class v ON v.oid = r.ev_class
          WHERE d.refobjid = c.oid AND v.relname LIKE 'public\\_%' AND v.oid <> c.oid
      )
    ORDER BY 1
"""


def plant() -> list[str]:
    """Plant a name in every column that could hold one; return the tables that were planted.

    Raises AssertionError when a table is neither planted nor known to hold no names.
    """
    from django.db import connection

    planted = {*_people(), *_received(), *_drafts(), *_traces()}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES_BELOW_NO_VIEW)
        hidden = {name for (name,) in cursor.fetchall()}
    forgotten = hidden - planted - NO_NAMES
    assert not forgotten, f"neither planted nor known to hold no names: {sorted(forgotten)}"
    return sorted(planted)


def _name(what: str) -> str:
    return f"{CANARY}{what}"


def _people() -> list[str]:
    import datetime as dt

    from accounts.models import AccessKey, User

    user = User.objects.create(
        username=_name("username"),
        full_name=_name("fullname"),
        email=f"{_name('mail')}@example.org",
        password=_name("password"),
    )
    AccessKey.objects.create(
        user=user,
        label=_name("label"),
        beginning=CANARY,
        digest="0" * 64,
        units_per_minute=1,
        valid_from=dt.date(2020, 1, 1),
    )
    return ["accounts_user", "accounts_accesskey"]


def _received() -> list[str]:
    from django.utils import timezone

    from importers.models import ImportIssue, ImportRun
    from landdata.models import SourceFile

    assert SourceFile.objects.filter(name=_name("file")).exists(), "see tests.fuzzing.received"
    run = ImportRun.objects.create(
        kind="parcels",
        file_name=_name("runfile"),
        started_at=timezone.now(),
        outcome="nothing",
        options={"by": _name("option")},
        reason=_name("reason"),
    )
    ImportIssue.objects.create(run=run, code=_name("code"), value=_name("value"))
    return ["landdata_sourcefile", "importers_importrun", "importers_importissue"]


def _drafts() -> list[str]:
    import datetime as dt

    from planning.models import DraftZone, Plan, PlanVersion
    from tests.ground import a_user
    from tests.small_city.ground import box

    plan = Plan.objects.create(code=_name("plan"), level="detailed")
    ground = box(400, 0, 800, 400).stored
    version = PlanVersion.objects.create(
        plan=plan,
        sequence=1,
        adjustment="first",
        status="draft",
        name_vi=_name("draftname"),
        name_en=_name("draftnameen"),
        scale=500,
        authority=_name("authority"),
        decision_number=_name("decision"),
        decision_date=dt.date(2020, 1, 1),
        extent=ground,
        valid_from=dt.date(2020, 1, 1),
        data_date=dt.date(2020, 1, 1),
        created_by=a_user(),
    )
    DraftZone.objects.create(
        version_of=version,
        label=_name("draftzone"),
        function=_name("function"),
        note=_name("note"),
        boundary=ground,
    )
    _work_on(version)
    _contradict(version)
    _try_out(version)
    return [
        "planning_draftzone",
        "planning_planversion",
        "planning_plan",
        "planning_draftedit",
        "planning_draftzonestate",
        "planning_draftvariant",
        "planning_conflictevent",
        "planning_precedencedecision",
        "planning_scenario",
        "planning_scenariochange",
        "planning_zonecircumstance",
        "planning_sitingrun",
        "planning_sitingcandidate",
    ]


def _try_out(version: PlanVersion) -> None:
    """Leave what somebody thinks of building."""
    import uuid

    from django.contrib.gis.geos import Point

    from planning.models import (
        Scenario,
        ScenarioChange,
        SitingCandidate,
        SitingRun,
        ZoneCircumstance,
    )
    from tests.ground import a_user

    ZoneCircumstance.objects.create(zone_uid=uuid.uuid4(), source=_name("onwhat"), by=a_user())

    scenario = Scenario.objects.create(title=_name("scenario"), version=version, by=a_user())
    ScenarioChange.objects.create(
        scenario=scenario,
        number=1,
        action="add",
        target=_name("target"),
        kind="park",
        why=_name("whybuild"),
        by=a_user(),
    )
    search = SitingRun.objects.create(
        version=version,
        on=version.valid_from,
        model="max_cover",
        kind="park",
        limit_m=500,
        problem={"candidates": [_name("asked")]},
        by=a_user(),
    )
    SitingCandidate.objects.create(
        run=search,
        number=0,
        key="drawn/1",
        source="drawn",
        name=_name("candidate"),
        position=Point(587_000, 2_325_000, srid=version.extent.srid),
        cost=1,
    )


def _contradict(version: PlanVersion) -> None:
    """Leave what people say about a conflict, and a decision."""
    import uuid

    from django.utils import timezone

    from planning.models import Conflict, ConflictEvent, ConflictRun, PrecedenceDecision
    from tests.ground import a_user

    run = ConflictRun.objects.create(version=version, kind="full", on=version.valid_from)
    conflict = Conflict.objects.create(
        version=version,
        identity=uuid.uuid4(),
        rule="P01",
        family="plans",
        parties=[],
        keys=[],
        first_run=run,
    )
    ConflictEvent.objects.create(
        conflict=conflict,
        at=timezone.now(),
        by=a_user(),
        kind="comment",
        text=_name("comment"),
        document=_name("document"),
    )
    PrecedenceDecision.objects.create(
        number=_name("number"),
        date=version.valid_from,
        authority=_name("decider"),
        text=_name("reasons"),
        prevails=_name("prevails"),
        gives_way=_name("givesway"),
        ground=version.extent,
        by=a_user(),
        at=timezone.now(),
    )


def _work_on(version: PlanVersion) -> None:
    """Leave what planners say while they draw: reasons, states of zones, variants."""
    import uuid

    from django.utils import timezone

    from accounts.models import Role, RoleAssignment, User
    from planning.editing.records import Change, Edit
    from planning.models import DraftVariant
    from planning.operations.draft_edits import begin_history, edit_draft
    from tests.small_city.ground import box

    planner = User.objects.create(username=_name("planner"), full_name=_name("plannername"))
    RoleAssignment.objects.create(user=planner, role=Role.PLANNER, valid_from=timezone.localdate())
    begin_history(version, by=planner)
    zone = version.drafts.get()
    # It leaves ground without a zone, and says why.
    change = Change(
        uid=zone.uid,
        based_on=1,
        boundary=box(400, 0, 700, 400).stored,
        content={"note": _name("newnote")},
    )
    edit = Edit(
        action="attributes",
        changes=(change,),
        why=_name("why"),
        accept=_name("accepted"),
        key=uuid.uuid4(),
    )
    edit_draft(version_id=version.pk, edit=edit, by=planner, on=timezone.localdate())
    DraftVariant.objects.create(
        version_of=version,
        uid=zone.uid,
        label=_name("variant"),
        function=_name("variantfunction"),
        note=_name("variantnote"),
        why=_name("variantwhy"),
        boundary=zone.boundary,
        by=planner,
        at=timezone.now(),
    )


def _traces() -> list[str]:
    """Plant what the frame itself notes down of people."""
    from django.db import connection
    from django.utils import timezone

    now = timezone.now()
    with connection.cursor() as cursor:
        more: dict[str, dict[str, str | int]] = {
            "axes_accessattempt": {
                "get_data": _name("get"),
                "post_data": _name("post"),
                "failures_since_start": 1,
            },
            "axes_accessfailurelog": {"locked_out": False},
            "axes_accesslog": {"session_hash": ""},
        }
        for table, values in more.items():
            columns = "".join(f", {name}" for name in values)
            cursor.execute(
                "INSERT INTO"
                f" {table} (user_agent, username, http_accept, path_info, attempt_time{columns})"
                f" VALUES (%s, %s, %s, %s, %s{', %s' * len(values)})",
                [
                    *map(_name, ("agent", "tried", "accept", "path")),
                    now,
                    *list(values.values()),
                ],
            )
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date)"
            " VALUES (%s, %s, %s)",
            [_name("session"), _name("data"), now],
        )
        cursor.execute(
            "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, priority,"
            " args_kwargs, task_path, queue_name, backend_name, run_after, return_value,"
            " exception_class_path, traceback, worker_ids) VALUES (gen_random_uuid(), 'FAILED',"
            " %s, 0, %s::jsonb, %s, 'default', 'default', %s, 'null', '', %s, '[]')",
            [now, f'"{_name("argument")}"', _name("task"), now, _name("traceback")],
        )
        cursor.execute(
            "INSERT INTO django_admin_log (action_time, object_id, object_repr, action_flag,"
            " change_message, user_id) SELECT %s, %s, %s, 1, %s, min(id) FROM accounts_user",
            [now, _name("object"), _name("repr"), _name("message")],
        )
    return [
        "django_admin_log",
        "axes_accessattempt",
        "axes_accessfailurelog",
        "axes_accesslog",
        "django_session",
        "django_tasks_database_dbtaskresult",
    ]


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    plant()
