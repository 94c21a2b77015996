"""How many random people are tried: a few by `make test`, many by `make faults`."""

import os

MORE = int(os.environ.get("XUNQIAO_TEST_MORE", "1"))
"""How many times as many as usual."""
