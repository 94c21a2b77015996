"""The doors people come in by, one package or module each."""
