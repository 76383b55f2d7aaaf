"""Planners and drafts in a live city, made in a process of its own: `python -m tests.browser.room`.

    0      100    200    300
200 +------+------+------+
    |  A3  |  A4  |      |
100 +------+------+ free |
    |  A1  |  A2  |      |
  0 +------+------+------+

The corner lies in the middle of the city, so that there is a base map below; prints what it made as
JSON.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import uuid
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon
    from shapely.geometry.base import BaseGeometry

SIDE_M = 100.0
COLUMNS, ROWS = 2, 2
FREE_M = 100.0


def main(drafts: int) -> None:
    """Make two planners and so many drafts of plans of their own."""
    django.setup()
    # Only now may models be imported.
    import shapely
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import Role, RoleAssignment, User
    from landdata.geometry import to_multipolygon
    from landdata.models import PublicParcel
    from planning.content import PlanContent, ZoneSketch
    from planning.functions import functions_in
    from planning.models import Adjustment, PlanLevel
    from planning.operations import create_draft

    today = timezone.localdate()
    somewhere = PublicParcel.objects.filter(to_revision=None).order_by("id").first()
    assert somewhere is not None
    assert somewhere.boundary is not None
    box = somewhere.boundary.extent
    east, north = round(box[0], -2), round(box[1], -2)
    # A quarter of a millimetre that no decimal number has: whoever writes it as text loses it.
    odd = 1 / 4096

    def square(column: int, row: int) -> shapely.Polygon:
        west, south = east + column * SIDE_M + odd, north + row * SIDE_M + odd
        return shapely.box(west, south, west + SIDE_M, south + SIDE_M)

    def stored(shape: BaseGeometry) -> MultiPolygon:
        return to_multipolygon(shape, settings.STORAGE_SRID)

    people, cookies = [], {}
    for name, full_name in (("lan", "Trần Thị Lan"), ("hung", "Phạm Văn Hùng")):
        user = User.objects.create(username=f"bench-{name}", full_name=full_name)
        RoleAssignment.objects.create(user=user, role=Role.PLANNER, valid_from=dt.date(2020, 1, 1))
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.backends.OpenAccounts"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        people.append(user)
        cookies[name] = [settings.SESSION_COOKIE_NAME, session.session_key]
    functions = sorted(functions_in(PlanLevel.DETAILED, {today}))
    made = []
    for number in range(drafts):
        uids = {f"A{place + 1}": uuid.uuid4() for place in range(COLUMNS * ROWS)}
        west, south = east + odd, north + odd
        extent = shapely.box(west, south, west + COLUMNS * SIDE_M + FREE_M, south + ROWS * SIDE_M)
        version = create_draft(
            plan=PlanContent(
                code=f"BENCH-{number + 1}",
                level=PlanLevel.DETAILED,
                adjustment=Adjustment.FIRST,
                name_vi=f"Quy hoạch chi tiết thử {number + 1}",
                name_en=f"Trial detailed plan {number + 1}",
                scale=500,
                information_code="",
                authority="UBND",
                decision_number="1/QĐ",
                decision_date=today,
                extent=stored(extent),
                valid_from=today,
                valid_to=None,
                data_date=today,
                accuracy_m=None,
            ),
            zones=[
                ZoneSketch(
                    uid=uid,
                    label=label,
                    function=functions[place % len(functions)],
                    boundary=stored(square(place % COLUMNS, place // COLUMNS)),
                    density="40-60",
                    population=120,
                )
                for place, (label, uid) in enumerate(uids.items())
            ],
            by=people[0],
            on=today,
        )
        zones = {label: str(uid) for label, uid in uids.items()}
        made.append({"id": version.pk, "code": version.plan.code, "zones": zones})
    corner = [east + odd, north + odd]
    sys.stdout.write(json.dumps({"cookies": cookies, "drafts": made, "corner": corner}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
