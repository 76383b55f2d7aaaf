"""Callers of every kind: anonymous, one per role, and one whose account is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, RoleAssignment, User

if TYPE_CHECKING:
    from collections.abc import Callable

ANONYMOUS = "anonymous"
CLOSED = "closed account"
NO_ROLE = "signed in without a role"
CALLERS = [ANONYMOUS, CLOSED, NO_ROLE, *Role.values]


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """Return a client for one of CALLERS. The closed account held every role when it signed in."""

    def make(caller: str) -> Client:
        client = Client(raise_request_exception=False)
        if caller == ANONYMOUS:
            return client
        user = User.objects.create_user("caller", full_name="Người gọi")
        roles = {CLOSED: Role.values, NO_ROLE: []}.get(caller, [caller])
        RoleAssignment.objects.bulk_create(
            RoleAssignment(user=user, role=role, valid_from=timezone.localdate()) for role in roles
        )
        client.force_login(user, backend="accounts.backends.OpenAccounts")
        if caller == CLOSED:
            User.objects.filter(pk=user.pk).update(is_active=False)
        return client

    return make
