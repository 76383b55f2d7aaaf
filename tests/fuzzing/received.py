"""A received file whose metadata must not be served; run as a program before the city is laid.

Its row is part of the record and cannot be changed afterwards, so it must be the file that all
rows of the city come from.
"""

from __future__ import annotations

import os

from tests.fuzzing.canaries import CANARY


def plant() -> None:
    """Make the file from which the small city is said to come."""
    from landdata.models import Dataset, SourceFile
    from tests.small_city.ground import FIRST_DAY

    dataset, _ = Dataset.objects.get_or_create(code="ground", defaults={"kind": "cadastre"})
    SourceFile.objects.create(
        dataset=dataset,
        name=f"{CANARY}file",
        sha256="0" * 64,
        size_bytes=1,
        stored_as=f"{CANARY}stored",
        encodings={"column": f"{CANARY}encoding"},
        data_date=FIRST_DAY,
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    plant()
