"""Old numbers as the public reads them, found by number and by number with sheet."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("landdata", "0007_guard_and_publish_networks")]

    operations = [
        migrations.RemoveIndex(model_name="parcelalias", name="parcel_alias_numbers"),
        # The foreign key has an index of its own.
        migrations.RemoveIndex(model_name="parcelalias", name="parcel_alias_parcel"),
        migrations.AddIndex(
            model_name="parcelalias",
            index=models.Index(fields=["number", "sheet_number"], name="parcel_alias_numbers"),
        ),
        migrations.CreateModel(
            name="PublicParcelAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("from_revision", models.PositiveIntegerField()),
                ("to_revision", models.PositiveIntegerField(blank=True, null=True)),
                ("uuid", models.UUIDField()),
                ("unit_code", models.CharField(max_length=5)),
                ("sheet_number", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=20)),
            ],
            options={"db_table": "public_parcel_aliases", "managed": False},
        ),
    ]
