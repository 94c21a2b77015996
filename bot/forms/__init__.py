"""Forms that come from sheets: read, checked, asked, and given back as tables."""
