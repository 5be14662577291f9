"""SPARQL 1.1 Protocol: formats, guard, service description, the catalogue of queries."""
