"""The shaded ground. Its cells hold their colours; the fill is what the legend shows."""

from __future__ import annotations

from tileserver.style import Fill, Rule, Style

RELIEF = Style(rules=(Rule(draw=(Fill(colour="#8b7d63", opacity=45),)),))
