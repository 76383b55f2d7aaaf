"""Keys by which programs say who they are: QGIS, a script, another office's server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User

if TYPE_CHECKING:
    import datetime as dt


class AccessKeyQuerySet(models.QuerySet["AccessKey"]):
    """Questions about which keys open anything."""

    def valid_on(self, day: dt.date) -> AccessKeyQuerySet:
        """Keep the keys that hold on `day` and whose owner's account is open."""
        return self.filter(valid_from__lte=day, user__is_active=True).filter(
            Q(valid_to=None) | Q(valid_to__gt=day)
        )


class AccessKey(models.Model):
    """A key of a user, valid `[valid_from, valid_to)`; only its digest is stored."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.PROTECT, related_name="access_keys"
    )
    #: What it is used for, in the owner's words.
    label = models.CharField(_("used for"), max_length=100)
    #: The first letters, by which people tell keys apart.
    beginning = models.CharField(_("beginning"), max_length=12)
    #: SHA-256 of the key, hexadecimal. The key is random, so a slow hash would protect nothing.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    #: Request units, see docs/limits.md.
    units_per_minute = models.PositiveIntegerField(_("request units a minute"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = AccessKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("access key")
        verbose_name_plural = _("access keys")
        constraints: ClassVar[list[Any]] = [
            # A key may end on the day it began: it was never meant to be.
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="access_key_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(units_per_minute__gt=0), name="access_key_has_a_quota"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.label})"
