"""The API, put together from what each package offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from config.errors import problem, refuse
from landdata.api import router as landdata_router
from landdata.errors import Forbidden, Invalid, Missing, Refusal, Stale
from planning.api import router as planning_router
from planning.conflict_api import public_router as conflict_rules_router
from planning.conflict_api import router as conflict_router
from planning.conflict_report_api import router as conflict_report_router
from planning.conflict_summary_api import router as conflict_summary_router
from planning.conflict_way_api import router as conflict_way_router
from planning.draft_api import router as draft_router
from planning.reach_api import public_router as reach_kinds_router
from planning.reach_api import router as reach_router
from planning.reach_ground_api import router as reach_ground_router
from planning.reach_map_api import router as reach_map_router
from planning.reach_norm_api import router as reach_norm_router
from planning.reach_public_api import router as reach_public_router
from planning.reach_report_api import router as reach_report_router
from planning.reach_scenario_api import router as reach_scenario_router
from planning.reach_site_api import router as reach_site_router
from planning.reach_squares_api import router as reach_squares_router
from tileserver.api import router as tileserver_router

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse


class ReadableJSON(JSONRenderer):
    """Vietnamese letters as themselves: shorter, and a person at curl can read them."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = NinjaAPI(
    title="Địa Đồ",
    version="1.0.0",
    urls_namespace="api",
    renderer=ReadableJSON(),
    description="Land data and urban plans of a Vietnamese city, with what was known when.",
    docs_url="/docs",
    openapi_url="/openapi.json",
)
api.add_router("", landdata_router)
api.add_router("", planning_router)
api.add_router("planning", draft_router)
api.add_router("planning", conflict_router)
api.add_router("planning", conflict_way_router)
api.add_router("planning", conflict_report_router)
api.add_router("planning", conflict_summary_router)
api.add_router("planning", conflict_rules_router)
api.add_router("planning", reach_router)
api.add_router("planning", reach_kinds_router)
api.add_router("planning", reach_norm_router)
api.add_router("planning", reach_site_router)
api.add_router("", reach_public_router)
api.add_router("planning", reach_scenario_router)
api.add_router("planning", reach_squares_router)
api.add_router("planning", reach_report_router)
api.add_router("planning", reach_map_router)
api.add_router("planning", reach_ground_router)
api.add_router("", tileserver_router)


# Ninja answers exceptions itself, before any middleware sees them.
@api.exception_handler(Missing)
@api.exception_handler(Forbidden)
@api.exception_handler(Stale)
@api.exception_handler(Invalid)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return refuse(request, error)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which parameter could not be read."""
    where = ", ".join(".".join(str(part) for part in e["loc"][1:]) for e in error.errors)
    detail = gettext("error.parameter_unreadable") % {"where": where}
    reasons = [{"where": list(e["loc"]), "reason": e["msg"]} for e in error.errors]
    return problem(422, "parameter_unreadable", detail, {"where": where, "reasons": reasons})


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "not_found", gettext("error.not_found"))


#: What ninja refuses by itself, by status.
_CODES = {400: "body_unreadable", 403: "csrf"}


@api.exception_handler(HttpError)
def _refused_by_status(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what only HTTP knows: an unreadable body, no token, no state named (RFC 6585)."""
    code = _CODES.get(error.status_code, error.message)
    return problem(error.status_code, code, gettext(f"error.{code}"))


@api.exception_handler(AuthenticationError)
def _unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "sign_in_needed", gettext("error.sign_in_needed"))
