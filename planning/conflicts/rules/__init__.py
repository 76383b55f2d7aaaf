"""The judges, a module for each family of rules. Importing this package makes them known."""
