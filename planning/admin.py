"""The pages on which officers publish sites that can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import roles_of
from landdata.models import Revision
from planning.forms import SiteForm, WithdrawalForm
from planning.models import AvailableSite, AvailableSiteUse
from planning.operations import (
    change_available_site,
    publish_available_site,
    withdraw_available_site,
)
from planning.permissions import PUBLISHES_SITES

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

_CHANGELIST = "admin:planning_availablesite_changelist"


class _Sites(ChangeList):
    def url_for_result(self, result: Any) -> str:
        """Return the address of a site: its code, since rows come and go."""
        return reverse("admin:planning_availablesite_change", args=[result.code])


class SitePages(admin.ModelAdmin[AvailableSite]):
    """Sites by code, each as it is said to be now; every change goes through an operation."""

    form = SiteForm
    list_display = ("code", "title", "status", "function", "area_m2", "unit_code", "until")
    list_filter = ("status",)
    search_fields = ("code", "title_vi", "title_en", "legal_basis")
    list_per_page = 50
    actions = None
    save_on_top = False
    show_full_result_count = False
    #: Days are said in the list; who changed what stands in the history.
    fieldsets = (
        (None, {"fields": ("code", "title_vi", "title_en", "status", "legal_basis")}),
        (_("site.ground"), {"fields": ("plots", "shape", "shape_epsg", "area_m2")}),
        (
            _("site.offer"),
            {
                "fields": (
                    *("price_basis", "contact_office", "contact_phone"),
                    *("offered_from", "offered_until", "why", "based_on"),
                )
            },
        ),
    )

    @admin.display(description=_("site.title"))
    def title(self, site: AvailableSite) -> str:
        """Return the title in the language of the page."""
        return site.title_en if (get_language() or "vi").startswith("en") else site.title_vi

    @admin.display(description=_("site.function"))
    def function(self, site: Any) -> str:
        """Return the function that the plans in force permit today."""
        return site.function_today or "–"

    @admin.display(description=_("site.until"), empty_value="–")
    def until(self, site: AvailableSite) -> Any:
        """Return the day from which it is shown no more."""
        return site.valid_to

    def get_queryset(self, request: HttpRequest) -> QuerySet[AvailableSite]:
        """Return the last row of each site."""
        newest = AvailableSite.objects.known_now().order_by("code", "-valid_from").distinct("code")
        today = timezone.localdate()
        uses = AvailableSiteUse.objects.known_now().filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today),
            site=OuterRef("pk"),
            valid_from__lte=today,
        )
        return (
            AvailableSite.objects.filter(pk__in=newest.values("pk"))
            .annotate(function_today=Subquery(uses.values("function")[:1]))
            .order_by("code")
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AvailableSite | None:
        """Return a site by its code."""
        return self.get_queryset(request).filter(code=object_id).first()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list whose links name codes."""
        return _Sites

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the form of the person who asks."""
        form = super().get_form(request, *args, **kwargs)
        return type("SiteFormOf", (form,), {"by": request.user})

    def get_urls(self) -> list[URLPattern]:
        """Return our own addresses only; all of them stand in the access table."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="planning_availablesite_changelist"),
            path("add/", wrap(self.add_view), name="planning_availablesite_add"),
            path(
                "<slug:object_id>/change/",
                wrap(self.change_view),
                name="planning_availablesite_change",
            ),
            path(
                "<slug:object_id>/history/",
                wrap(self.history_view),
                name="planning_availablesite_history",
            ),
            path(
                "<slug:object_id>/withdraw/",
                wrap(self.delete_view),
                name="planning_availablesite_delete",
            ),
        ]

    def _may(self, request: HttpRequest) -> bool:
        # On which ground is decided by the operation.
        return bool(roles_of(request.user, on=timezone.localdate()) & set(PUBLISHES_SITES))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may publish sites anywhere."""
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may publish sites anywhere."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may publish sites anywhere."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may publish sites anywhere."""
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether the person may publish sites anywhere."""
        return self._may(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Publish or change; rows are never saved by hand."""
        given = {"by": request.user, "on": timezone.localdate(), "why": form.cleaned_data["why"]}
        if change:
            based_on = form.cleaned_data["based_on"]
            row = change_available_site(form.content, based_on=based_on, **given)
        else:
            row = publish_available_site(form.content, **given)
        obj.pk = row.pk

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Say nothing: the revision says who and why."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Say nothing: the revision says who and why."""

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go back to the list."""
        return self._back(request, gettext("site.published") % {"site": obj.code})

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go back to the list."""
        return self._back(request, gettext("site.changed") % {"site": obj.code})

    def _back(self, request: HttpRequest, said: str) -> HttpResponse:
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse(_CHANGELIST))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kw: Any) -> Any:
        """Offer to save, and nothing else: each saving is one thing said in public."""
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kw)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Withdraw a site: it is offered no more, and what was said stays known."""
        site = self.get_object(request, object_id)
        if site is None:
            raise Http404(object_id)
        rows = AvailableSite.objects.known_now().filter(code=site.code)
        newest = max(rows.values_list("from_revision", flat=True))
        form = WithdrawalForm(request.POST or None, initial={"based_on": newest})
        if request.method == "POST" and form.is_valid():
            withdraw_available_site(
                code=site.code,
                based_on=form.cleaned_data["based_on"],
                by=request.user,  # type: ignore[arg-type]  # nobody else gets here
                on=timezone.localdate(),
                why=form.cleaned_data["why"],
            )
            return self._back(request, gettext("site.withdrawn") % {"site": site.code})
        return self._page(request, site, "withdraw", {"form": form})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show every row that was ever known of a site, with who made it known."""
        rows = list(
            AvailableSite.objects.filter(code=object_id).order_by("-from_revision", "-valid_from")
        )
        if not rows:
            raise Http404(object_id)
        numbers = {row.from_revision for row in rows}
        numbers |= {row.to_revision for row in rows if row.to_revision is not None}
        revisions = {
            revision.number: revision
            for revision in Revision.objects.filter(number__in=numbers - {None}).select_related(
                "by"
            )
        }
        said = [
            {
                "row": row,
                "opened": revisions[row.from_revision],
                "closed": revisions.get(row.to_revision or 0),
            }
            for row in rows
        ]
        return self._page(request, rows[0], "history", {"said": said})

    def _page(
        self, request: HttpRequest, site: AvailableSite, name: str, more: dict[str, Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "site": site,
            "title": f"{gettext(f'site.{name}')} {site.code}",
            **more,
        }
        template = f"admin/planning/availablesite/{name}.html"
        return TemplateResponse(request, template, context)
