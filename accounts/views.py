"""Pages for signing in and out, and for choosing the language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from accounts.forms import SignInForm
from accounts.models import Language, User

if TYPE_CHECKING:
    from django.contrib.auth.forms import AuthenticationForm
    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class SignIn(LoginView):
    """Ask for name and password; afterwards go on to `next` if it is a page of ours."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and from here on speak the language that this person chose."""
        response = super().form_valid(form)
        user = form.get_user()
        if isinstance(user, User):
            _remember_language(response, user.language)
        return response


class SignOut(LogoutView):
    """End the session. Only by POST, so that no foreign page's picture can sign people out."""

    http_method_names = ["post", "options"]


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie, and with the account of whoever is signed in."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if isinstance(request.user, User) and chosen in Language.values:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Say that there were too many wrong passwords, and how long to wait (django-axes calls)."""
    wait_s = int(settings.AXES_COOLOFF_TIME.total_seconds())
    logger.warning("sign-in locked for %s s after too many failures", wait_s)
    response = render(request, "429.html", {"minutes": wait_s // 60}, status=429)
    response["Retry-After"] = str(wait_s)
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    if not check_for_language(language):
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
