"""The pages that list something list all of it, and nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ["accounts", "landdata", "planning", "importers", "tileserver", "webmap", "config"]
#: Read by the tests' own cluster only; nobody sets them.
OF_THE_TESTS = {"DIADO_TEST_RUN", "DIADO_TEST_ADMIN_DATABASE_URL"}


def settings_in_the_code() -> set[str]:
    sources = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    sources += [path for name in ("Makefile", ".ci/run") if (path := ROOT / name).is_file()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r"\bDIADO_[A-Z_]*[A-Z]\b", text)) - OF_THE_TESTS


def settings_on_the_page() -> set[str]:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return {name for name in re.findall(r"^\| `(\w+)` \|", page, re.M) if name.startswith("DIADO_")}


def test_every_setting_that_the_code_reads_has_its_line_and_no_other():
    assert settings_on_the_page() == settings_in_the_code()


@pytest.mark.parametrize(
    "model",
    [
        model.__name__
        for package in PACKAGES
        if apps.is_installed(package)
        for model in apps.get_app_config(package).get_models()
    ],
)
def test_every_model_stands_in_the_glossary(model):
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

    assert f"`{model}`" in page
