"""Features of the layers as data: one engine under WFS, OGC API Features and the change feed."""
