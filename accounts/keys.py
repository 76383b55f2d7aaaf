"""What is done with access keys: issue one, end one, find whose it is."""

from __future__ import annotations

import hashlib
import logging
import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessKey, User

if TYPE_CHECKING:
    import datetime as dt

logger = logging.getLogger(__name__)

#: Told to people and to programs that look for lost secrets: what this is.
PREFIX = "diado_"
#: Request units a minute of a key that was issued without a number.
USUAL_UNITS_PER_MINUTE = 30_000
_LONGEST = 100


@transaction.atomic
def issue_key(
    *,
    user: User,
    label: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    units_per_minute: int = USUAL_UNITS_PER_MINUTE,
) -> str:
    """Issue a key and return it; it is shown this once, since only its digest is kept.

    Raises ValidationError for a closed account, no days, or no quota.
    """
    if not user.is_active:
        raise ValidationError(_("The account is closed."), code="account_closed")
    key = PREFIX + secrets.token_urlsafe(32)
    row = AccessKey(
        user=user,
        label=label,
        beginning=key[:12],
        digest=digest_of(key),
        units_per_minute=units_per_minute,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    row.full_clean()
    row.save()
    logger.info("access key %s issued to user %s", row.pk, user.pk)
    return key


@transaction.atomic
def end_key(*, user: User, beginning: str, on: dt.date) -> int:
    """Let a user's keys that begin like this end on that day; return how many did.

    Raises ValidationError when more than one begins so: the wrong one might end.
    """
    keys = list(
        AccessKey.objects.select_for_update().filter(
            user=user, beginning=beginning[:12], valid_to=None
        )
    )
    if len(keys) > 1:
        raise ValidationError(_("More than one key begins like this."), code="key_ambiguous")
    for key in keys:
        key.valid_to = max(on, key.valid_from)
        key.save(update_fields=["valid_to"])
        logger.info("access key %s ends on %s", key.pk, key.valid_to)
    return len(keys)


def digest_of(key: str) -> str:
    """Return what is stored of a key."""
    return hashlib.sha256(key[:_LONGEST].encode()).hexdigest()


def holder_of(key: str, *, on: dt.date) -> User | None:
    """Return whose key this is on that day, None if it opens nothing."""
    found = AccessKey.objects.valid_on(on).select_related("user").filter(digest=digest_of(key))
    row = found.first()
    return row.user if row else None


def quotas(*, on: dt.date) -> dict[str, int]:
    """Return {digest: request units a minute} of all keys that hold on that day."""
    held = AccessKey.objects.valid_on(on).values_list("digest", "units_per_minute")
    return dict(held)
