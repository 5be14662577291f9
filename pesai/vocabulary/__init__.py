"""The ontology as documents: merging, formats, catalogue, extracts and hygiene."""
