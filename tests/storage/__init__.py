"""Storage: what it promises, on both databases."""
