"""What one request may ask of the maps and features; the capabilities say the same numbers.

How many requests a caller may send stands in config/limits.py, the time of a statement in the
settings of the database role.
"""

from __future__ import annotations

#: Width and height of a picture; MapServer holds four bytes a pixel, twice.
LARGEST_PICTURE_PX = 4096
#: Layers that one picture may show.
MOST_LAYERS = 20
