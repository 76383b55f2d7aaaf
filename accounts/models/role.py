"""Roles, and who holds which, where and from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models.territory import Territory
from accounts.models.user import User

if TYPE_CHECKING:
    import datetime as dt


class Role(models.TextChoices):
    """What a signed-in person may be. The anonymous citizen holds none and has no account."""

    INVESTOR = "investor", _("investor")
    PLANNER = "planner", _("planner")
    REVIEWER = "reviewer", _("plan reviewer")
    APPROVER = "approver", _("plan approver")
    LAND_REGISTER_OFFICER = "land_register_officer", _("land-register officer")
    DATA_OFFICER = "data_officer", _("data officer")
    ADMINISTRATOR = "administrator", _("administrator")


class DateRange(Func):
    """`daterange(from, to)`: the days from the first up to, not including, the last."""

    function = "DATERANGE"
    output_field = DateRangeField()


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Questions about who holds which role."""

    def valid_on(self, day: dt.date) -> RoleAssignmentQuerySet:
        """Keep the assignments that hold on `day`; on `valid_to` itself it has ended."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))


class RoleAssignment(models.Model):
    """One person holds one role on one territory, `[valid_from, valid_to)`.

    Without a territory the role holds everywhere. The days are legal days in Vietnam.
    """

    user = models.ForeignKey(
        User,
        verbose_name=_("user"),
        on_delete=models.PROTECT,
        related_name="role_assignments",
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("territory"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="role_assignment_lasts_a_day",
                violation_error_message=_("A role lasts at least one day."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="role_assignment_role_known"
            ),
            # 0 stands for "everywhere": in an exclusion constraint NULL equals nothing, so two
            # assignments without a territory would otherwise pass each other.
            ExclusionConstraint(
                name="role_assignment_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce(F("territory"), Value(0)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person holds the role there already on one of these days."
                ),
            ),
        ]

    def __str__(self) -> str:
        where = self.territory or _("everywhere")
        return f"{self.user} · {self.get_role_display()} · {where}"
