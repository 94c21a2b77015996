"""What a member of staff sees of notices in a chat: the one there is most to do about, and the groups to choose by."""

from bot.asking import Asking
from bot.console.permissions import Act, may
from bot.notices.posts import is_private
from bot.notices.rights import reached_by
from dialogs.facts.staff import Groups, Mailing
from storage.notices import chat as notice_chat
from storage.notices import groups as notice_groups
from storage.notices import notices
from storage.notices import report as notice_report
from storage.notices.notices import NOT_REACHED
from storage.tables import Fate, Notice, NoticeState


def mailing(asking: Asking) -> Mailing:
    """Give the member's own notice that moves, else the last one they wrote."""
    session, member = asking.session, asking.kin.member
    if member is None or not may(member, Act.NOTICES):
        return Mailing()
    notice = notice_chat.newest_of(session, member.id)
    if notice is None:
        return Mailing()
    text, now = notices.text_of(session, notice.id), notice_report.progress(session, notice.id, asking.now)
    return Mailing(
        number=notice.id,
        title=text.title,
        named=is_private(text),
        state=notice.state.value,
        ways=_ways(notice),
        asking=notice.asking,
        total=0 if notice.state in (NoticeState.DRAFT, NoticeState.PLANNING) else now.total + notice.alone,
        waiting=now.waiting,
        reached=now.reached,
        missed=sum(now.fates.get(each, 0) for each in (*NOT_REACHED, Fate.UNSURE)) + notice.alone,
    )


def _ways(notice: Notice) -> tuple[str, ...]:
    match notice.state:
        case NoticeState.DRAFT | NoticeState.PLANNING:
            return ("whom",)
        case NoticeState.PLANNED:
            return ("send", "whom") if notice.send_at is None else ("stop",)
        case NoticeState.SENDING:
            return ("pause", "stop")
        case NoticeState.PAUSED:
            return ("resume", "stop")
    return ()


def groups(asking: Asking) -> Groups:
    """Give whom the member may choose among, and the groups that colleagues of the member's region keep."""
    member = asking.kin.member
    if member is None or not may(member, Act.NOTICES):
        return Groups()
    kept = notice_groups.groups_of(asking.session, member.region)
    everywhere = reached_by(member, asking.shelf.current) is None
    return Groups(tuple((each.id, each.name) for each in kept), everywhere=everywhere)
