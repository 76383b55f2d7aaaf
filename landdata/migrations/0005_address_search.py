"""Addresses are found by their words, whatever the diacritics.

The folded text is indexed, not stored: what a register delivered stays the only copy. `unaccent`
is only stable because its dictionary could change; ours never does, so an index may rest on it.
"""

from __future__ import annotations

from django.db import migrations

FOLD = r"""
CREATE FUNCTION diado_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize($1, NFC))),
        '[^a-z0-9]+', ' ', 'g')
$$
"""

INDEX = """
CREATE INDEX parcel_address_words ON landdata_parcelversion
USING gin (to_tsvector('simple', diado_fold(address))) WHERE to_revision IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("landdata", "0004_public_models")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION diado_fold(text)"),
        migrations.RunSQL(INDEX, "DROP INDEX parcel_address_words"),
    ]
