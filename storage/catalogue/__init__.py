"""The published catalogue of courses: read from spreadsheets, kept in versions, found in memory."""
