"""What people fill in to sign in."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password. A closed account is answered like a wrong password."""

    error_messages = {
        "invalid_login": _("User name or password is wrong. The password knows capital letters."),
        "inactive": _("User name or password is wrong. The password knows capital letters."),
    }
