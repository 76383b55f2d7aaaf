"""Styles for MapLibre GL and what reads its styles (QGIS among them), made from the layers' rules.

Source: MapLibre style specification, version 8.
"""
