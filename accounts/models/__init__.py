"""The nouns of this package, one module each."""

from __future__ import annotations

from accounts.models.access_key import AccessKey
from accounts.models.office import Office
from accounts.models.role import Role, RoleAssignment
from accounts.models.territory import Territory
from accounts.models.user import Language, User

__all__ = ["AccessKey", "Language", "Office", "Role", "RoleAssignment", "Territory", "User"]
