"""The catalogue: files in, versions kept, courses found."""
