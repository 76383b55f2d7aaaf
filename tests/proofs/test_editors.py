"""The proof of planners who edit one draft together, small; `make prove JOB=editors` in full."""

from __future__ import annotations

import logging
import os
import uuid
from typing import TYPE_CHECKING

import pytest
import shapely
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.middleware.csrf import _get_new_csrf_string

from accounts.models import Role
from config.stack import services
from config.stack.places import free_port, places
from landdata.geometry import to_shapely
from planning.operations.draft_chain import verify_history
from tests.planning.city import Office, box, functions, person
from tests.proofs.editors import (
    CELL,
    FULL_KILLS,
    FULL_WRITERS,
    SIDE,
    SIZE,
    SMALL_EDITS,
    SMALL_KILLS,
    SMALL_WRITERS,
    Server,
    Told,
    Writer,
    edit_together,
    running,
)
from tests.servers import beside

if TYPE_CHECKING:
    from pathlib import Path

    from accounts.models import User
    from planning.models import PlanVersion

logger = logging.getLogger(__name__)

pytestmark = pytest.mark.django_db(transaction=True)


def a_plan() -> PlanVersion:
    """A plan of SIDE x SIDE square zones without a gap."""
    cells = {
        f"{column}.{row}": (
            "HOUSES",
            box(column * CELL, row * CELL, (column + 1) * CELL, (row + 1) * CELL),
        )
        for column in range(SIDE)
        for row in range(SIDE)
    }
    return Office().draft("ED", box(0, 0, SIDE * CELL, SIDE * CELL), cells)


def signed_in(user: User) -> str:
    """Return the cookie of a session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "accounts.backends.OpenAccounts"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def a_server(folder: Path) -> tuple[Server, str]:
    """Return a web server before the test's own database, not yet started."""
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": beside(os.environ["DATABASE_URL"], name),
        "DIADO_PUBLIC_DATABASE_URL": beside(os.environ["DIADO_PUBLIC_DATABASE_URL"], name),
        "DIADO_TEAM_DATABASE_URL": beside(os.environ["DIADO_TEAM_DATABASE_URL"], name),
        "DIADO_VAR": str(folder),
        "DIADO_PORT": str(free_port()),
        # Planners of this proof work faster than anybody may.
        "DIADO_REQUEST_UNITS": "0",
    }
    here = places(environment)
    here.run.mkdir(parents=True, exist_ok=True)
    server = Server(services.web_server(here), environment, folder / "web.log")
    return server, here.url.rstrip("/")


def test_nothing_acknowledged_is_lost_and_no_sliver_opens(tmp_path):
    wanted = int(os.environ.get(SIZE, SMALL_EDITS))
    is_full = SIZE in os.environ
    functions()
    draft = a_plan()
    count = FULL_WRITERS if is_full else SMALL_WRITERS
    people = [person(f"planner{n}", Role.PLANNER) for n in range(count)]
    server, url = a_server(tmp_path)
    told = Told(wanted)
    writers = [
        Writer(url, draft.pk, signed_in(who), _get_new_csrf_string(), seed)
        for seed, who in enumerate(people)
    ]

    with running(server):
        edit_together(writers, told, server, FULL_KILLS if is_full else SMALL_KILLS)

    logger.info(
        "%s edits acknowledged %s, answers %s, %s sent again, %s zones",
        len(told.acknowledged),
        dict(told.kinds),
        dict(told.statuses),
        told.resent,
        draft.drafts.count(),
    )
    # No error, no deadlock: an edit is saved, or refused since another planner was faster.
    assert set(told.statuses) <= {201, 412, 422}
    kept = dict(draft.history.exclude(action="begin").values_list("key", "number"))
    assert {uuid.UUID(key): number for key, number in told.acknowledged.items()}.items() <= (
        kept.items()
    )
    draft.refresh_from_db()
    assert verify_history(draft).is_intact
    assert_a_plan(draft)


def assert_a_plan(draft: PlanVersion) -> None:
    """Zones lie side by side on all of the ground, told by areas and by GEOS' own validator."""
    shapes = [to_shapely(zone.boundary) for zone in draft.drafts.all()]
    ground = shapely.union_all(shapes)
    side = SIDE * CELL

    assert sum(shape.area for shape in shapes) == pytest.approx(side * side, abs=1e-3)
    assert ground.symmetric_difference(box(0, 0, side, side)).area < 1e-6
    assert shapely.coverage_is_valid(list(shapely.get_parts(shapes)))
    assert not draft.faults.exists()
