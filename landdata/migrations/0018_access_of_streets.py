"""Streets say who may not use them and how fast; nodes say what stands in the way."""

from __future__ import annotations

from django.db import migrations, models

from landdata.append_only import fill_revisioned


class Migration(migrations.Migration):
    dependencies = [("landdata", "0017_runway_elevation")]

    operations = [
        migrations.AddField(
            model_name="networknode",
            name="barrier",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="roadsegment",
            name="access",
            field=models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="roadsegment",
            name="max_speed_kmh",
            field=models.FloatField(blank=True, null=True),
        ),
        # Nothing to fill in: the guard over both tables is laid anew, over the new columns too.
        fill_revisioned("landdata", "NetworkNode"),
        fill_revisioned("landdata", "RoadSegment"),
    ]
