"""Taking in the functions of planned land."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

from landdata.operations.reference import Counts, bring_in
from planning.models import PlanFunction

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
