"""OGC API Features over the layers (OGC 17-069r4, 18-058r1, 19-079r2), at /ogc/."""
