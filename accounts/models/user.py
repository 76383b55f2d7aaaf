"""Users: people with a name and a password. A citizen who only asks needs no account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.office import Office


class Language(models.TextChoices):
    """A language in which a user wants the pages."""

    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class Users(BaseUserManager["User"]):
    """Makes users, and finds them by name without regard to upper and lower case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store a new user; without a password nobody can sign in as this user."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store a user who passes every Django permission check (`createsuperuser`).

        Roles are not implied: who sees right holders or approves a plan is assigned by name.
        """
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user of that name; "Lan" and "lan" are one person at sign-in."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in."""

    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
    )
    full_name = models.CharField(_("full name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    office = models.ForeignKey(
        Office,
        verbose_name=_("office"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.VIETNAMESE,
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Close an account instead of deleting it."),
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_demo = models.BooleanField(
        _("demo account"), default=False, help_text=_("Cannot sign in where the system is in use.")
    )
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_name_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as the person writes it, family name first."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the given name, which in Vietnamese stands last."""
        words = self.full_name.split()
        return words[-1] if words else self.username
