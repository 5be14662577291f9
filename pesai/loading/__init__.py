"""What loaders share: the protocol, the sink, tables, issues and the canonical form."""
