"""Exchange between organisations: who could talk to whom about what, and for which reasons."""
