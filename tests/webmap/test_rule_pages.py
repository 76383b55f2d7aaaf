"""The catalogue of conflicts as everybody reads it."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

import pytest

from planning.conflict_rules import conflict_rules
from webmap.rule_pages import FAMILIES, SEVERITIES, SIGNS
from webmap.rule_sketches import sketch_of

pytestmark = pytest.mark.django_db

CODES = [rule.code for rule in conflict_rules()]


def page(client, language="vi"):
    answer = client.get(f"/conflicts/rules/?lang={language}", headers={"host": "localhost"})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_rule_stands_with_its_law_and_what_is_measured(client, language):
    text = html.unescape(page(client, language).content.decode())

    for rule in conflict_rules():
        assert f'id="{rule.code}"' in text
        assert (rule.title_en if language == "en" else rule.title_vi) in text
        assert (rule.measured_en if language == "en" else rule.measured_vi) in text
        assert rule.source in text
        assert rule.confidence in text
        assert rule.violates[f"says_{language}"] in text
        assert rule.clean[f"says_{language}"] in text


def test_everybody_may_read_it_and_no_style_is_written_into_it(client):
    answer = page(client)
    text = answer.content.decode()

    assert "style=" not in text
    assert "<script>" not in text
    assert set(re.findall(r'fill="url\(#([\w-]+)\)"', text)) <= set(
        re.findall(r'<pattern id="([\w-]+)"', text)
    )


def test_each_example_has_a_drawing_that_is_well_formed(client):
    text = page(client, "en").content.decode()
    drawings = re.findall(r'<svg viewBox=.*?role="img".*?</svg>', text, re.S)

    assert len(drawings) == 2 * len(CODES)
    for drawing in drawings:
        drawn = html.unescape(drawing).replace("&", "&amp;")
        root = ElementTree.fromstring(drawn)  # noqa: S314 - our own page
        assert root.get("aria-label")
        assert root.findall("path")


@pytest.mark.parametrize("code", CODES)
def test_the_violating_drawing_shows_what_is_found_and_the_clean_one_nothing(code):
    violating, clean = sketch_of(code, "violates"), sketch_of(code, "clean")

    assert set(violating.kinds) & {"conflict", "place"}
    assert not set(clean.kinds) & {"conflict", "place"}
    for sketch in (violating, clean):
        assert sketch.width >= sketch.bar > 0
        assert {"cell" if k.startswith("cell") else k for k in sketch.kinds} <= set(SIGNS)


def test_a_drawing_is_to_scale():
    sketch = sketch_of("P01", "violates")

    # One zone of 100 m by 100 m over two of 50 m: 260 units less the room on both sides are 100 m.
    zone = next(mark for mark in sketch.marks if mark.kind == "zone")
    xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", zone.d)]
    assert max(xs) - min(xs) == pytest.approx(232, abs=0.2)
    assert (sketch.bar_m, sketch.bar) == (20.0, 46.4)


def test_every_family_and_severity_has_a_name():
    assert {rule.family for rule in conflict_rules()} <= set(FAMILIES)
    assert {rule.severity for rule in conflict_rules()} <= set(SEVERITIES)
