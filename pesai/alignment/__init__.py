"""Finding things by what they are called: search index, candidates, reconciliation."""
