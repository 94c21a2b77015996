"""Notices to many: written, planned for everybody they go to, sent, and what became of each."""
