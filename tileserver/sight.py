"""Which layers a request may see: the public ones, and drafts that are open to its sender.

As with the language of a request, what is in sight is set once around the view and read wherever
layers are listed or looked up. Outside of a request nothing but the public layers is in sight.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone
from django.utils.cache import patch_vary_headers

from planning.permissions import drafts_open_to
from tileserver.layers import BY_ID, LAYERS, TEAM_LAYERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from tileserver.layer import Layer

_Answer = TypeVar("_Answer", bound="HttpResponseBase")

#: Keep it for this caller only, and ask every time whether it still holds.
MINE = "private, no-cache"


@dataclass(frozen=True, slots=True)
class Sight:
    """Layers that a caller sees besides the public ones, by id, and the versions shown in them."""

    by_id: Mapping[str, Layer]
    drafts: tuple[int, ...]


NOTHING_MORE = Sight({}, ())
_TEAM = {layer.id: layer for layer in TEAM_LAYERS}
_current: ContextVar[Sight] = ContextVar("sight", default=NOTHING_MORE)


def sight_of(user: AbstractBaseUser | AnonymousUser, *, on: dt.date) -> Sight:
    """Return what a caller sees. Whoever may see no draft is not told that there are any."""
    if not user.is_authenticated:
        return NOTHING_MORE
    drafts = drafts_open_to(user, on=on)
    return Sight(_TEAM, drafts) if drafts else NOTHING_MORE


def drafts_in_sight() -> tuple[int, ...]:
    """Return the versions of plans whose drafts the present request may see."""
    return _current.get().drafts


def layers_of_drafts() -> tuple[Layer, ...]:
    """Return the layers that the present request may see besides the public ones."""
    return tuple(_current.get().by_id.values())


def layers_in_sight() -> tuple[Layer, ...]:
    """Return all layers that the present request may see, from the bottom to the top."""
    return (*LAYERS, *layers_of_drafts())


def layer_in_sight(layer_id: str) -> Layer | None:
    """Return a layer that the present request may see."""
    return BY_ID.get(layer_id) or _current.get().by_id.get(layer_id)


@contextmanager
def seeing(sight: Sight) -> Iterator[None]:
    """Let this be in sight."""
    token = _current.set(sight)
    try:
        yield
    finally:
        _current.reset(token)


def with_drafts(view: Callable[..., _Answer]) -> Callable[..., _Answer]:
    """Let a view see the drafts of its caller; what it then answers is for this caller only."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: object, **named: object) -> _Answer:
        sight = sight_of(request.user, on=timezone.localdate())
        if sight is NOTHING_MORE:
            return view(request, *arguments, **named)
        with seeing(sight):
            response = view(request, *arguments, **named)
        kept = response.headers.get("Cache-Control", "")
        response["Cache-Control"] = kept if "no-store" in kept else MINE
        # The tags speak of revisions, and an edit of a draft makes none.
        del response["ETag"]
        patch_vary_headers(response, ["Cookie", "X-Api-Key"])
        return response

    return answer
