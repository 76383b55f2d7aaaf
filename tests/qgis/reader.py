"""Read the services with QGIS and say, as JSON, what QGIS saw.

Runs under Debian's Python, which has QGIS, and knows nothing of the project: it gets the address
of the services and a folder for pictures, as anybody could give them.

    QT_QPA_PLATFORM=offscreen python3 reader.py ADDRESS FOLDER FRAME
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsNetworkAccessManager,
    QgsNetworkRequestParameters,
    QgsPointXY,
    QgsProject,
    QgsRaster,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

SIZE_PX = 250


def picture(layers: list[Any], frame: QgsRectangle, path: Path) -> str:
    """Draw layers over a frame of EPSG:3857 into a file; return its name."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(frame)
    settings.setOutputSize(QSize(SIZE_PX, SIZE_PX))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(str(path))
    return path.name


def rows(layer: QgsVectorLayer, *names: str) -> list[dict[str, Any]]:
    """Return the features of a layer: some attributes, and the shape as WKT."""
    found = []
    for feature in layer.getFeatures(QgsFeatureRequest()):
        values: dict[str, Any] = {name: feature[name] for name in names}
        values["wkt"] = feature.geometry().asWkt(3)
        found.append(values)
    return found


def wfs(address: str, name: str, **more: str) -> QgsVectorLayer:
    """Return a WFS layer, as the dialog of QGIS makes it."""
    source = {
        "typename": f"diado:{name}",
        "url": f"{address}/wfs",
        "version": "2.0.0",
        "srsname": "EPSG:3857",
        "restrictToRequestBBOX": "0",
        **more,
    }
    return QgsVectorLayer(" ".join(f"{k}='{v}'" for k, v in source.items()), name, "WFS")


def read(address: str, folder: Path, frame: QgsRectangle) -> dict[str, Any]:
    """Return all that is asked of QGIS."""
    seen: dict[str, Any] = {}
    maps = QgsRasterLayer(
        f"crs=EPSG:3857&format=image/png&layers=water&styles=default&url={address}/wms",
        "water",
        "wms",
    )
    metadata = quote(f"{address}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe="")
    tiles = QgsRasterLayer(
        "crs=EPSG:3857&format=image/png&layers=water&styles=default"
        f"&tileMatrixSet=WebMercatorQuad&url={metadata}",
        "water",
        "wms",
    )
    for name, layer in (("wms", maps), ("wmts", tiles)):
        seen[name] = {
            "valid": layer.isValid(),
            "picture": picture([layer], frame, folder / f"{name}.png"),
        }
    at = QgsPointXY(frame.center())
    said = maps.dataProvider().identify(at, QgsRaster.IdentifyFormatText, frame, SIZE_PX, SIZE_PX)
    seen["wms"]["identified"] = "".join(str(text) for text in said.results().values())

    pages = wfs(address, "parcels", pagingEnabled="true", pageSize="2")
    seen["wfs"] = {"valid": pages.isValid(), "rows": rows(pages, "number", "uuid", "area_m2")}
    filtered = wfs(address, "parcels")
    filtered.setSubsetString("\"number\" = '2'")
    seen["wfs_filtered"] = {
        "valid": filtered.isValid(),
        "rows": rows(filtered, "number", "uuid", "area_m2"),
    }
    zones = wfs(address, "zones")
    seen["wfs_zones"] = {"valid": zones.isValid(), "rows": rows(zones, "label", "function")}
    api = QgsVectorLayer(f"url='{address}/ogc/' typename='parcels'", "parcels", "OAPIF")
    seen["oapif"] = {"valid": api.isValid(), "rows": rows(api, "number")}

    vector = QgsVectorTileLayer(
        f"type=xyz&url={address}/tiles/water/{{z}}/{{x}}/{{y}}.pbf&zmin=9&zmax=18", "water"
    )
    seen["vector_tiles"] = {
        "valid": vector.isValid(),
        "picture": picture([vector], frame, folder / "vector_tiles.png"),
    }
    seen["project"] = project(address, folder)
    seen["definition"] = definition(address, folder)
    return seen


def project(address: str, folder: Path) -> dict[str, Any]:
    """Open the project file that the catalogue gives out."""
    path = folder / "diado.qgs"
    path.write_bytes(urllib.request.urlopen(f"{address}/layers/diado.qgs").read())
    opened = QgsProject()
    is_read = opened.read(str(path))
    layers = opened.mapLayers().values()
    return {
        "read": is_read,
        "layers": len(layers),
        "invalid": [f"{y.name()}: {y.source()}" for y in layers if not y.isValid()],
    }


def definition(address: str, folder: Path) -> dict[str, Any]:
    """Open the layer definition that the catalogue gives out."""
    path = folder / "parcels.qlr"
    path.write_bytes(urllib.request.urlopen(f"{address}/layers/parcels.qlr").read())
    layers = QgsLayerDefinition.loadLayerDefinitionLayers(str(path))
    return {"layers": len(layers), "invalid": [y.source() for y in layers if not y.isValid()]}


def main(address: str, folder: str, corners: str) -> None:
    """Say what QGIS saw."""
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    asked: list[str] = []
    network = QgsNetworkAccessManager.instance()
    network.requestAboutToBeCreated[QgsNetworkRequestParameters].connect(
        lambda it: asked.append(it.request().url().toString())
    )
    west, south, east, north = map(float, corners.split(","))
    seen = read(address, Path(folder), QgsRectangle(west, south, east, north))
    application.processEvents()
    seen["asked"] = asked
    sys.stdout.write(json.dumps(seen))
    sys.stdout.flush()
    # QGIS 3.22 tears its layers down in any order, and may crash on it when all is said.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
