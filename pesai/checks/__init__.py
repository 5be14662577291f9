"""Checks of graphs: shapes, and rules written as queries."""
