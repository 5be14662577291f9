"""What follows from the graph, and whether the ontology is free of contradictions."""
