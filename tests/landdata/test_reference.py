"""Reference data: complete, dated, sourced, and the same twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from landdata.models import (
    AdministrativeUnit,
    LandUseCode,
    Revision,
    SourceFile,
    UnitSuccession,
)
from landdata.operations.reference import bring_in
from landdata.search.fold import fold, tone_fold
from planning.models import PlanFunction

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)
BEFORE = dt.date(2025, 6, 30)


def count(level: str, day: dt.date) -> int:
    return AdministrativeUnit.objects.known_now().valid_on(day).filter(level=level).count()


def test_the_tables_are_taken_in_whole_and_a_second_time_changes_nothing():
    call_command("load_reference")
    revisions = Revision.objects.count()

    assert (count("province", TODAY), count("ward", TODAY), count("district", TODAY)) == (
        34,
        3321,
        0,
    )
    assert (count("province", BEFORE), count("district", BEFORE), count("ward", BEFORE)) == (
        63,
        696,
        10_035,
    )
    today = AdministrativeUnit.objects.known_now().valid_on(TODAY)
    assert not today.filter(boundary=None).exists()
    assert not today.filter(boundary__isvalid=False).exists()
    wards_before = AdministrativeUnit.objects.valid_on(BEFORE).filter(level="ward")
    assert not wards_before.filter(point=None).exists()
    assert UnitSuccession.objects.known_now().count() == 10_602
    assert LandUseCode.objects.known_now().count() == 109
    assert PlanFunction.objects.known_now().count() == 33
    for model in (AdministrativeUnit, UnitSuccession, LandUseCode, PlanFunction):
        assert not model.objects.filter(source="").exists()
        assert not model.objects.filter(confidence="").exists()

    # A code without a day is ambiguous: this one was Trưng Vương and is Vàng Danh.
    reused = AdministrativeUnit.objects.known_now().filter(level="ward", code="06820")
    assert reused.valid_on(BEFORE).get().name == "Trưng Vương"
    assert reused.valid_on(TODAY).get().name == "Vàng Danh"

    # Both spellings of a tone meet, for searching and for joining.
    hoa_binh = AdministrativeUnit.objects.known_now().filter(tone_folded=tone_fold("Xã Hoà Bình"))
    assert hoa_binh.exists()
    assert set(hoa_binh) == set(
        AdministrativeUnit.objects.known_now().filter(tone_folded=tone_fold("Xã Hòa Bình"))
    )
    assert AdministrativeUnit.objects.filter(folded=fold("phuong ba dinh")).exists()

    call_command("load_reference")
    assert Revision.objects.count() == revisions


def code(name: str, text: str) -> LandUseCode:
    return LandUseCode(
        code=name,
        name_vi=text,
        name_en="",
        group="",
        status="",
        source="s",
        confidence="high",
        valid_from=dt.date(2024, 8, 1),
    )


def test_a_changed_table_closes_what_differs_and_keeps_what_was_known():
    bring_in([code("A", "một"), code("B", "hai")], key=("code",), by=None, why="first")

    counts = bring_in([code("A", "khác"), code("C", "ba")], key=("code",), by=None, why="second")

    assert (counts.read, counts.new, counts.changed, counts.unchanged, counts.gone) == (
        2,
        1,
        1,
        0,
        1,
    )
    known = {r.code: r.name_vi for r in LandUseCode.objects.known_now()}
    assert known == {"A": "khác", "C": "ba"}
    before = {r.code: r.name_vi for r in LandUseCode.objects.known_at(1)}
    assert before == {"A": "một", "B": "hai"}


def test_two_rows_with_one_key_are_refused():
    with pytest.raises(ValueError, match="share a key"):
        bring_in([code("A", "một"), code("A", "hai")], key=("code",), by=None, why="broken")


def test_with_if_changed_the_tables_are_read_only_when_they_are_not_the_last_ones(monkeypatch):
    call_command("load_reference", "--if-changed")
    wards = count("ward", TODAY)

    def read_again(*args: object, **options: object) -> None:
        raise AssertionError("the tables were read again")

    with monkeypatch.context() as patched:
        patched.setattr("landdata.operations.reference.load_units", read_again)
        call_command("load_reference", "--if-changed")
    first = SourceFile.objects.get(dataset__code="reference")
    SourceFile.objects.create(
        dataset=first.dataset, name="other", sha256="0" * 64, size_bytes=0, data_date=TODAY
    )
    call_command("load_reference", "--if-changed")

    assert wards == count("ward", TODAY) == 3321
    assert SourceFile.objects.filter(sha256=first.sha256).count() == 2
