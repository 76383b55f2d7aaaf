"""Reach to take along: figures and plots as tables, figures with their charts as a document."""
