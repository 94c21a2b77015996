from dataclasses import dataclass

from bot.channels.web import limits
from bot.channels.web.limits import Buckets, Rate


@dataclass
class Watch:
    """A clock that is moved by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_as_many_as_allowed_at_once_pass_and_the_next_one_waits() -> None:
    buckets = Buckets(Rate(60, 3), Watch())
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 1]


def test_the_wait_that_is_said_is_long_enough() -> None:
    watch = Watch()
    buckets = Buckets(Rate(2, 1), watch)
    assert buckets.take("a") == 0
    wait = buckets.take("a")
    assert wait == 30
    watch.now += wait
    assert buckets.take("a") == 0


def test_refused_requests_do_not_make_the_wait_longer() -> None:
    watch = Watch()
    buckets = Buckets(Rate(60, 1), watch)
    buckets.take("a")
    for _ in range(50):
        buckets.take("a")
    watch.now += 1
    assert buckets.take("a") == 0


def test_one_visitor_does_not_use_up_what_another_has() -> None:
    buckets = Buckets(Rate(60, 1), Watch())
    assert [buckets.take("a"), buckets.take("b"), buckets.take("a")] == [0, 0, 1]


def test_time_fills_a_bucket_to_its_brim_and_no_further() -> None:
    watch = Watch()
    buckets = Buckets(Rate(60, 2), watch)
    buckets.take("a")
    watch.now += 10_000
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]


def test_invented_visitors_do_not_fill_the_memory() -> None:
    buckets = Buckets(Rate(60, 2), Watch())
    for number in range(limits.MOST_KEPT + 500):
        buckets.take(str(number))
    assert len(buckets) == limits.MOST_KEPT
