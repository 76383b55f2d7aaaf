"""A plan's dossier on its way to a draft."""
