"""A copy of one's own data as a file: words to read, or JSON for a machine."""

import json
from collections.abc import Mapping
from typing import Any

NAMES: Mapping[str, str] = {
    "person": "本人",
    "relation": "谁帮忙",
    "consent": "同意和不同意",
    "application": "报名",
    "application_event": "报名的经过",
    "need": "要的帮忙",
    "wish": "想学什么",
    "assent": "本人想不想去",
    "ticket": "找过我们的事",
    "contact": "怎么跟您说话",
    "account": "在哪里找您",
    "message": "发给您的消息",
    "stored_file": "发来的文件",
}
"""Table -> what it is called in a copy."""


def as_text(copy: Mapping[str, Any]) -> bytes:
    """Write a copy as lines to read: what each piece is for, and what we have."""
    lines = ["我们记的您的信息", f"做好的时间：{copy['made_at']}", ""]
    meaning: Mapping[str, str] = copy["meaning"]
    for table, rows in copy["records"].items():
        lines += [f"【{NAMES.get(table, table)}】"]
        for row in rows:
            said = (
                (meaning[f"{table}.{name}"], value)
                for name, value in row.items()
                if value not in (None, "", [], {})
            )
            lines += [f"{why}：{_plain(value)}" for why, value in said]
            lines += [""]
    # The mark at the start lets old Windows programs know that it is Unicode.
    return ("\ufeff" + "\r\n".join(lines)).encode()


def as_json(copy: Mapping[str, Any]) -> bytes:
    """Write a copy for a machine."""
    return json.dumps(copy, ensure_ascii=False, indent=2).encode()


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "不是"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
