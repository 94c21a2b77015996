"""The conversation, pure: what was said in, what to say out."""
