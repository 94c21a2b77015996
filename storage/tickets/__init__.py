"""Complaints, requests for a person and danger signs: numbered, owned, answered."""
