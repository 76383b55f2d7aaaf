"""Kept tiles by two standards: WMTS 1.0.0 (OGC 07-057r7) by query and by path, and TMS 1.0.0."""
