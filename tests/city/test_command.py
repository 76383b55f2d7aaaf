"""`manage.py make_city` from the outside."""

from __future__ import annotations

import io
import os
import stat

import pytest
from django.core.management import CommandError, call_command


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("make_city", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_writes_a_city_and_reports_every_step(tmp_path):
    said = run("--parcels", 200, "--seed", 3, "--place", "hanoi", "--out", tmp_path / "city")

    assert (tmp_path / "city" / "CITY.json").is_file()
    assert "200 parcels written" in said
    assert "Đã ghi 200 thửa" in said
    assert stat.S_IMODE((tmp_path / "city").stat().st_mode) == 0o755


def test_a_city_replaces_the_city_that_was_there(tmp_path):
    run("--parcels", 200, "--seed", 3, "--out", tmp_path / "city")
    before = (tmp_path / "city" / "parcels.shp").read_bytes()

    run("--parcels", 200, "--seed", 4, "--out", tmp_path / "city")

    assert (tmp_path / "city" / "parcels.shp").read_bytes() != before
    assert os.listdir(tmp_path) == ["city"]


@pytest.mark.parametrize(
    ("arguments", "vietnamese", "english"),
    [
        (("--place", "huế"), "Không có địa điểm", "There is no place"),
        (("--parcels", "199"), "Số thửa phải từ 200 đến 500000", "must be 200 to 500000"),
        (("--parcels", "500001"), "Số thửa phải từ 200 đến 500000", "must be 200 to 500000"),
        (("--seed", "-1"), "Hạt giống phải là số không âm", "seed must not be negative"),
    ],
)
def test_a_bad_argument_is_refused_in_both_languages(tmp_path, arguments, vietnamese, english):
    with pytest.raises(CommandError) as refused:
        run("--parcels", 200, "--out", tmp_path / "city", *arguments)

    assert vietnamese in str(refused.value)
    assert english in str(refused.value)
    assert refused.value.returncode == 2
    assert os.listdir(tmp_path) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("all my work", encoding="utf-8")

    with pytest.raises(CommandError, match="holds other files"):
        run("--parcels", 200, "--out", tmp_path)

    assert os.listdir(tmp_path) == ["thesis.txt"]


def test_a_target_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(CommandError, match="Cannot write to"):
        run("--parcels", 200, "--out", tmp_path / "file" / "city")
