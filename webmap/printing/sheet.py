"""How a map lies on a sheet of paper: millimetres there, metres on the ground. No Django."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Sheets of ISO 216, short side first, in millimetres. A1 would need a larger picture than
#: MapServer draws at once.
PAPERS: Final = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A2": (420.0, 594.0)}
#: Scales of plans (TT 16/2025/TT-BXD, Law 47/2024/QH15 art. 33-35) and those around them.
SCALES: Final = (200, 500, 1_000, 2_000, 5_000, 10_000, 25_000)
DPI: Final = 200

_MARGIN_MM = 8.0
#: Around the map, for the figures of the coordinates.
_TICKS_MM = 6.0
#: Beside the map on a wide sheet, below it on a tall one.
_SIDE_MM = 66.0
_FOOT_MM = 72.0
_MM_PER_INCH = 25.4
#: Lines of the grid stand no closer than this on paper.
_GRID_MM = 40.0
_STEPS_M = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)


@dataclass(frozen=True)
class Tick:
    """A round coordinate and where it meets the frame, in mm from its left or lower edge."""

    value_m: int
    at_mm: float


@dataclass(frozen=True)
class Sheet:
    """A sheet with its map in the middle of which a place lies (east, north in metres)."""

    paper: str
    is_landscape: bool
    scale: int
    east: float
    north: float

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the paper."""
        short, long = PAPERS[self.paper]
        return (long, short) if self.is_landscape else (short, long)

    @property
    def frame_mm(self) -> tuple[float, float]:
        """Width and height of the map within its frame."""
        width, height = self.size_mm
        around = 2 * (_MARGIN_MM + _TICKS_MM)
        if self.is_landscape:
            return width - around - _SIDE_MM, height - around
        return width - around, height - around - _FOOT_MM

    @property
    def corner_mm(self) -> tuple[float, float]:
        """Where the frame's upper left corner lies on the paper."""
        return _MARGIN_MM + _TICKS_MM, _MARGIN_MM + _TICKS_MM

    @property
    def side_mm(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the block beside or below the map."""
        width, height = self.size_mm
        if self.is_landscape:
            return (
                width - _MARGIN_MM - _SIDE_MM + 4,
                _MARGIN_MM,
                _SIDE_MM - 4,
                height - 2 * _MARGIN_MM,
            )
        return _MARGIN_MM, height - _MARGIN_MM - _FOOT_MM + 4, width - 2 * _MARGIN_MM, _FOOT_MM - 4

    @property
    def ground_m(self) -> tuple[float, float]:
        """Width and height of the ground that the map shows."""
        width, height = self.frame_mm
        return width * self.scale / 1000, height * self.scale / 1000

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """The ground within the frame: west, south, east, north in metres."""
        width, height = self.ground_m
        return (
            self.east - width / 2,
            self.north - height / 2,
            self.east + width / 2,
            self.north + height / 2,
        )

    @property
    def pixels(self) -> tuple[int, int]:
        """Size of the picture: whole pixels, at DPI or a little more."""
        width, height = self.frame_mm
        return math.ceil(width / _MM_PER_INCH * DPI), math.ceil(height / _MM_PER_INCH * DPI)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The ground of the picture: west, south, east, north in metres.

        Pixels are square, so the picture may reach less than one pixel beyond the frame, to the
        right and below; there the frame cuts it.
        """
        columns, rows = self.pixels
        pixel = self.pixel_m
        west, _, _, top = self.frame
        return west, top - rows * pixel, west + columns * pixel, top

    @property
    def pixel_m(self) -> float:
        """Metres of ground under one pixel of the picture."""
        return _MM_PER_INCH / DPI * self.scale / 1000

    @property
    def picture_mm(self) -> tuple[float, float]:
        """Width and height of the picture on paper, so that its scale is exact."""
        columns, rows = self.pixels
        return columns * _MM_PER_INCH / DPI, rows * _MM_PER_INCH / DPI

    @property
    def step_m(self) -> int:
        """Distance between lines of the grid: a round number, not too close on paper."""
        for step in _STEPS_M:
            if step * 1000 / self.scale >= _GRID_MM:
                return step
        return _STEPS_M[-1]

    def ticks(self) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
        """Return where round eastings and northings meet the frame."""
        width, height = self.ground_m
        west, south = self.east - width / 2, self.north - height / 2
        return tuple(self._along(west, width)), tuple(self._along(south, height))

    def on_paper(self, east: float, north: float) -> tuple[float, float]:
        """Return where a place lies, in mm from the frame's upper left corner."""
        west, _, _, top = self.frame
        return (east - west) * 1000 / self.scale, (top - north) * 1000 / self.scale

    def _along(self, start: float, length: float) -> Iterator[Tick]:
        value = math.ceil(start / self.step_m) * self.step_m
        while value <= start + length:
            yield Tick(value, (value - start) * 1000 / self.scale)
            value += self.step_m
