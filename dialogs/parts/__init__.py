"""Questions that more than one flow asks, grouped by what they are about."""
