"""What is kept for how long, sealed with which key, copied where, and erased."""
