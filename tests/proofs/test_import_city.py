"""The proof of the importer, small; `make prove JOB=import_city` runs it at full size."""

from __future__ import annotations

import logging
import os

import pytest
from django.core.management import call_command

from accounts.models import Role
from tests.planning.city import person
from tests.proofs.import_city import SIZE, SMALL_SIZE, prove

logger = logging.getLogger(__name__)


@pytest.mark.django_db
def test_a_generated_city_is_imported_whole_and_a_second_time_changes_nothing(tmp_path, settings):
    settings.RECEIVED = tmp_path / "received"
    size = int(os.environ.get(SIZE, SMALL_SIZE))
    call_command("load_reference")
    officer = person("officer", Role.DATA_OFFICER)

    proof = prove(size, tmp_path, by=officer.username)

    logger.info("%s, then %s, in %s", proof.first, proof.second, proof.seconds)
    nothing = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}
    assert proof.first == {**nothing, "read": size, "new": size}
    assert proof.second == {**nothing, "read": size, "unchanged": size}
    assert proof.revisions[0] == proof.revisions[1]
    assert proof.different == []
    assert proof.leaked == []
