"""The guard over protected sites knows the height of a runway too."""

from __future__ import annotations

from django.db import migrations

from landdata.append_only import fill_revisioned


class Migration(migrations.Migration):
    dependencies = [("landdata", "0018_access_of_streets")]

    operations = [fill_revisioned("landdata", "ProtectedSite")]
