"""What the pages of call-backs call things."""

from collections.abc import Mapping

from storage.tables import CallResult

KINDS: Mapping[str, str] = {
    "t7": "结业一周",
    "t30": "结业一个月",
    "t90": "结业三个月",
    "monthly": "在训每月一问",
    "fair": "招聘会以后",
}

STATES: Mapping[str, str] = {
    "planned": "还没到时间",
    "asked": "在聊天里问了，等回答",
    "later": "改天再问",
    "to_call": "要打电话",
    "partial": "答了一部分",
    "complete": "答完了",
    "refused": "不愿回答",
    "unreached": "没联系上",
    "dropped": "不用问了",
}

CHECKS: Mapping[str, str] = {"drawn": "还没核对", "same": "一致", "differs": "不一致"}

WITH_ANSWERS = frozenset({CallResult.DONE, CallResult.PROXY, CallResult.TEXT_DONE})
"""Results for which every question was asked."""

IN_WRITING = frozenset({CallResult.TEXT_ONLY, CallResult.TEXT_DONE})
"""Results of a try that was not a call."""

OTHER_NUMBER = frozenset({CallResult.WRONG, CallResult.DEAD})
"""Results after which only another number helps."""

BY: Mapping[str, str] = {
    "self": "本人",
    "helper": "本人，有人帮",
    "family": "家里人替他",
    "guardian": "监护人替他",
}
"""Who answered, where the form does not ask."""

LISTS: Mapping[str, str] = {"now": "现在要打", "later": "以后打", "check": "核对"}

TOLD: Mapping[str, str] = {
    "callback_kept": "存好了。接着问。",
    "callback_logged": "记下了。这次回访完了。",
    "callback_again": "记下了。到时间再打，还在名单上。",
    "callback_unreached": "记下了。没有别的办法联系，不再打。",
    "callback_refused": "记下了。他不愿答，这个班的回访都不再问。",
    "callback_changed": "号码改了，又放回名单。",
    "callback_in_chat": "在聊天里再问他一次。他不答，再回到名单。",
    "callback_no_chat": "他没有聊天，不能在聊天里问。",
    "callback_others": "别人也在打。要接着打，按“我来打”。",
    "callback_meanwhile": "没有记。您看的时候，别人打过，或者他自己答了。看一看现在的样子。",
    "callback_number": "号码看不懂，没有记。手机 11 位，座机要带区号。",
    "callback_no_result": "没有选结果，没有记。回答都存着。",
    "callback_missing": "还有题没有问，或者写得不对，没有记。没问完，结果选“接通，没问完”。",
    "callback_no_form": "这张表现在不问，不能记答完。",
    "callback_no_who": "没有选谁在回答，没有记。回答都存着。",
    "callback_nothing_said": "一题也没有答，没有记。换一个结果。",
    "callback_said_some": "他答了几题，没有记成不愿答。结果选“接通，没问完”，下一次选“不再打”。",
    "callback_no_time": "没有记。约好的时间要比现在晚，在工作日 9 点到 18 点。",
    "none_to_draw": "没有可以抽的：这段时间里没有答完的。",
    "drawn": "抽好了。抽到的在下面，一个一个再打。",
    "checked": "核对记下了。",
    "check_missing": "没有记。选一致，或者选不一致，再写哪里不一样。",
}
"""What was just done -> how a page says it."""
