"""Words that say somebody may be in danger: no bot talk then, but a calm sentence and a person (access.md F11)."""

WORDS = (
    "打我", "骗钱", "骗我", "不让我走", "关着我", "关起来", "不想活", "自杀", "想死", "摸我", "欺负我", "害我", "威胁我",
)  # fmt: skip

CALM = "您说的，我们看到了。有危险，马上打 110。工作人员会来找您，只有他们能看到。"


def in_danger(words: str) -> bool:
    """Whether words somebody wrote should be seen by a person at once."""
    flat = "".join(words.split())
    return any(word in flat for word in WORDS)
