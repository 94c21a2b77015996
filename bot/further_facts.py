"""What only some flows ask for: tickets, fairs, what is asked of people afterwards, the work of staff."""

from collections.abc import Mapping

from bot import at_work
from bot.applications import answerable
from bot.asking import Reader
from bot.classes import coming, reminded
from bot.fairs import facts as fair_facts
from bot.forms import recorded
from bot.notices import at_notices
from bot.tickets import ticketing

FURTHER: Mapping[str, Reader] = {
    "ticket": ticketing.one,
    "tickets": ticketing.own,
    "to_answer": answerable.to_answer,
    "offer": answerable.offer,
    "staff_question": answerable.staff_question,
    "moved": answerable.moved,
    "record": recorded.record,
    "staff_words": answerable.staff_words,
    "at_class": coming.at_class,
    "at_fair": fair_facts.expected,
    "fairs": fair_facts.all_of,
    "fair": fair_facts.one,
    "posts": fair_facts.posts_of,
    "post": fair_facts.post,
    "class_told": reminded.class_told,
    "part": reminded.part,
    "certificate": reminded.certificate,
    "reached_on": reminded.reached_on,
    "works_here": at_work.works_here,
    "desk": at_work.desk,
    "waiting": at_work.list_of,
    "filed": at_work.filed,
    "case": at_work.case,
    "cases": at_work.cases,
    "mailing": at_notices.mailing,
    "notice_groups": at_notices.groups,
}
"""Fact -> who reads it."""
