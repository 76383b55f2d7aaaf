"""Check that the history of drafts was not tampered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from planning.models import PlanVersion
from planning.operations.draft_chain import verify_history

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """manage.py verify_history [--plan CODE]."""

    help = (
        "Kiểm tra chuỗi lịch sử sửa bản dự thảo còn nguyên vẹn. "
        "Check that the chain of edits of drafts is unbroken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the option."""
        parser.add_argument("--plan", help="mã đồ án / code of the plan; all by default")

    def handle(self, *args: Any, plan: str | None = None, **options: Any) -> None:
        """Say of each version whether its history holds; end with status 1 if one does not."""
        versions = PlanVersion.objects.filter(edits__gt=0).select_related("plan")
        if plan is not None:
            versions = versions.filter(plan__code=plan)
            if not versions.exists():
                raise CommandError(f"Không có lịch sử của {plan}. No history of {plan}.")
        broken = 0
        for version in versions.order_by("plan__code", "sequence"):
            verdict = verify_history(version)
            name = f"{version.plan.code} v{version.sequence}: {verdict.edits}"
            if verdict.is_intact:
                self.stdout.write(f"{name} — nguyên vẹn / intact, {verdict.head}")
                continue
            broken += 1
            where = "" if verdict.first_fault is None else f" #{verdict.first_fault}"
            self.stdout.write(f"{name} — HỎNG / BROKEN{where}: {verdict.trouble}")
        if broken:
            raise CommandError(
                f"Lịch sử của {broken} bản bị hỏng; so với bản sao lưu. "
                f"The history of {broken} versions is broken; compare with a backup."
            )
