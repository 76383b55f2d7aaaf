"""Kept map tiles: MapProxy's tile engine between our cache files and MapServer.

MapProxy cuts large pictures into tiles, so that labels are not cut at every edge, and lets one
process draw what several ask for. What a tile may still show is decided by the edition in its
file, as for vector tiles.
"""
