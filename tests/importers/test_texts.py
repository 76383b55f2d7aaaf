"""Every code that an importer says has its sentence in both languages."""

from __future__ import annotations

import ast
import gettext
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    *ROOT.glob("importers/**/*.py"),
    ROOT / "landdata/operations/parcels.py",
]
#: Functions whose first argument is a code, and what stands before it in the catalogue.
SAYS = {
    "Invalid": "error.",
    "Missing": "error.",
    "Forbidden": "error.",
    "add": "import.",
    "refuse": "import.",
    "_note": "import.",
    "_refuse_rows": "import.",
}
#: Codes that are passed on in variables.
PASSED_ON = {
    *(f"import.{c}" for c in ("number_disputed", "national_id_moved", "parcel_renumbered")),
    *(f"import.ring_{c}" for c in ("parts_broken", "not_finite", "too_short", "open", "order")),
    *(f"import.ring_{c}" for c in ("invalid", "without_area")),
    *(f"import.geometry_{c}" for c in ("missing", "cut", "unreadable", "is_collection")),
    *(f"import.geometry_{c}" for c in ("not_polygon", "too_large", "has_rest")),
    *(f"import.{c}" for c in ("sheet_missing", "number_missing", "sheet_unreadable")),
    *(f"import.{c}" for c in ("number_unreadable", "draft_plan", "nothing_to_adjust")),
    *(f"import.{c}" for c in ("plan_already_in_force", "parent_plan", "plan_level_differs")),
    *(f"import.count_{c}" for c in ("read", "new", "changed", "unchanged", "refused", "gone")),
    *(f"error.{c}" for c in ("geopackage_broken", "reader_out_of_memory", "every_row_refused")),
    *(f"import.{c}" for c in ("area_differs", "survey_area_differs", "older_than_known")),
    "import.declare_coverage",
}


def said() -> set[str]:
    """Return every code that stands in the source as a first argument."""
    codes: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            first = node.args[0]
            if name in SAYS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.add(SAYS[name] + first.value)
    # `Forbidden("declare_coverage").code` is said as a note.
    return codes - {"error.declare_coverage"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_has_its_sentence(language, tmp_path):
    source = ROOT / "importers" / "locale" / language / "LC_MESSAGES" / "django.po"
    compiled = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", compiled, source], check=True)
    with compiled.open("rb") as file:
        texts = gettext.GNUTranslations(file)

    needed = said() | PASSED_ON

    assert len(needed) > 80
    assert sorted(code for code in needed if texts.gettext(code) == code) == []
