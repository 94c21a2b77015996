"""Notices to many: checked, planned, judged for each recipient, and sent."""
