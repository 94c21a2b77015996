"""The pages of a class's file, its sessions and its list of names."""

from collections.abc import Sequence

from bot.console.calling_off import CallingOff
from bot.console.classfile import ClassFile
from bot.console.inside import Page
from bot.console.meeting_moves import MeetingMoves
from bot.console.meetings import Meetings
from bot.console.moves import Moves
from bot.console.pages import ConsolePages
from bot.console.permissions import Act
from bot.console.roster import Rosters
from bot.runner import Runner


def class_pages(runner: Runner, pages: ConsolePages) -> Sequence[Page]:
    """Every page about one class, from its review to its end."""
    file, meetings, moves = ClassFile(runner, pages), Meetings(runner, pages), Moves(runner, pages)
    meeting_moves = MeetingMoves(runner, pages)
    ending, rosters = CallingOff(runner, pages), Rosters(runner, pages)
    return (
        Page("/intakes/{intake}/file", Act.INTAKES, file.show),
        Page("/intakes/{intake}/step", Act.RUN, file.step, "POST"),
        Page("/intakes/{intake}/arrangements", Act.RUN, file.arrange, "POST"),
        Page("/intakes/{intake}/results", Act.RUN, file.write_results, "POST"),
        Page("/intakes/{intake}/move", Act.RUN, moves.show),
        Page("/intakes/{intake}/move", Act.RUN, moves.move, "POST"),
        Page("/intakes/{intake}/seats", Act.RUN, moves.change_seats, "POST"),
        Page("/intakes/{intake}/call-off", Act.RUN, ending.show),
        Page("/intakes/{intake}/call-off", Act.RUN, ending.call_off, "POST"),
        Page("/intakes/{intake}/roster", Act.ROSTER, rosters.show),
        Page("/intakes/{intake}/roster", Act.SECRET, rosters.show_whole, "POST"),
        Page("/intakes/{intake}/roster.xlsx", Act.ROSTER, rosters.send, "POST"),
        Page("/intakes/{intake}/roster-whole.xlsx", Act.SECRET, rosters.send_whole, "POST"),
        Page("/intakes/{intake}/sessions/{meeting}", Act.ATTEND, meetings.show),
        Page("/intakes/{intake}/sessions/{meeting}", Act.ATTEND, meetings.mark, "POST"),
        Page("/intakes/{intake}/sessions/{meeting}/move", Act.RUN, meeting_moves.show),
        Page("/intakes/{intake}/sessions/{meeting}/move", Act.RUN, meeting_moves.move, "POST"),
    )
