"""People who talk, each with the device of one channel."""

from tests.channels.devices.talking import Talking, without_spaces

__all__ = ["Talking", "without_spaces"]
