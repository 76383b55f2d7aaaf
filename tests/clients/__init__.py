"""Clients as people use them, each against the small city behind real servers."""
