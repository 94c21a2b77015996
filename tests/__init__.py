"""Tests: behaviour, through the same doors people use."""
