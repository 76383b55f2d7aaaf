"""The page on corridors lists every measure of every rule as the tables have it."""

from __future__ import annotations

from pathlib import Path

from planning.corridors.table import read_rules

ROOT = Path(__file__).parents[2]
HEAD = ["| rule | measured from | metres | possible | from | until |", "|---|---|---|---|---|---|"]


def metres(value):
    return "" if value is None else f"{value:g}"


def line(rule):
    figure = metres(rule.figure_m)
    if rule.other_figure_m is not None:
        figure += f" / {metres(rule.other_figure_m)}"
    if not rule.is_certain:
        figure = f"({figure})"
    possible = f"≤ {metres(rule.at_most_m)}" if rule.at_most_m is not None else ""
    until = "" if rule.valid_to is None else str(rule.valid_to)
    start = str(rule.reference or rule.role)
    cells = (f"`{rule.id}` {rule.measure}", start, figure, possible, str(rule.valid_from), until)
    return "| " + " | ".join(cells) + " |"


def test_the_page_lists_the_rules_as_they_are():
    page = (ROOT / "docs" / "corridors.md").read_text(encoding="utf-8")
    rules = read_rules(ROOT / "fixtures" / "reference")

    assert page.split("## The rules\n")[1].split("\n\n")[1].strip().splitlines() == [
        *HEAD,
        *map(line, rules),
    ]
