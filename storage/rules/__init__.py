"""Rules as pure functions: values in, advice out; no clock, no database."""
