"""The rules on corridors, guarded, and what the public may read of them."""

from __future__ import annotations

from django.db import migrations, models

from landdata.append_only import guard_revisioned
from landdata.public_views import public_view


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0005_guard_and_publish_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicCorridorRule",
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
                ("rule", models.CharField(max_length=60)),
                ("measure", models.PositiveSmallIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("corridor", "corridor"),
                            ("siting", "siting"),
                            ("polygon", "polygon"),
                            ("priority", "priority"),
                            ("none", "none"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "object",
                    models.CharField(
                        choices=[
                            ("power_line", "power_line"),
                            ("pipeline", "pipeline"),
                            ("road", "road"),
                            ("railway", "railway"),
                            ("dyke", "dyke"),
                            ("water", "water"),
                            ("hazard_site", "hazard_site"),
                            ("protected_site", "protected_site"),
                        ],
                        max_length=16,
                    ),
                ),
                ("theme", models.CharField(max_length=20)),
                ("family", models.CharField(max_length=60)),
                ("selectors", models.JSONField(blank=True, default=dict)),
                ("quantity", models.CharField(blank=True, max_length=20)),
                ("range", models.CharField(blank=True, max_length=40)),
                ("unit", models.CharField(blank=True, max_length=20)),
                (
                    "place",
                    models.CharField(
                        choices=[("urban", "urban"), ("elsewhere", "elsewhere"), ("any", "any")],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("both", "both"),
                            ("protected", "protected"),
                            ("upstream", "upstream"),
                            ("downstream", "downstream"),
                            ("no_current", "no_current"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outer_conductor", "outer_conductor"),
                            ("outer_face", "outer_face"),
                            ("strip", "strip"),
                            ("red_line", "red_line"),
                            ("axis", "axis"),
                            ("foot", "foot"),
                            ("bank", "bank"),
                            ("edge", "edge"),
                            ("around", "around"),
                            ("surface", "surface"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("figure_m", models.FloatField(blank=True, null=True)),
                ("other_figure_m", models.FloatField(blank=True, null=True)),
                ("at_most_m", models.FloatField(blank=True, null=True)),
                ("is_certain", models.BooleanField(default=True)),
                ("allowance_m", models.FloatField(default=0)),
                ("band_doubt", models.CharField(blank=True, max_length=30)),
                ("needs", models.CharField(blank=True, max_length=80)),
                ("priority", models.CharField(blank=True, max_length=14)),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("forbidden", "forbidden"),
                            ("conditional", "conditional"),
                            ("listed", "listed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("restricts", models.CharField(blank=True, max_length=120)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("condition_vi", models.TextField(blank=True)),
                ("condition_en", models.TextField(blank=True)),
                ("object_text", models.TextField()),
                ("condition_text", models.TextField(blank=True)),
                ("distance_text", models.TextField(blank=True)),
                ("measured_from_text", models.TextField(blank=True)),
                ("restricts_text", models.TextField(blank=True)),
                ("legal_source", models.TextField()),
                ("in_force_text", models.TextField(blank=True)),
                ("confidence", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("why_not", models.TextField(blank=True)),
                ("own_choice", models.TextField(blank=True)),
                ("validity_source", models.TextField()),
                ("office_decision", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "db_table": "public_corridor_rules",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="CorridorRule",
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
                ("rule", models.CharField(max_length=60)),
                ("measure", models.PositiveSmallIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("corridor", "corridor"),
                            ("siting", "siting"),
                            ("polygon", "polygon"),
                            ("priority", "priority"),
                            ("none", "none"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "object",
                    models.CharField(
                        choices=[
                            ("power_line", "power_line"),
                            ("pipeline", "pipeline"),
                            ("road", "road"),
                            ("railway", "railway"),
                            ("dyke", "dyke"),
                            ("water", "water"),
                            ("hazard_site", "hazard_site"),
                            ("protected_site", "protected_site"),
                        ],
                        max_length=16,
                    ),
                ),
                ("theme", models.CharField(max_length=20)),
                ("family", models.CharField(max_length=60)),
                ("selectors", models.JSONField(blank=True, default=dict)),
                ("quantity", models.CharField(blank=True, max_length=20)),
                ("range", models.CharField(blank=True, max_length=40)),
                ("unit", models.CharField(blank=True, max_length=20)),
                (
                    "place",
                    models.CharField(
                        choices=[("urban", "urban"), ("elsewhere", "elsewhere"), ("any", "any")],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("both", "both"),
                            ("protected", "protected"),
                            ("upstream", "upstream"),
                            ("downstream", "downstream"),
                            ("no_current", "no_current"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outer_conductor", "outer_conductor"),
                            ("outer_face", "outer_face"),
                            ("strip", "strip"),
                            ("red_line", "red_line"),
                            ("axis", "axis"),
                            ("foot", "foot"),
                            ("bank", "bank"),
                            ("edge", "edge"),
                            ("around", "around"),
                            ("surface", "surface"),
                        ],
                        max_length=20,
                        null=True,
                    ),
                ),
                ("figure_m", models.FloatField(blank=True, null=True)),
                ("other_figure_m", models.FloatField(blank=True, null=True)),
                ("at_most_m", models.FloatField(blank=True, null=True)),
                ("is_certain", models.BooleanField(default=True)),
                ("allowance_m", models.FloatField(default=0)),
                ("band_doubt", models.CharField(blank=True, max_length=30)),
                ("needs", models.CharField(blank=True, max_length=80)),
                ("priority", models.CharField(blank=True, max_length=14)),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("forbidden", "forbidden"),
                            ("conditional", "conditional"),
                            ("listed", "listed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("restricts", models.CharField(blank=True, max_length=120)),
                ("name_vi", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("condition_vi", models.TextField(blank=True)),
                ("condition_en", models.TextField(blank=True)),
                ("object_text", models.TextField()),
                ("condition_text", models.TextField(blank=True)),
                ("distance_text", models.TextField(blank=True)),
                ("measured_from_text", models.TextField(blank=True)),
                ("restricts_text", models.TextField(blank=True)),
                ("legal_source", models.TextField()),
                ("in_force_text", models.TextField(blank=True)),
                ("confidence", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("why_not", models.TextField(blank=True)),
                ("own_choice", models.TextField(blank=True)),
                ("validity_source", models.TextField()),
                ("office_decision", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="planning_corridorrule_validity_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_revision__isnull", True),
                            ("to_revision__gt", models.F("from_revision")),
                            _connector="OR",
                        ),
                        name="planning_corridorrule_closed_after_opened",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_revision", None)),
                        fields=("rule", "measure", "valid_from"),
                        name="corridor_rule_known_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("figure_m__isnull", True), ("figure_m__gte", 0), _connector="OR"
                            ),
                            models.Q(
                                ("other_figure_m__isnull", True),
                                ("other_figure_m__gte", 0),
                                _connector="OR",
                            ),
                            ("allowance_m__gte", 0),
                        ),
                        name="corridor_rule_figures_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at_most_m__isnull", True),
                            models.Q(
                                ("at_most_m__gte", models.F("figure_m")),
                                ("figure_m__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="corridor_rule_at_most_not_below_figure",
                    ),
                ],
            },
        ),
        guard_revisioned("planning", "CorridorRule"),
        public_view(
            "public_corridor_rules",
            """
            SELECT id, rule, measure, role, object, theme, family, selectors, quantity, range, unit, place,
                side, reference, figure_m, other_figure_m, at_most_m, is_certain, allowance_m,
                band_doubt, needs, priority, effect, restricts, name_vi, name_en, condition_vi,
                condition_en, object_text, condition_text, distance_text, measured_from_text,
                restricts_text, legal_source, in_force_text, confidence, note, why_not, own_choice,
                validity_source, office_decision, valid_from, valid_to, from_revision,
                to_revision
            FROM planning_corridorrule
            """,
        ),
    ]
