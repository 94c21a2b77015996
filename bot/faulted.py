"""Says in Chinese what a channel finds wrong with a message, with its own words after it."""

FAULTY = "渠道不收这条消息："

UNKNOWN = "说不清哪里不对。给自己发一份，找一找"

KNOWN = (
    (("parse entities", "unsupported start tag"), "话里有聊天看不懂的符号。去掉符号，再发"),
    (("too long",), "话太长了。写短一点，再发"),
    (("text is empty",), "没有话。写上话，再发"),
    (("button", "reply_markup", "keyboard"), "按钮发不了。去掉按钮，再发"),
    (("too big", "too large", "entity too large"), "图或者文件太大了。换小一点的，再发"),
    (("file", "photo", "image", "media", "document"), "图或者文件发不了。换一个，再发"),
    (("not enough rights", "have no rights"), "聊天里不让我们发。打电话告诉"),
)
"""Parts of what Telegram says (lower case) -> what is wrong, and what would be right; the first that is found counts."""


def faulty(words: str) -> str:
    """Give the reason staff read; the channel's own words stand behind it, for who looks after the machine."""
    lower = words.casefold().replace("_", " ")
    known = (told for parts, told in KNOWN if any(part in lower for part in parts))
    return f"{FAULTY}{next(known, UNKNOWN)}（{words}）"
