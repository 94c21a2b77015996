"""`doctor`: looks whether everything is in order, and says what to do where it is not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from bot.commands.checks import CHECKS
from bot.commands.finding import Finding, fail
from bot.commands.guard import FAILED, Sorry, read_settings
from bot.commands.telling import say, say_json

MARKS = {"ok": "好  ", "warn": "注意", "fail": "不行"}


def examine(*, as_json: bool) -> int:
    """Print every finding; 1 when something is not in order, 0 when it is or there is only something to mind."""
    findings = list(_findings())
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            say(f"{MARKS[finding.state]}  {finding.text}")
            if finding.do:
                say(f"      → {finding.do}")
        counts = Counter(finding.state for finding in findings)
        say(f"\n{counts['ok']} 样好，{counts['warn']} 样要注意，{counts['fail']} 样不行。")
    return FAILED if any(finding.state == "fail" for finding in findings) else 0


def _findings() -> Iterator[Finding]:
    try:
        settings = read_settings()
    except Sorry as problem:
        yield fail("settings", problem.sentence, "改好以后，再运行一次。")
        return
    for check in CHECKS:
        yield from check(settings)
