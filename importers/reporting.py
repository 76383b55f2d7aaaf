"""What import commands say, and the exit status they leave."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from django.utils import translation

from accounts.models import User
from importers.issues import sentence
from importers.models import Outcome
from landdata.errors import Missing, Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from django.core.management.base import OutputWrapper

#: All in; nothing in, with the reason; some rows refused.
EXIT_STATUS: Final = {Outcome.ALL_IN: 0, Outcome.NOTHING: 2, Outcome.SOME_REFUSED: 3}
_LANGUAGES: Final = ("vi", "en")
#: Before this nobody begins to wonder.
_QUIET_SECONDS: Final = 2.0


class Progress:
    """Tells on standard error what is being done, once a run lasts longer than two seconds."""

    def __init__(self, err: OutputWrapper) -> None:
        self._err = err
        self._began = time.monotonic()

    def __call__(self, step: str) -> None:
        """Say that a step begins."""
        seconds = time.monotonic() - self._began
        if seconds >= _QUIET_SECONDS:
            self._err.write(f"{seconds:6.1f} s  {step}")


def acting_user(username: str) -> User | None:
    """Return the person named by --by, None for the operator at the machine itself.

    Raises Missing `user` if there is no such open account.
    """
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Missing("user", username=username)
    return user


def refusal_report(refusal: Refusal) -> dict[str, Any]:
    """Return what --report writes when the delivery as a whole stays out."""
    return {
        "outcome": Outcome.NOTHING.value,
        "reason": refusal.code,
        "values": {name: str(value) for name, value in refusal.values.items()},
        "text": {language: refusal_text(refusal, language) for language in _LANGUAGES},
        "counts": {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "refused": 0},
        "gone": 0,
    }


def refusal_text(refusal: Refusal, language: str) -> str:
    """Return the catalogue's sentence for a refusal."""
    return sentence(f"error.{refusal.code}", language, **refusal.values)


def write_report(path: Path | None, report: dict[str, Any]) -> None:
    """Write a report as JSON where --report says."""
    if path is not None:
        path.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def say_summary(out: OutputWrapper, report: dict[str, Any]) -> None:
    """Print the counts and each kind of note, in the language of the terminal's settings."""
    language = translation.get_language() or "vi"
    for name, count in {**report["counts"], "gone": report["gone"]}.items():
        out.write(f"{sentence('import.count_' + name, language)}: {count}")
    for layer, counts in report.get("layers", {}).items():
        told = ", ".join(
            f"{sentence('import.count_' + name, language)} {count}"
            for name, count in counts.items()
        )
        out.write(f"  {layer}: {told}")
    for issue in report.get("issues", []):
        rows = ", ".join(str(first["row_shown"] or first["value"]) for first in issue["first"][:5])
        out.write(f"  {issue['count']} × {issue['text'][language]} ({issue['column']} {rows} …)")
