#!/usr/bin/env python3
"""Expands calendars with recurring-ical-events and compares the dates.

    cargo test --package tests --test all events::calendar::oracle

Reads the cases of `calendar/oracle.rs` from the standard input. With `--rename-zones` each
time zone gets a name that is in no database: icalendar takes the zone of the database for a
name that it knows, and VTIMEZONE for others.

Rules that are not common may differ: dateutil departs from RFC 5545 as `rules.py` states.

Needs icalendar, recurring-ical-events and tzdata.
"""

import argparse
import json
import sys
from datetime import datetime, timezone
from zoneinfo import reset_tzpath

try:
    import icalendar
    import recurring_ical_events
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)


def text(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
    return value.isoformat()


def instant(value):
    return datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=timezone.utc)


def expand(case, rename):
    ics = case["ics"]
    if rename:
        # icalendar keeps a zone by its name.
        name = f"Agora/{rename}"
        ics = ics.replace(f"TZID:{case['zone']}", f"TZID:{name}").replace(f"TZID={case['zone']}:", f"TZID={name}:")
    calendar = icalendar.Calendar.from_ical(ics)
    faults = [error for part in calendar.walk() for error in part.errors]
    assert not faults, faults
    found = []
    for event in recurring_ical_events.of(calendar).between(instant(case["from"]), instant(case["to"])):
        start = event["DTSTART"].dt
        end = event["DTEND"].dt if "DTEND" in event else start
        found.append([text(start), text(end), event["STATUS"] == "CANCELLED"])
    first = case["from"] if "T" in (found or [["T"]])[0][0] else case["from"][:10]
    return sorted(date for date in found if date[0] >= first)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rename-zones", action="store_true")
    rename = parser.parse_args().rename_zones
    # The database of the package, not that of the machine.
    reset_tzpath(to=[])
    cases = json.load(sys.stdin)
    differing = rare = 0
    for number, case in enumerate(cases, 1):
        try:
            found = expand(case, number if rename else None)
        except Exception as fault:  # A fault of the reader is one difference.
            found = [[repr(fault), None, False]]
        expected = sorted(case["dates"], key=lambda date: date[0])
        alike = len(found) == len(expected) and all(
            theirs[0] in (ours[0], ours[3] if rename else ours[0]) and ours[1] in (None, theirs[1]) and ours[2] == theirs[2]
            for ours, theirs in zip(expected, found)
        )
        if not alike:
            differing += case["common"]
            rare += not case["common"]
            print(case["name"], "" if case["common"] else "(a rare rule)")
            print("  only ours  ", [date for date in expected if date[0] not in [one[0] for one in found]][:8])
            print("  only theirs", [date for date in found if date[0] not in [one[0] for one in expected]][:8])
            if [d[0] for d in found] == [d[0] for d in expected]:
                print("  others", [p for p in zip(expected, found) if p[0] != p[1]][:4])
    print(f"{len(cases) - differing - rare} of {len(cases)} agree, {rare} with rare rules differ")
    sys.exit(1 if differing else 0)


main()
