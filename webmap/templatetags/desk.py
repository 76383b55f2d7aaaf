"""{% has_desk user as is_officer %}, {% drafts_plans user as is_drafter %}: whose desk opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from accounts.permissions import roles_of
from planning.permissions import DRAFT_ROLES, publishes_sites

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

register = template.Library()


@register.simple_tag
def has_desk(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether the desk has anything for the person to do."""
    return publishes_sites(user, on=timezone.localdate())


@register.simple_tag
def drafts_plans(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether the person works on drafts anywhere."""
    return bool(roles_of(user, on=timezone.localdate()) & set(DRAFT_ROLES))
