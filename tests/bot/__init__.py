"""Tests of what joins conversations and storage, on both databases."""
