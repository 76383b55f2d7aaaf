"""QGIS as offices use it; `make test-qgis` runs this, since QGIS is large (see Makefile)."""
