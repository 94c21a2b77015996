"""After a training: call-backs, phone calls, and ratings in numbers."""
