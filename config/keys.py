"""Whoever sends an access key is its owner, for this one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from accounts.keys import holder_of
from config.errors import answer
from config.limits import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class SignedInByKey:
    """Take the owner of a key as the user; a key that opens nothing is refused, never ignored.

    Who believes to be signed in must not get the public's answer without a word. A key is sent on
    purpose with each request, so it cannot be abused across sites as a cookie can; it signs in for
    reading only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the key's owner."""
        key = key_of(request.META)
        if key and not request.user.is_authenticated:
            owner = holder_of(key, on=timezone.localdate())
            if owner is None:
                return answer(request, 401, "key_unknown", gettext("error.key_unknown"))
            request.user = owner
        return self.get_response(request)
