"""Who can sign in with a password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class OpenAccounts(ModelBackend):
    """Lets in whoever's account is open. In production a demo account never is."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Say whether the account is open; asked at sign-in and again at every request."""
        if isinstance(user, User) and user.is_demo and settings.PRODUCTION:
            return False
        return super().user_can_authenticate(user)
