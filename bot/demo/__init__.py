"""The demonstration: a published catalogue, people and their applications, all made up, always a little ahead.

The sample stands on Saturday 2026-11-21. Every date of it moves by the whole weeks since then, so that week
days stay and courses are open whenever it is loaded; nothing in its free texts names a day.
"""

from bot.demo.loading import Loaded, is_empty, load_demo

__all__ = ["Loaded", "is_empty", "load_demo"]
