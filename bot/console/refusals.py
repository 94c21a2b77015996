"""What a member of staff is told where a page or a form of the console is not taken."""

from collections.abc import Mapping

OTHERWISE = ("这里出了问题。", "刚才的没有记下。等一会儿，再试一次。")

WORDS: Mapping[str, tuple[str, str]] = {
    "400": ("没看懂发来的内容。", "刚才的没有记下。打开新的一页，再做一次。"),
    "old_page": ("这一页是旧的。", "刚才的没有记下。打开新的一页，再做一次。"),
    "404": ("没有找到这一页。", "这一页可能已经没有了，或者不归您管。"),
    "408": ("发到一半就断了。", "刚才的没有记下。网好一点的时候，再发一次。"),
    "413": ("发来的内容太大了。", "什么也没有记下。文件最大 20 兆，大的表分成几张传。"),
    "503": ("我们这里正忙。", "刚才的没有记下。等一会儿，再试一次。"),
}
"""Status or reason -> what is said: the heading and the sentences under it."""


def why_not(status: int, why: str) -> tuple[str, str]:
    """Give the heading and the words of a refusal: by its reason, else by its status."""
    return WORDS.get(why) or WORDS.get(str(status)) or OTHERWISE
