"""Taking in the functions of planned land and the rules on corridors."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

from landdata.operations.reference import Counts, bring_in
from planning.corridors.table import read_rules
from planning.models import CorridorRule, PlanFunction
from planning.operations.safety_corridors import plan_redrawing

if TYPE_CHECKING:
    from pathlib import Path

    from accounts.models import User

#: TT 16/2025/TT-BXD came into force.
FUNCTIONS_FROM = dt.date(2025, 7, 1)


def load_plan_functions(file: Path, *, by: User | None) -> Counts:
    """Take in the functions of TT 16/2025 with their colours and hatches."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [
            PlanFunction(
                code=row["layer_suffix_zoning_plan"],
                name_vi=row["name_vi"],
                name_en=row["name_en"],
                group=row["group"],
                aci=int(row["aci"]),
                colour=row["hex_palette_b_165based_ezdxf"],
                hatch_hint=row["hatch_hint"],
                source=row["source"],
                confidence=row["confidence"],
                note=row["note"],
                valid_from=FUNCTIONS_FROM,
            )
            for row in csv.DictReader(lines)
        ]
    return bring_in(rows, key=("code", "valid_from"), by=by, why="reference: plan functions")


def load_corridor_rules(folder: Path, *, by: User | None) -> Counts:
    """Take in the rules on corridors from the two tables in a folder.

    What an office changed by its own decision stays. Raises UnreadableRule where the tables do not
    fit together.
    """
    changed_here = list(CorridorRule.objects.known_now().exclude(office_decision=""))
    decided = {(row.rule, row.measure, row.valid_from) for row in changed_here}
    rows = [
        CorridorRule.of(rule)
        for rule in read_rules(folder)
        if (rule.id, rule.measure, rule.valid_from) not in decided
    ]
    counts = bring_in(
        [*rows, *changed_here],
        key=("rule", "measure", "valid_from"),
        by=by,
        why="reference: corridor rules",
    )
    if counts.new or counts.changed or counts.gone:
        plan_redrawing()
    return counts
