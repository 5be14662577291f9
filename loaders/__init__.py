"""One module per kind of source. The core finds them as plugins, by entry points."""

PART_OF = "pesai"
"""Marks this package as ours: a foreign ``loaders`` that shadows it is named instead of run."""
