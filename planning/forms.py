"""What an officer fills in to publish a site that can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landdata import crs
from landdata.errors import Refusal
from planning.content import SiteContent
from planning.models import AvailableSite, SiteShape, SiteStatus
from planning.operations.available_sites import check_site
from planning.site_reading import MOST_CHARACTERS, read_boundary, read_plots

if TYPE_CHECKING:
    from django.contrib.gis.geos import MultiPolygon

    from accounts.models import User

_TYPED = (
    *("code", "title_vi", "title_en", "status", "legal_basis", "area_m2", "price_basis"),
    *("contact_office", "contact_phone", "offered_from", "offered_until"),
)


class SiteForm(forms.ModelForm[AvailableSite]):
    """A site as an office says it; what plans permit on it is not asked for."""

    area_m2 = forms.DecimalField(
        label=_("site.area_m2"),
        help_text=_("site.area_m2.help"),
        required=False,
        max_digits=12,
        decimal_places=2,
    )
    plots = forms.CharField(
        label=_("site.plots"),
        help_text=_("site.plots.help"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    shape = forms.CharField(
        label=_("site.shape"),
        help_text=_("site.shape.help"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    shape_epsg = forms.TypedChoiceField(label=_("site.shape_epsg"), coerce=int)
    #: The revision that the officer has on screen.
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        label=_("site.why"), help_text=_("site.why.help"), required=False, max_length=300
    )

    #: Set by the page before it is checked.
    by: User
    #: What was said, once it has been checked.
    content: SiteContent

    class Meta:
        model = AvailableSite
        fields = _TYPED
        widgets = {
            "legal_basis": forms.Textarea(attrs={"rows": 3}),
            "price_basis": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        storage = settings.STORAGE_EPSG
        self.fields["shape_epsg"].choices = [  # type: ignore[attr-defined]  # of a choice field
            (crs.GEOGRAPHIC, gettext("site.wgs84")),
            (storage, f"EPSG:{storage} {crs.title(storage)}"),
        ]
        if self.instance._state.adding:
            return
        self.fields["code"].disabled = True
        self.initial["based_on"] = max(
            AvailableSite.objects.known_now()
            .filter(code=self.instance.code)
            .values_list("from_revision", flat=True)
        )
        if self.instance.area_from != "stated":
            self.initial["area_m2"] = None
        if self.instance.shape_from == SiteShape.PARCELS:
            self.initial["plots"] = "\n".join(
                f"{p.unit_code}/{p.sheet_number}/{p.scale}/{p.number}"
                for p in self.instance.parcels.order_by("pk")
            )
        else:
            self.initial["shape"] = self.instance.boundary.wkt
            self.initial["shape_epsg"] = storage

    def clean(self) -> dict[str, Any]:
        """Check all that the operation would refuse: the page says it beside the form."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        try:
            self.content = SiteContent(
                **{name: given[name] for name in _TYPED if name != "status"},
                status=SiteStatus(given["status"]),
                plots=read_plots(given["plots"]),
                boundary=_boundary(given["shape"], given["shape_epsg"]),
            )
            check_site(
                self.content,
                based_on=None if self.instance._state.adding else given["based_on"],
                by=self.by,
                on=timezone.localdate(),
            )
        except Refusal as refusal:
            raise ValidationError(
                gettext(f"error.{refusal.code}") % refusal.values, code=refusal.code
            ) from refusal
        return given


def _boundary(text: str, epsg: int) -> MultiPolygon | None:
    return read_boundary(text, epsg) if text.strip() else None


class WithdrawalForm(forms.Form):
    """Why a site is offered no more."""

    why = forms.CharField(label=_("site.why"), max_length=300)
    based_on = forms.IntegerField(widget=forms.HiddenInput)
