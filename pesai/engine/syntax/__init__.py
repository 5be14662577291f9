"""The text of a query: its tokens, where its grammar is broken, and terms for its variables."""
