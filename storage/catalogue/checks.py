"""What must hold between the cells of one row: order of dates, sums, places, order classes."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import TypeVar

from storage.catalogue import codes
from storage.catalogue.columns import MOST_HOURS_A_DAY
from storage.catalogue.measures import WEEKDAYS

Values = Mapping[str, object]
"""A row by column name; a column whose cell could not be read is missing."""

Finding = tuple[str, str, str]
"""The column, what is wrong, what would be right."""

ORDER_CLASSES = frozenset({"order", "fixed_post", "directed", "three_orders"})
"""Deliveries trained for posts that wait: they name the employer and how many posts."""

_CITY_PROVINCES = frozenset({"北京市", "上海市", "天津市", "重庆市", "香港特别行政区", "澳门特别行政区"})
_Kind = TypeVar("_Kind")


def pick(values: Values, name: str, kind: type[_Kind]) -> _Kind | None:
    """Return a value of that type, or None when the row has none."""
    value = values.get(name)
    return value if isinstance(value, kind) else None


def _number(values: Values, name: str) -> float | None:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else None


def _words(values: Values, name: str) -> str:
    return pick(values, name, str) or ""


def project_problems(values: Values) -> Iterator[Finding]:
    """Find what makes a row of the catalogue untrue."""
    yield from _dates(values)
    yield from _amounts(values)
    yield from _hours(values)
    yield from _place(values)
    yield from _order_class(values)


def _dates(values: Values) -> Iterator[Finding]:
    start, end = pick(values, "start_date", date), pick(values, "end_date", date)
    deadline = pick(values, "registration_deadline", date)
    if start and end and end < start:
        yield "end_date", f"结业{end}，早于开班{start}", f"写{start}，或者更晚的日期"
    if start and deadline and deadline > start:
        yield "registration_deadline", f"报名截止{deadline}，晚于开班{start}", f"写{start}，或者更早的日期"
    first, last = pick(values, "list_from", date), pick(values, "list_until", date)
    if first and last and last < first:
        yield "list_until", f"下架{last}，早于上架{first}", f"写{first}，或者更晚的日期"
    days = pick(values, "training_days", int)
    if start and end and days and 0 < (span := (end - start).days + 1) < days:
        yield "training_days", f"开班到结业一共{span}天，放不下{days}天", f"写1到{span}，或者改结业日期"


def _amounts(values: Values) -> Iterator[Finding]:
    youngest, oldest = pick(values, "age_min", int), pick(values, "age_max", int)
    if youngest and oldest and oldest < youngest:
        yield "age_max", f"最大年龄{oldest}，小于最小年龄{youngest}", f"写{youngest}，或者更大的数"
    seats, fewest = pick(values, "capacity", int), pick(values, "min_to_open", int)
    if seats and fewest and fewest > seats:
        yield "min_to_open", f"开班要{fewest}人，名额只有{seats}人", f"写{seats}，或者更小的数"


def _hours(values: Values) -> Iterator[Finding]:
    a_day = _number(values, "hours_per_day")
    if a_day and a_day > MOST_HOURS_A_DAY:
        total, days = _number(values, "hours_total"), _number(values, "training_days")
        mean = f"；总课时{total:g}除以{days:g}天是{total / days:g}" if total and days else ""
        yield "hours_per_day", f"每天{a_day:g}课时，太多", f"写1到{MOST_HOURS_A_DAY}{mean}"
    starts, ends = pick(values, "class_start_time", time), pick(values, "class_end_time", time)
    if starts and ends and ends <= starts:
        yield "class_end_time", f"{ends:%H:%M}下课，不晚于{starts:%H:%M}上课", "写比上课晚的时间"


def _place(values: Values) -> Iterator[Finding]:
    if _words(values, "mode") not in {"offline", "hybrid"}:
        return
    province = _words(values, "province")
    if not province and "province" in values:
        yield "province", "要到教室上课，没有写省", "写上省，比如“河南省”"
    if not _words(values, "city") and "city" in values and province not in _CITY_PROVINCES:
        yield "city", "要到教室上课，没有写市", "写上市，比如“郑州市”"
    if not _words(values, "address") and "address" in values:
        yield "address", "要到教室上课，没有写地点", "写上街道、门牌和楼层"


def _order_class(values: Values) -> Iterator[Finding]:
    delivery = _words(values, "delivery")
    if delivery not in ORDER_CLASSES:
        return
    name = codes.label("delivery", delivery)
    employs = _words(values, "organiser_type") == "enterprise"
    if not employs and not _words(values, "employer") and "employer" in values:
        yield "employer", f"“{name}”的班没有写用人单位", "写上用人单位的名称"
    if not values.get("order_posts") and "order_posts" in values:
        yield "order_posts", f"“{name}”的班没有写岗位数", "写上有多少个岗位，比如 20"


def project_doubts(values: Values) -> Iterator[tuple[str, str]]:
    """Find what looks odd but may be meant: the column, and what to look at."""
    days = pick(values, "training_days", int)
    online, offline = pick(values, "online_days", int), pick(values, "offline_days", int)
    if days and online is not None and offline is not None and online + offline != days:
        yield "training_days", f"线上{online}天加线下{offline}天，不是{days}天，看一看"
    total, a_day = _number(values, "hours_total"), _number(values, "hours_per_day")
    if days and total and a_day and total != days * a_day:
        yield "hours_total", f"{days}天、每天{a_day:g}课时，是{days * a_day:g}课时，看一看"
    kind, parent = _words(values, "subcategory"), _words(values, "category")
    known = codes.words("subcategory").get(kind)
    belongs = known.note if known else parent
    if parent and belongs != parent:
        yield "subcategory", f"“{kind}”在代码表里属于“{codes.label('category', belongs)}”，看一看"


def session_problems(values: Values) -> Iterator[Finding]:
    """Find what makes a dated session untrue in itself. Its intake is looked at by the import."""
    day, named = pick(values, "date", date), pick(values, "weekday", int)
    if day and named is not None and day.weekday() != named:
        yield "weekday", f"{day}是星期{WEEKDAYS[day.weekday()]}", f"写“{WEEKDAYS[day.weekday()]}”，或者改日期"
    starts, ends = pick(values, "start_time", time), pick(values, "end_time", time)
    if not starts or not ends:
        return
    length = (ends.hour - starts.hour) + (ends.minute - starts.minute) / 60
    lessons = _number(values, "hours")
    if length <= 0:
        yield "end_time", f"{ends:%H:%M}下课，不晚于{starts:%H:%M}上课", "写比上课晚的时间"
    elif lessons and lessons > length:
        yield "hours", f"写了{lessons:g}课时，上课到下课只有{length:g}小时", f"写{length:g}，或者更小的数"
