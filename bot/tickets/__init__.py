"""Tickets: how they read, what staff do with them, and talks in a chat."""
