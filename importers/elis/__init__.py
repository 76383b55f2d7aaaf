"""ELIS: what its exports call things."""
