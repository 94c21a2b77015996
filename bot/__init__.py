"""Everything that touches the outside: channels, clock, files, commands."""
