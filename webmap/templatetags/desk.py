"""{% has_desk user as is_officer %}: whether the officers' desk is open to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

from planning.permissions import publishes_sites

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

register = template.Library()


@register.simple_tag
def has_desk(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Say whether the desk has anything for the person to do."""
    return publishes_sites(user, on=timezone.localdate())
