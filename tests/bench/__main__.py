"""Runs every measurement: each module of this package has a `main` that prints its ratios."""

import importlib
import pkgutil
import sys

import tests.bench
from bot.commands.telling import say


def main(names: list[str]) -> None:
    """Run the measurements named, all of them when none is."""
    found = [module.name for module in pkgutil.iter_modules(tests.bench.__path__)]
    for name in names or [name for name in found if not name.startswith("_")]:
        say(f"\n== {name}")
        importlib.import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
