"""Filters in CQL2 text (OGC 21-065r2), read into conditions."""

from __future__ import annotations

from tileserver.features.cql2.grammar import condition as condition
