"""Engines answer SPARQL queries; a result is complete before its first byte is seen."""
