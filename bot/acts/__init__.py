"""What finished conversations become, by subject; the table of them all is bot/outcomes.py."""
