"""Who may call which address. What is not in this table is refused.

The table knows roles, not ground: whether a planner may change *this* zone is decided where the
change is made (`accounts.permissions.has_role(…, at=…)`). docs/access.md is made from it by
`manage.py list_access`.

Files below /static/ are not in the table: WhiteNoise answers them before any address is resolved,
and they are the same program text for everybody.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Role
from accounts.permissions import roles_of
from config.errors import answer, wants_page
from planning.permissions import DRAFT_ROLES, EDIT_ROLES, PUBLISHES_SITES

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class Callers(Enum):
    """The two groups of callers that are no role."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


PUBLIC = Callers.PUBLIC
SIGNED_IN = Callers.SIGNED_IN

#: Who may call: one of the two groups, or whoever holds one of these roles.
Who = Callers | frozenset[Role]

READ = ("GET", "HEAD")
FORM = (*READ, "POST")
#: Who has something to do at the officers' desk.
DESK = frozenset(PUBLISHES_SITES)
#: Who may see a draft within their territory, and who may change it.
DRAFTERS = frozenset(DRAFT_ROLES)
EDITORS = frozenset(EDIT_ROLES)
APPROVERS = frozenset({Role.APPROVER})


@dataclass(frozen=True)
class Rule:
    """These methods of this address may be called by these people."""

    #: The route as Django's resolver gives it in `request.resolver_match.route`.
    route: str
    who: Who
    methods: tuple[str, ...] = READ
    #: Whether even a POST changes nothing: a question too long for an address. Programs send no
    #: token with it, and there is nothing that another site could make anybody do.
    only_asks: bool = False


RULES: tuple[Rule, ...] = (
    # pages
    Rule("", PUBLIC),
    Rule("parcels/<uuid:parcel_id>/", PUBLIC),
    Rule("parcels/<uuid:parcel_id>/answer/", PUBLIC),
    Rule("parcels/<uuid:parcel_id>/reach/", PUBLIC),
    Rule("reach/city/", PUBLIC),
    Rule("conflicts/rules/", PUBLIC),
    Rule("layers/", PUBLIC),
    Rule("layers/<str:layer>/", PUBLIC),
    Rule("plans/", DRAFTERS),
    Rule("plans/<str:code>/edit", DRAFTERS),
    Rule("plans/drafts/<int:draft>/release-conflicts/", APPROVERS, ("POST",)),
    Rule("plans/drafts/<int:draft>/approve/", APPROVERS, ("POST",)),
    Rule("plans/drafts/<int:draft>/publish/", APPROVERS, ("POST",)),
    Rule("plans/<str:code>/zones.json", EDITORS),
    Rule("plans/<str:code>/print.pdf", DRAFTERS),
    Rule("conflicts/", DRAFTERS),
    Rule("reach/", DRAFTERS),
    Rule("language/", PUBLIC, ("POST",)),
    Rule("sign-in/", PUBLIC, ("GET", "HEAD", "POST")),
    Rule("sign-out/", PUBLIC, ("POST",)),
    Rule("health/", PUBLIC),
    # the officers' desk
    Rule("admin/", DESK),
    Rule("admin/jsi18n/", DESK),
    Rule("admin/planning/", DESK),
    Rule("admin/planning/availablesite/", DESK),
    Rule("admin/planning/availablesite/add/", DESK, FORM),
    Rule("admin/planning/availablesite/<slug:object_id>/change/", DESK, FORM),
    Rule("admin/planning/availablesite/<slug:object_id>/history/", DESK),
    Rule("admin/planning/availablesite/<slug:object_id>/withdraw/", DESK, FORM),
    # answers for programs
    Rule("api/", PUBLIC),
    Rule("api/docs", PUBLIC),
    Rule("api/openapi.json", PUBLIC),
    Rule("api/map", PUBLIC, ("GET",)),
    Rule("api/layers/<layer_id>/changes", PUBLIC, ("GET",)),
    Rule("api/search", PUBLIC, ("GET",)),
    Rule("api/parcels/at", PUBLIC, ("GET",)),
    Rule("api/parcels/<uuidstr:parcel_id>/extract", PUBLIC, ("GET",)),
    Rule("api/parcels/<uuidstr:parcel_id>/reach", PUBLIC, ("GET",)),
    # what plans contradict in
    Rule("api/planning/reach/kinds", PUBLIC, ("GET",)),
    Rule("api/planning/reach/summary", PUBLIC, ("GET",)),
    Rule("api/planning/reach/runs", DRAFTERS, ("GET", "POST")),
    Rule("api/planning/reach/runs/<int:run>", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/runs/<int:run>/cancel", DRAFTERS, ("POST",)),
    Rule("api/planning/reach/figures", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/wards", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/scenarios", DRAFTERS, ("GET", "POST")),
    Rule("api/planning/reach/scenarios/<uuidstr:key>", DRAFTERS, ("GET", "PATCH", "DELETE")),
    Rule("api/planning/reach/scenarios/<uuidstr:key>/changes", DRAFTERS, ("POST",)),
    Rule("api/planning/reach/scenarios/<uuidstr:key>/undo", DRAFTERS, ("POST",)),
    Rule("api/planning/reach/scenarios/<uuidstr:key>/facilities", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/scenarios/<uuidstr:key>/room", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/scenarios/<uuidstr:key>/compare", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/map", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/areas", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/isochrone", DRAFTERS, ("POST",)),
    Rule("api/planning/reach/plots/<uuidstr:parcel>", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/squares", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/map/bands", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/norms", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/quality", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/report.csv", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/report.pdf", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/table.csv", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/zones/<uuidstr:zone>/circumstance", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/zones/<uuidstr:zone>/circumstance", EDITORS, ("POST",)),
    Rule("api/planning/reach/siting", DRAFTERS, ("GET", "POST")),
    Rule("api/planning/reach/siting/<int:run>", DRAFTERS, ("GET",)),
    Rule("api/planning/reach/siting/<int:run>/cancel", DRAFTERS, ("POST",)),
    Rule("api/planning/reach/siting/<int:run>/take", DRAFTERS, ("POST",)),
    Rule("api/planning/conflict-rules", PUBLIC, ("GET",)),
    Rule("api/planning/conflict-summary", PUBLIC, ("GET",)),
    Rule("api/planning/conflicts", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/runs", DRAFTERS, ("GET", "POST")),
    Rule("api/planning/conflicts/runs/<int:run>", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/runs/<int:run>/cancel", DRAFTERS, ("POST",)),
    Rule("api/planning/conflicts/runs/<int:run>/difference", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/matrix", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/map", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/heat", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/<uuidstr:key>", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/<uuidstr:key>/events", DRAFTERS, ("POST",)),
    Rule("api/planning/conflicts/<uuidstr:key>/ways", DRAFTERS, ("POST",)),
    Rule("api/planning/conflicts/report.csv", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/report.gpkg", DRAFTERS, ("GET",)),
    Rule("api/planning/conflicts/report.pdf", DRAFTERS, ("GET",)),
    Rule("api/planning/precedence-decisions", APPROVERS, ("POST",)),
    # drafts of plans, for their team
    Rule("api/planning/drafts", DRAFTERS, ("GET",)),
    Rule("api/planning/plans/<code>/drafts", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/zones", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/edits", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/edits", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/edits/<int:number>", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/edits/<int:number>/undo", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/conflicts/refresh", DRAFTERS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/check", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/news", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/presence", DRAFTERS, ("PUT",)),
    Rule("api/planning/drafts/<int:draft>/faults", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/faults/<uuidstr:fault>/ways", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/variants", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/variants", EDITORS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/variants/<int:variant>", EDITORS, ("DELETE",)),
    Rule("api/planning/drafts/<int:draft>/norms", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/ground", DRAFTERS, ("GET",)),
    Rule("api/planning/drafts/<int:draft>/approval", APPROVERS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/publication", APPROVERS, ("POST",)),
    Rule("api/planning/drafts/<int:draft>/verification", DRAFTERS, ("GET",)),
    # features
    Rule("ogc", PUBLIC),
    Rule("ogc/", PUBLIC),
    Rule("ogc/api", PUBLIC),
    Rule("ogc/conformance", PUBLIC),
    Rule("ogc/collections", PUBLIC),
    Rule("ogc/collections/<str:collection_id>", PUBLIC),
    Rule("ogc/collections/<str:collection_id>/queryables", PUBLIC),
    Rule("ogc/collections/<str:collection_id>/schema", PUBLIC),
    Rule("ogc/collections/<str:collection_id>/items", PUBLIC),
    Rule("ogc/collections/<str:collection_id>/items/<path:feature_id>", PUBLIC),
    # maps
    Rule("tiles/<str:layer>.json", PUBLIC),
    Rule("layers/dcat.json", PUBLIC),
    Rule("layers/diado.qgs", PUBLIC),
    Rule("layers/<str:layer>.qlr", PUBLIC),
    Rule("parcels/<uuid:parcel_id>/map.png", PUBLIC),
    Rule("styles/<str:layer>.json", PUBLIC),
    Rule("styles/fonts/<str:fontstack>/<int:first>-<int:last>.pbf", PUBLIC),
    Rule("styles/sprite.json", PUBLIC),
    Rule("styles/sprite.png", PUBLIC),
    Rule("styles/sprite@2x.json", PUBLIC),
    Rule("styles/sprite@2x.png", PUBLIC),
    Rule("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.pbf", PUBLIC),
    Rule("wms", PUBLIC),
    Rule("wfs", PUBLIC, ("GET", "HEAD", "POST"), only_asks=True),
    Rule("wmts", PUBLIC),
    Rule("wmts/1.0.0/WMTSCapabilities.xml", PUBLIC),
    Rule(
        "wmts/1.0.0/<str:layer>/<str:style>/<str:tilematrixset>/<str:tilematrix>/<str:tilerow>"
        "/<str:tilecol>.<str:ending>",
        PUBLIC,
    ),
    Rule(
        "wmts/1.0.0/<str:layer>/<str:style>/<str:tilematrixset>/<str:tilematrix>/<str:tilerow>"
        "/<str:tilecol>/<str:j>/<str:i>.<str:ending>",
        PUBLIC,
    ),
    Rule("tms/", PUBLIC),
    Rule("tms/1.0.0/", PUBLIC),
    Rule("tms/1.0.0/<str:name>/", PUBLIC),
    Rule("tms/1.0.0/<str:name>/<int:z>/<int:x>/<int:y>.png", PUBLIC),
)


def _by_route(rules: tuple[Rule, ...]) -> dict[str, dict[str, Who]]:
    """Return {route: {method: who}}. Raises ValueError if a method of a route stands twice."""
    table: dict[str, dict[str, Who]] = {}
    for rule in rules:
        methods = table.setdefault(rule.route, {})
        for method in rule.methods:
            if method in methods:
                raise ValueError(f"{method} {rule.route!r} stands twice in the table")
            methods[method] = rule.who
    return table


TABLE = _by_route(RULES)


class OnlyWhoMay:
    """Refuse every call that the table does not allow, before the view is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on: the decision needs the resolved address and falls in `process_view`."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Return a refusal, or None to let the call go on."""
        route = request.resolver_match.route if request.resolver_match else None
        methods = TABLE.get(route) if route is not None else None
        if methods is None:
            # A programming fault, but the caller must not gain by it.
            logger.error("address %r is not in the access table", route)
            return _refuse(request, 403, "address_not_listed")
        who = methods.get(request.method or "")
        if who is None:
            refusal = _refuse(request, 405, "method_not_allowed")
            refusal["Allow"] = ", ".join(methods)
            return refusal
        if may_call(request, who):
            return None
        if request.user.is_authenticated:
            logger.info("user %s refused at %r", request.user.pk, route)
            return _refuse(request, 403, "role_needed")
        if wants_page(request) and request.method in READ:
            return redirect_to_login(request.get_full_path())
        return _refuse(request, 401, "sign_in_needed")


def may_call(request: HttpRequest, who: Who) -> bool:
    """Say whether the caller belongs to `who` today. Public addresses cost no look-up."""
    if who is Callers.PUBLIC:
        return True
    if who is Callers.SIGNED_IN:
        return request.user.is_authenticated
    return bool(roles_of(request.user, on=timezone.localdate()) & who)


def _refuse(request: HttpRequest, status: int, code: str) -> HttpResponse:
    return answer(request, status, code, gettext(f"error.{code}"))
