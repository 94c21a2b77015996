"""Remembers, and keeps what it remembers true."""
