"""What the signs of a layer mean: as entries for programs, as a picture for WMS clients."""

from __future__ import annotations

from tileserver.legend.entries import LegendEntry, legend_entries
from tileserver.legend.picture import legend_png

__all__ = ["LegendEntry", "legend_entries", "legend_png"]
