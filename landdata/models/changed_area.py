"""Where the map changed: what every cache of pictures is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.gis.db import models

if TYPE_CHECKING:
    from landdata.models.revision import Revision


class ChangedArea(models.Model):
    """That rows of a layer changed within `extent_3857` at a revision.

    A picture that was drawn at an older revision and touches the extent is out of date.
    """

    layer = models.CharField(max_length=40)
    revision = models.ForeignKey("landdata.Revision", on_delete=models.PROTECT, related_name="+")
    extent_3857 = models.PolygonField(srid=3857)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["layer", "revision"], name="changed_area_layer_revision")
        ]

    def __str__(self) -> str:
        return f"{self.layer} @{self.revision_id}"

    @classmethod
    def note(cls, layer: str, revision: Revision, *extents: tuple[float, ...] | None) -> None:
        """Note the box around `extents`, each (west, south, east, north) in EPSG:3857 metres.

        None among them is ground without geometry and changes no picture.
        """
        from django.contrib.gis.geos import Polygon

        boxes = [e for e in extents if e is not None]
        if not boxes:
            return
        west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
        east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
        box = Polygon.from_bbox((west, south, east, north))
        box.srid = 3857
        cls.objects.create(layer=layer, revision=revision, extent_3857=box)
