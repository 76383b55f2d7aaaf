"""Web Feature Service 2.0 (OGC 09-025r2, 09-026r2): the layers as features, to be read.

Requests are parsed by django-gisserver; what they ask for is turned into the feature engine's
conditions, and the engine's rows into the formats.
"""
