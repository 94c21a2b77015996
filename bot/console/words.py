"""What the console calls things: states, roles, what happened, what was just done."""

from collections.abc import Mapping

from storage.applications.ordering import Claim
from storage.applications.timeline import REFERRAL
from storage.catalogue import codes
from storage.classes.classes import StepRefused, Why
from storage.files import files_in
from storage.staff.sheet import ROLE_WORDS
from storage.tables import ClassStep, Person, TicketState

ROLES: Mapping[str, str] = ROLE_WORDS

STATES: Mapping[str, str] = {
    "draft": "草稿",
    "awaiting_assent": "等本人答应",
    "submitted": "新报名",
    "question": "等本人回答",
    "waitlisted": "在排队",
    "offered": "给了名额，等回答",
    "accepted": "录取",
    "declined": "没有录取",
    "withdrawn": "本人退出",
    "finished": "结业",
    "not_passed": "没有通过考核",
}

CLAIMS: Mapping[bool | None, str] = {None: "", True: "（查实）", False: "（没有查到）"}
"""What staff found about a priority claim -> what stands after it; pages say once that the rest is only said."""

ANSWERS: Mapping[str, str] = {"": "还没答", "can": "可提供", "discuss": "协商", "cannot": "不能"}

EVENTS: Mapping[str, str] = {
    "filed": "报名",
    "submitted": "交给工作人员",
    "changed": "改了报名",
    "needs_changed": "改了需要的支持",
    "phone_changed": "换了电话号码",
    "corrected": "改正了信息",
    "withdrawn": "退出",
    "accepted": "录取",
    "waitlisted": "排队",
    "declined": "没有录取",
    "question": "问了一句",
    "answered": "回答了",
    "need_answered": "答了一项需要",
    "offered": "给了名额",
    "offer_taken": "要了名额",
    "offer_refused": "不要名额，退出",
    "offer_passed": "这次不行，接着排",
    "offer_lapsed": "到时间没有回答，接着排",
    "assented": "本人答应了",
    "not_wanted": "本人说不想去",
    "unsure": "本人没想好",
    "parent_agreed": "家长同意了",
    "parent_refused": "家长不同意",
    "parent_unsure": "家长没想好",
    "waits_for_parent": "等家长同意",
    "claim_found": "优先的情况，查实了",
    "claim_not_found": "优先的情况，没有查到",
    "same_certificate": "证号和别人一样",
    "advice": "条件要看一看",
    "secret_shown": "看了证号和电话",
    "finished": "结业",
    "ended": "班结业了，他没有通过",
    "moved": "班的时间或者地点改了",
    "confirmed": "改动知道了，会来",
    "cannot_come": "改动知道了，来不了",
    "asks_about_move": "改动知道了，想问问",
    "comes": "快上课了，说会来",
    "comes_not": "快上课了，说来不了",
    "wants_other_time": "快上课了，说想换时间",
    "certificate_got": "说证书拿到了",
    "certificate_later": "说证书以后去拿",
    "certificate_cannot": "说去不了，证书拿不到",
    "certificate_stop": "说证书的事不要再提醒",
    "passed": "考核通过",
    "not_passed": "考核没有通过",
    "messaged": "工作人员写了几句话",
    "called": "打通了电话",
    "not_reached": "打了电话，没打通",
    "appealed": "不同意，要再看一次",
}

STEPS: Mapping[ClassStep, str] = {
    ClassStep.REVIEWED: "审核",
    ClassStep.ENROLLING: "招生",
    ClassStep.OPENED: "开班",
    ClassStep.FINISHED: "结业",
    ClassStep.CALLED_OFF: "取消",
}
"""The class cycle; the first step, the application for it, is the import of the catalogue."""

TICKET_STATES: Mapping[str, str] = {
    "open": "没有人办",
    "taken": "在办",
    "answered": "回过话",
    "closed": "办完",
}

GIVEN = "还没开始"
"""Where a ticket stands that was given to somebody who has done nothing yet: it is not nobody's."""

TICKET_LISTS: Mapping[str, str] = {"open": "没办完", "mine": "我的", "overdue": "过了时间", "closed": "办完"}

ELSEWHERE: Mapping[str, str] = {"group": "微信群", "account": "公众号", "sms": "短信平台", "paper": "张贴"}
"""Where staff put a notice themselves: places that we cannot send to."""

RATINGS: Mapping[str, str] = {"good": "满意", "bad": "不满意"}

TOLD: Mapping[str, str] = {
    "accepted": "录取了。已经告诉本人。",
    "waitlisted": "排上队了。已经告诉本人。",
    "declined": "定了。原因已经告诉本人。",
    "asked": "问题发出去了。回答会到这里来。",
    "needs": "需要的答复记下了。一小时内告诉本人，和您定的一起。",
    "claims": "查到的情况记下了，名单按新的顺序排。",
    "assent": "本人怎么表示的，记下了。",
    "not_shown": "没有记。选一个，再写本人是怎么表示的：说的什么话，指的哪张图，在哪里，哪天。",
    "entered": "代录好了，等您定。把报名号念给本人听，告诉他：想退，说一声就行。",
    "bad_phone": "电话看不懂，没有开始。手机 11 位，座机要带区号。",
    "who_and_where": "没有开始。要选是谁，或者写新的名字，再选一个班。",
    "number_as_name": "没有开始。姓名那里写的好像是号码，写名字，比如“王小明”。",
    "applied_already": "他已经报了这个班，就是这一份。",
    "listed": "写上名单了。名单不是报名，等本人同意。",
    "no_class_or_names": "没有写上。要选一个班，还要写名字。",
    "some_listed": "看得懂的写上名单了。下面这些行没有写上：先写姓名，再写电话。",
    "none_listed": "没有写上。先写姓名，再写电话：手机 11 位，座机要带区号。",
    "unlisted": "从名单上去掉了。",
    "linked": "链接在下面。交给本人，他自己打开，自己定。",
    "nothing": "没有改动。",
    "form_live": "现在开始用了。正在答的人，从下一题起按这一版问。",
    "form_over": "不再问了。以前的回答都还在。",
    "notice_written": "话存好了。现在选发给谁。",
    "notice_changed": "新的话存好了。",
    "notice_planning": "在排名单。排好了，看一遍，再发。",
    "notice_late": "已经说过发了，名单没有改。",
    "notice_sent": "开始发了。",
    "notice_later": "定好了，到时间就发。",
    "notice_unseen": "没有发。刚才有人改了话，或者改了名单。看一遍，再发。",
    "notice_sent_before": "已经发过了，没有再发。",
    "notice_set_before": "早就定好时间了，没有改。到时间只发一次。",
    "notice_no_list": "没有发。先选发给谁，等名单排好。",
    "notice_was_stopped": "没有发。这个通知停下了，不再发。",
    "notice_no_time": "没有发。时间要写，还要比现在晚。",
    "notice_paused": "停住了。想接着发，按“接着发”。",
    "notice_resumed": "接着发了。",
    "notice_stopped": "停下了。没有发的，不再发。",
    "notice_unscheduled": "先不发了。",
    "notice_again": "再发一次，只发给没有收到的人。",
    "notice_meanwhile": "没有改。刚才有人按过，或者已经发完。",
    "notice_tried": "发给您自己了，这一份不算在数里。",
    "notice_no_chat": "没有发。先在您自己的页连上聊天。",
    "notice_by_hand": "记下了，这些人算告诉过了。",
    "notice_elsewhere": "记下了。这里发的，报告里另外算。",
    "group_kept": "这一组存好了。下次在“存好的一组”里选。",
    "group_no_name": "没有存。先给这一组起个名字，最多 30 个字。",
    "fair_said": "记下了。",
    "fair_changed": "改好了。日期、时间、地点改了的，会来的人都告诉了。",
    "fair_called_off": "招聘会取消了。会来的人都告诉了。",
    "nobody_asked": "没有请人。打上勾再按；开完的、取消的招聘会不能请人。",
    "here": "到了，记下了。",
    "here_before": "已经签过到了，算第一次。",
    "not_here": "改回来了：没有到。",
    "no_number": "没有这个签到号。看一看，再写；或者按名字找。",
    "position_over": "记下了：单位不招了。",
    "offered": "空出来的名额给了排在前面的人。",
    "no_offer": "现在没有空的名额，或者没有人排队，或者班已经开了。",
    "no_seat": "名额满了，没有录取。可以先排队。",
    "not_possible": "现在不能这样定：报名已经退出，或者还在等本人答应。",
    "no_reason": "没有写原因，没有定。写一句本人看得懂的话。",
    "no_words": "没有写字，没有发。",
    "shown": "证号和电话在下面。看过的事记下了。",
    "written": "话发出去了。每人一次，记在各人的报名里。",
    "written_before": "没有再发。今天发过同样的话，或者人已经退出。",
    "called": "打电话的事记下了。",
    "moved": "改好了。有位子的人都告诉了，等他们回答还来不来。",
    "seats": "名额改好了。",
    "called_off": "班取消了。每个人都告诉了。",
    "stepped": "这一步记下了。",
    "arranged": "安排记下了。",
    "attended": "谁来了，记下了。",
    "results": "结业情况记下了。",
    "taken": "这件工单归您办了。",
    "taken_by_other": "已经有人在办这件工单。要换人，用“转给别人”。",
    "replied": "话回了。已经告诉本人。",
    "noted": "记下了。没有发消息。",
    "talking": "开始了。已经告诉本人，您在和他说话。",
    "talk_over": "说完了。本人回到刚才的地方。",
    "no_chat": "这个人没有聊天可以说话，没有开始。",
    "handed_over": "转好了。",
    "closed": "办完了。",
    "meanwhile": "您看的时候，工单上又有了新的话，在下面。您写的字没有发，还在。",
    "no_outcome": "没有选办成什么样，没有结束。",
    "nobody": "没有选转给谁，没有转。",
    "weighed": "分数改好了，名单按新的顺序排。",
    "bad_points": "分数是 0 到 100 的整数。没有改。",
    "hired": "加好了。下面的链接十五分钟内有效，只能用一次。",
    "revoked": "已经停用。打开的网页马上失效。",
    "no_name": "没有写名字，没有加。",
    "hired_idle": "加好了，可是目录里现在没有归他管的课。看一看地方或者项目写得对不对。链接在下面，十五分钟内有效。",
    "no_region": "没有加。经办和评估要写管哪个地方，比如 郑州市。管全部的是管理员。",
    "no_projects": "没有加。老师要写教哪些项目，比如 P025。",
    "not_yourself": "不能停用自己。",
    "out_elsewhere": "别处都退出了。没有用过的链接也不能用了。",
    "put_out": "他打开的网页都退出了。要再进来，给他一个新链接。",
    "not_out_yourself": "没有退出。自己的，点上面您的名字，在那里退出。",
    "unlinked": "断开了。那个聊天里不能再办事。",
    "settled": "好了，不再提醒。",
    "taken_back": "这次导入撤回了。目录几秒钟以后是原来的样子。",
}
"""What was just done -> how a page says it."""


SPOKEN = "（语音，在这一页听）"
"""What stands in the place of an answer that was spoken."""


def written(answer: str) -> str:
    """Give an answer as it was written; of a spoken one, that it was spoken."""
    return SPOKEN if files_in(answer) else answer


def ticket_state(state: str, staff_id: int | None) -> str:
    """Say where a ticket stands."""
    return GIVEN if state == TicketState.OPEN and staff_id is not None else TICKET_STATES[state]


def ticket_name(kind: str, service: str) -> str:
    """Say what a ticket is about; of a referral, what for."""
    if kind == REFERRAL and service:
        return f"转介：{codes.label('follow_need', service)}"
    return codes.label("ticket_kind", kind)


def event_words(kind: str, note: str) -> str:
    """Say what happened to an application."""
    said, note = EVENTS.get(kind, kind), written(note)
    if kind == "need_answered" and " " in note:
        code, answer = note.split(" ", 1)
        return f"{said}：{codes.label('service', code)}，{ANSWERS.get(answer, answer)}"
    return f"{said}：{note}" if note else said


def actor_words(actor: str, names: Mapping[str, str]) -> str:
    """Say who did it."""
    if actor == "system":
        return "自动"
    return names.get(actor, "工作人员" if actor.startswith("staff:") else "报名的人")


def called(person: Person) -> str:
    """Give the name of somebody, or why there is none: not everybody who talks to us wrote one."""
    return person.name or ("（已删除）" if person.erased_at else "（没有写名字）")


def claim_words(claim: Claim) -> str:
    """Say what is claimed, and what staff found."""
    return codes.label("priority", claim.code) + CLAIMS[claim.found]


def arrangement_words(code: str) -> str:
    """Say what is to be arranged: a support, or what every class needs."""
    return codes.label("service" if code in codes.words("service") else "arrangement", code)


def refusal_words(refused: StepRefused) -> str:
    """Say why a step of a class cannot be taken, and what comes first."""
    missing = refused.missing
    match refused.why:
        case Why.SKIPPED:
            return f"还没有{STEPS[ClassStep(missing[0])]}。一步一步来。"
        case Why.CALLED_OFF:
            return "这个班取消了，不能再往下走。"
        case Why.FINISHED:
            return "这个班已经结业了。"
        case Why.UNANSWERED:
            return f"先答完要准备的：{'、'.join(arrangement_words(code) for code in missing)}。"
        case Why.NO_RESULTS:
            return f"还有人没有写结果：{'、'.join(missing)}。"
