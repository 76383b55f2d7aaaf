"""Requests that nobody should send, and how the services are watched while they get them."""
