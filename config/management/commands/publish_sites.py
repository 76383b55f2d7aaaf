"""`manage.py publish_sites`: publish a list of sites that can be had."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.errors import sentence
from importers import reporting
from landdata.errors import Refusal
from planning.models import AvailableSite
from planning.operations import publish_available_site
from planning.site_files import read_sites

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """All sites of the file or none; codes that are known already are left as they are."""

    help = "Công bố danh sách khu đất. / Publish a list of sites that can be had."

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the arguments."""
        parser.add_argument("file", type=Path, help="JSON, see docs/available-land.md")
        parser.add_argument("--by", default="", help="user on whose behalf; none: the operator")
        parser.add_argument(
            "--on", type=dt.date.fromisoformat, help="first day on which they are shown (today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say how many."""
        by = reporting.acting_user(options["by"])
        on = options["on"] or timezone.localdate()
        try:
            sites = read_sites(options["file"])
            known = set(AvailableSite.objects.values_list("code", flat=True))
            new = [site for site in sites if site.code not in known]
            with transaction.atomic():
                for site in new:
                    publish_available_site(site, by=by, on=on, why=options["file"].name)
        except Refusal as refusal:
            raise CommandError(sentence(refusal)) from refusal
        self.stdout.write(f"sites: read {len(sites)}, new {len(new)}")
