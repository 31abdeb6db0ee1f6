#!/usr/bin/env python3
"""Writes random recurrence rules with the dates that dateutil gives, as JSON lines.

    python tests/events/oracle/rules.py --cases 2000 --seed 1 >tests/events/oracle/rules.jsonl
    python tests/events/oracle/rules.py --cases 100000 --seed 2 --dates 40 >/tmp/rules.jsonl
    AGORA_SCHEDULE_CASES=/tmp/rules.jsonl cargo test --package tests --test all events::schedule::oracle

Needs python-dateutil and tzdata. A line has the zone, the start, the rule and its end, and for
each date the days since the start (`days`), and the minutes between its local time and UTC
(`west`), which the tests compare until 2025: later ones change with the zone database. `finished`
says that there are no dates after the listed ones. The cases of a seed depend on the speed of
the machine: slow ones are dropped.

dateutil is asked in another way where it departs from RFC 5545 (2.9.0):
- BYDAY with and without ordinals is an intersection there: plain weekdays are written as all
  ordinals;
- the first week of a weekly rule begins with the start there, which moves BYSETPOS: the rule
  is asked from the first day of that week on;
- BYWEEKNO at the ends of a year is wrong for some weeks: it is asked without, and the days are
  chosen here.
"""

import argparse
import json
import random
import signal
import sys
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, reset_tzpath

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
ZONES = [
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Moscow", "Europe/Kyiv", "America/New_York",
    "America/Los_Angeles", "America/Santiago", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe",
    "Australia/Sydney", "Asia/Kathmandu", "Asia/Beirut", "Asia/Almaty", "Asia/Novosibirsk", "Africa/Cairo",
    "Africa/Casablanca", "Pacific/Apia", "Pacific/Auckland", "Asia/Tokyo", "Etc/UTC",
]


def some(rng, values, most):
    return sorted(rng.sample(values, rng.randint(1, min(most, len(values)))))


def signed(rng, greatest, most):
    return some(rng, [n for n in range(-greatest, greatest + 1) if n], most)


def random_rule(rng):
    """A rule of the subset: its parts by name."""
    frequency = rng.choice(list(FREQUENCIES))
    rule = {"FREQ": frequency}
    if rng.random() < 0.5:
        rule["INTERVAL"] = rng.choice([2, 2, 2, 3, 3, 4, 5, 6, 7, 12, 26, 52, 100])
    if rng.random() < 0.3:
        rule["WKST"] = rng.choice(WEEKDAYS[1:])
    if rng.random() < 0.25:
        rule["BYMONTH"] = some(rng, list(range(1, 13)), 4)
    if frequency == "YEARLY" and rng.random() < 0.2:
        rule["BYWEEKNO"] = rng.choice([signed(rng, 53, 4), [1], [53], [-1], [52, 53], [1, -1], [-53]])
    if frequency == "YEARLY" and rng.random() < 0.15:
        rule["BYYEARDAY"] = signed(rng, 366, 5)
    if frequency != "WEEKLY" and rng.random() < 0.3:
        rule["BYMONTHDAY"] = rng.choice([signed(rng, 31, 5), [-1], [13], [29], [31], [-31]])
    if "BYWEEKNO" in rule or rng.random() < 0.6:
        days = some(rng, list(range(7)), 5)
        ordinals = frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in rule and rng.random() < 0.6
        greatest = 5 if frequency == "MONTHLY" or "BYMONTH" in rule else 53
        # Sorted as we write them.
        rule["BYDAY"] = [
            (rng.choice([0, 1, -1, 2, -2, rng.choice(signed(rng, greatest, 3))]) if ordinals else 0, day)
            for day in days
        ]
    if rng.random() < 0.25 and any(name.startswith("BY") for name in rule):
        rule["BYSETPOS"] = rng.choice([[1], [-1], [2], [1, -1], signed(rng, 6, 3), signed(rng, 40, 3)])
    return rule


def text(rule):
    def value(name):
        if name == "BYDAY":
            return ",".join(f"{nth or ''}{WEEKDAYS[day]}" for nth, day in rule[name])
        return ",".join(map(str, rule[name])) if isinstance(rule[name], list) else str(rule[name])

    return ";".join(f"{name}={value(name)}" for name in rule)


def week_number(day, wkst):
    """The number of a day's week and the number of weeks of its year."""

    def first(year):
        fourth = date(year, 1, 4)
        return fourth - timedelta((fourth.weekday() - wkst) % 7)

    week = day - timedelta((day.weekday() - wkst) % 7)
    year = (week + timedelta(3)).year
    return (week - first(year)).days // 7 + 1, (first(year + 1) - first(year)).days // 7


def dates(rule, start):
    """The dates of a rule, from a start on."""
    wkst = WEEKDAYS.index(rule.get("WKST", "MO"))
    frequency = rule["FREQ"]
    by_day = rule.get("BYDAY")
    begin = start
    if frequency == "WEEKLY":
        begin = start - timedelta((start.weekday() - wkst) % 7)
        by_day = by_day or [(0, start.weekday())]
    if by_day and any(nth for nth, _ in by_day) and not all(nth for nth, _ in by_day):
        greatest = 5 if frequency == "MONTHLY" or "BYMONTH" in rule else 53
        by_day = [(n, day) for nth, day in by_day for n in ([nth] if nth else range(1, greatest + 1))]
    names = {"BYMONTH": "bymonth", "BYYEARDAY": "byyearday", "BYMONTHDAY": "bymonthday"}
    arguments = {names[name]: rule[name] for name in names if name in rule}
    if by_day:
        arguments["byweekday"] = [weekday(day)(nth) if nth else weekday(day) for nth, day in by_day]
    weeks = rule.get("BYWEEKNO")
    if "BYSETPOS" in rule and not weeks:
        arguments["bysetpos"] = rule["BYSETPOS"]
    found = rrule(FREQUENCIES[frequency], dtstart=begin, interval=rule.get("INTERVAL", 1), wkst=wkst, **arguments)
    if not weeks:
        return (day for day in found if day >= start)
    return by_weeks(rule, start, arguments, weeks, wkst)


def by_weeks(rule, start, arguments, weeks, wkst):
    """A yearly rule with BYWEEKNO: dateutil gives the days of each year, the weeks are ours."""
    positions = rule.get("BYSETPOS")
    for year in range(start.year, 2400, rule.get("INTERVAL", 1)):
        begin = datetime(year, 1, 1, start.hour, start.minute)
        days = rrule(YEARLY, dtstart=begin, wkst=wkst, until=begin.replace(month=12, day=31), **arguments)
        chosen = []
        for day in days:
            number, count = week_number(day.date(), wkst)
            if number in weeks or number - count - 1 in weeks:
                chosen.append(day)
        if positions:
            n = len(chosen)
            chosen = [day for i, day in enumerate(chosen) if i + 1 in positions or i - n in positions]
        yield from (day for day in chosen if day >= start)


class TooSlow(Exception):
    pass


def too_slow(*_):
    raise TooSlow


def bounded(rule, anchor, most):
    """The first dates of a rule from its first date on, or None."""
    # 30 February is looked for until the year 9999. The limit leaves 400 years of a yearly rule.
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    try:
        start = next(iter(dates(rule, anchor)), None)
        if start is None or start.year > 2190:
            return None
        return list(islice(dates(rule, start), most + 1))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def case(rng, most):
    rule = random_rule(rng)
    anchor = datetime(rng.randint(1995, 2025), rng.randint(1, 12), rng.randint(1, 28)) + timedelta(rng.randint(0, 3))
    anchor += timedelta(minutes=rng.choice([rng.randrange(0, 1440, 15), rng.randrange(0, 240, 15), 0]))
    try:
        found = bounded(rule, anchor, most)
    except TooSlow:
        return None
    if found is None:
        return None
    start = found[0]
    end = rng.choice(["count", "until", None])
    line = {"zone": rng.choice(ZONES), "start": start.isoformat(timespec="minutes"), "rule": text(rule)}
    if end == "count":
        line["count"] = rng.randint(1, most)
        found = found[: line["count"]]
    elif end == "until":
        last = rng.choice(found) + timedelta(rng.choice([0, 0, 1, 3]))
        line["until"] = last.date().isoformat()
        # A date can lie between the last one that is known and the end.
        if last > found[-1] and len(found) > most:
            return None
        found = [day for day in found if day.date() <= last.date()]
    line["finished"] = end is not None or len(found) <= most
    found = [day for day in found if day.year < 2400]
    zone = ZoneInfo(line["zone"])
    line["days"] = [(day.date() - start.date()).days for day in found]
    line["west"] = [-int(day.replace(tzinfo=zone).utcoffset().total_seconds() // 60) for day in found]
    return line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dates", type=int, default=12)
    arguments = parser.parse_args()
    # The database of the package, not that of the machine.
    reset_tzpath(to=[])
    signal.signal(signal.SIGALRM, too_slow)
    rng = random.Random(arguments.seed)
    written = dropped = 0
    while written < arguments.cases:
        line = case(rng, arguments.dates)
        if line is None:
            dropped += 1
            continue
        print(json.dumps(line, separators=(",", ":")))
        written += 1
    print(f"{written} cases, {dropped} without dates dropped", file=sys.stderr)


if __name__ == "__main__":
    main()
