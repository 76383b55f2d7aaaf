"""What answers about drafts have in common: who asks, which draft, how it is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils import timezone

from accounts.models import User
from landdata.errors import Invalid
from planning import draft_queries as queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from planning.models import PlanVersion

#: Of this caller only, and asked for every time.
MINE = "private, no-cache"


def user_of(request: HttpRequest) -> User:
    """Return who asks; the routers of drafts let in nobody who is not signed in."""
    if not isinstance(request.user, User):
        raise TypeError("django_auth lets in nobody else")
    return request.user


def draft_of(request: HttpRequest, draft: int) -> PlanVersion:
    """Return a draft that is open to the caller. Raises Missing for any other."""
    return queries.draft_open_to(user_of(request), draft, on=timezone.localdate())


def written(values: Any) -> str:
    """Return values as JSON, in readable letters."""
    return json.dumps(values, ensure_ascii=False, cls=DjangoJSONEncoder)


def as_json(values: Any, *, status: int = 200, edit: int | None = None) -> HttpResponse:
    """Answer with values; `edit` is the number of the edit that they show."""
    return as_text(written(values), status=status, edit=edit)


def as_text(body: str, *, status: int = 200, edit: int | None = None) -> HttpResponse:
    """Answer with JSON that is written already."""
    answer = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    answer["Cache-Control"] = MINE
    if edit is not None:
        answer["ETag"] = f'"e{edit}"'
    return answer


def box_in(text: str | None) -> queries.Box | None:
    """Read "west,south,east,north" in metres. Raises Invalid for what is no box."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as unreadable:
        raise Invalid("box_unreadable") from unreadable
    if not -1e8 < west <= east < 1e8 or not -1e8 < south <= north < 1e8:
        raise Invalid("box_unreadable")
    return west, south, east, north
