"""What the charts of the report draw, as lengths from 0 to 1 with the words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from planning.reach_words import percent, percent_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.reach_reports.records import ReportFigure

#: Minutes that a distribution shows one by one; what takes longer is one bar.
MOST_MINUTES: Final = 30


def ward_chart(figures: Sequence[ReportFigure]) -> list[dict[str, Any]]:
    """Return a bar a ward, from what is certain to what is possible, the least certain first."""
    bars = [
        (one.low, one.high, one.unit_name)
        for one in figures
        if one.unit and one.low is not None and one.high is not None
    ]
    return [
        {
            "name": name,
            "low": low,
            "high": high,
            "low_text": f"{percent(low)}\u00a0%",
            "high_text": f"{percent_up(high)}\u00a0%",
        }
        for low, high, name in sorted(bars)
    ]


def minutes_chart(figure: ReportFigure | None) -> dict[str, Any]:
    """Return the shares of people by minutes on foot, each bar beside the highest one.

    `longer` are those with more minutes than are shown, `unreached` those without any way.
    """
    told = (figure.values if figure else {}).get("histogram") or {}
    bins = [float(many) for many in told.get("bins", ())]
    shown, rest = bins[:MOST_MINUTES], sum(bins[MOST_MINUTES:]) + float(told.get("beyond", 0.0))
    unreached = float(told.get("unreached", 0.0))
    everybody = sum(bins) + float(told.get("beyond", 0.0)) + unreached
    highest = max([*shown, rest, unreached], default=0.0)
    if not highest:
        return {"bars": [], "longer": 0, "unreached": 0, "highest": "", "last": 0}
    return {
        "bars": [many / highest for many in shown],
        "longer": rest / highest,
        "unreached": unreached / highest,
        "highest": f"{percent(highest / everybody)}\u00a0%",
        "last": len(shown),
    }
