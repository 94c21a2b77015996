"""What `tests.faults.notices` is made of: the workers, where their databases are, one trial, and the faults."""
