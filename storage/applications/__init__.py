"""Applications: filed, put in order, decided, waiting for a seat."""
