"""What is planned for a plot: one frozen answer, printed in many forms."""

from planning.extract.build import build_extract
from planning.extract.records import ParcelExtract

__all__ = ["ParcelExtract", "build_extract"]
