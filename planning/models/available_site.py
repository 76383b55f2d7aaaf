"""Land that the city offers to those who want to invest, and what the plans permit on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from landdata.models import Revisioned, RevisionedQuerySet


class SiteStatus(models.TextChoices):
    """Whether the site can be had."""

    #: Ready, and nobody has been asked to bid yet.
    FREE = "free", _("site.free")
    #: An auction or tender is announced.
    OFFERED = "offered", _("site.offered")
    ALLOCATED = "allocated", _("site.allocated")


class SiteShape(models.TextChoices):
    """Where the boundary of a site comes from."""

    PARCELS = "parcels", _("site.from_parcels")
    DRAWN = "drawn", _("site.drawn")


class AreaSource(models.TextChoices):
    """Where the area of a site comes from; areas of different sources are never exchanged."""

    #: The decision behind the offer.
    STATED = "stated", _("site.area_stated")
    #: The sum of the legal areas of its plots.
    REGISTER = "register", _("site.area_register")
    #: Measured in the boundary.
    MEASURED = "measured", _("site.area_measured")


class AvailableSite(Revisioned):
    """What an office says of a site from one day to another; `code` is its lasting identity.

    It names offices, never people.
    """

    code = models.CharField(_("site.code"), max_length=40)
    title_vi = models.CharField(_("site.title_vi"), max_length=200)
    title_en = models.CharField(_("site.title_en"), max_length=200)
    legal_basis = models.TextField(_("site.legal_basis"))
    status = models.CharField(_("site.status"), max_length=10, choices=SiteStatus.choices)
    shape_from = models.CharField(max_length=8, choices=SiteShape.choices)
    boundary = models.MultiPolygonField(srid=settings.STORAGE_SRID)
    area_m2 = models.DecimalField(_("site.area_m2"), max_digits=14, decimal_places=2)
    area_from = models.CharField(max_length=8, choices=AreaSource.choices)
    #: Ward in which most of it lies.
    unit_code = models.CharField(max_length=5)
    price_basis = models.TextField(_("site.price_basis"), blank=True)
    contact_office = models.ForeignKey(
        "accounts.Office",
        verbose_name=_("site.contact_office"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: A line of the office.
    contact_phone = models.CharField(_("site.contact_phone"), max_length=20, blank=True)
    offered_from = models.DateField(_("site.offered_from"), null=True, blank=True)
    #: Last day of the offer; an offered site leaves the map on the day after.
    offered_until = models.DateField(_("site.offered_until"), null=True, blank=True)
    #: When it was first shown.
    published_at = models.DateTimeField()

    objects = RevisionedQuerySet["AvailableSite"].as_manager()

    class Meta(Revisioned.Meta):
        verbose_name = _("site.one")
        verbose_name_plural = _("site.many")
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(to_revision=None),
                name="available_site_known_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True), name="available_site_boundary_valid"
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="available_site_area_positive"),
            models.CheckConstraint(
                condition=Q(offered_from__isnull=True)
                | Q(offered_until__isnull=True)
                | Q(offered_until__gte=F("offered_from")),
                name="available_site_offer_lasts",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AvailableSiteParcel(models.Model):
    """A plot of a site, in the numbers of the day on which it was published."""

    site = models.ForeignKey(AvailableSite, on_delete=models.PROTECT, related_name="parcels")
    unit_code = models.CharField(max_length=5)
    sheet_number = models.CharField(max_length=20)
    scale = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    parcel = models.ForeignKey("landdata.Parcel", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "parcel"], name="available_site_parcel_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_code}/{self.sheet_number}/{self.number}"


class AvailableSiteUse(Revisioned):
    """What the plans in force permit on a site from one day to another.

    Worked out, never typed. A row follows from one row of the site and from the zones that were
    known, so it is written again when either changes; days on which plans begin or cease to hold
    part rows, so that the map changes on them by itself.
    """

    site = models.ForeignKey(AvailableSite, on_delete=models.PROTECT, related_name="uses")
    #: Where maps show it: the copy of the site's boundary.
    boundary_3857 = models.MultiPolygonField(srid=3857)
    #: The function with the largest share; empty where no zone lies on the site.
    function = models.CharField(max_length=60, blank=True)
    function_share = models.FloatField(default=0)
    #: Of the zone of that function with the largest share.
    level = models.CharField(max_length=8, blank=True)
    plan_code = models.CharField(max_length=40, blank=True)
    density = models.CharField(max_length=60, blank=True)
    density_min = models.FloatField(null=True, blank=True)
    density_max = models.FloatField(null=True, blank=True)
    storeys = models.CharField(max_length=60, blank=True)
    storeys_min = models.FloatField(null=True, blank=True)
    storeys_max = models.FloatField(null=True, blank=True)
    floor_area_ratio = models.CharField(max_length=60, blank=True)
    floor_area_ratio_min = models.FloatField(null=True, blank=True)
    floor_area_ratio_max = models.FloatField(null=True, blank=True)
    #: Whether other zones on the site say other figures.
    is_mixed = models.BooleanField(default=False)
    #: Every zone: level, plan, label, function, share, m2, and the indicators as written.
    zones = models.JSONField(default=list)
    #: Code of the land-use plan with the largest share.
    land_use_code = models.CharField(max_length=60, blank=True)
    silent_share = models.FloatField(default=0)
    unplanned_share = models.FloatField(default=0)
    contested_share = models.FloatField(default=0)

    objects = RevisionedQuerySet["AvailableSiteUse"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["site", "valid_from"],
                condition=Q(to_revision=None),
                name="available_site_use_known_once_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.function} from {self.valid_from}"
