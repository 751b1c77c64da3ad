"""Writes datetimes.json: the UTC offset and the instant of datetimes, times and dates, as CPython and its zoneinfo have them.

    python3.13 test/pickle/data/generate-datetimes.py

Each row is [zone, fields, fold, offset, instant]. The zone is a key, the [days, seconds, microseconds] of a timezone, or
null; the fields are those of a date (3), a time (4) or a datetime (7). The offset is in seconds, or null where there is
none; the instant in whole milliseconds since 1970, or null for a time. A naive datetime is taken for UTC.
"""

import json
import os
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# Zones and days on which their clocks change, by an hour or by something else.
CHANGES = {
    "Europe/Paris": [(2024, 3, 31), (2024, 10, 27)],
    "America/New_York": [(2024, 3, 10), (2024, 11, 3)],
    "America/St_Johns": [(2006, 4, 2), (2006, 10, 29)],
    "Australia/Lord_Howe": [(2024, 4, 7), (2024, 10, 6)],
    "Asia/Kathmandu": [(1986, 1, 1)],
    "Europe/Dublin": [(2024, 3, 31), (2024, 10, 27)],
    "Asia/Pyongyang": [(2015, 8, 15), (2018, 5, 5)],
}
FIXED = ["Etc/GMT+5", "Etc/GMT-14", "UTC", "UCT", "Universal", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich"]
OFFSETS = [
    timedelta(0),
    timedelta(hours=2),
    timedelta(hours=-5, minutes=-30),
    timedelta(hours=23, minutes=59, seconds=59),
    timedelta(hours=-23, minutes=-59),
    timedelta(seconds=1, milliseconds=500),
]
MOMENTS = [
    (1, 1, 2, 0, 0, 0, 0),
    (99, 12, 31, 23, 59, 59, 999999),
    (1969, 12, 31, 23, 59, 59, 999),
    (1970, 1, 1, 0, 0, 0, 0),
    (2024, 2, 29, 12, 34, 56, 789999),
    (9999, 12, 30, 23, 59, 59, 999999),
]


def values():
    for moment in MOMENTS:
        yield date(*moment[:3])
        yield datetime(*moment)
        for offset in OFFSETS:
            yield datetime(*moment, tzinfo=timezone(offset))
    for key, days in CHANGES.items():
        for day in days:
            start = datetime(*day)
            for minutes in range(-60, 5 * 60, 15):
                for fold in (0, 1):
                    wall = start + timedelta(minutes=minutes)
                    yield wall.replace(fold=fold, tzinfo=ZoneInfo(key))
        # Fields that are all there is of a reading, in summer and in winter.
        for month in (1, 7):
            yield datetime(2023, month, 15, 12, 34, 56, 789012, tzinfo=ZoneInfo(key))
    for key in ["Asia/Kolkata", *FIXED]:
        yield datetime(2024, 2, 29, 12, 34, 56, 789999, tzinfo=ZoneInfo(key))
    for tzinfo in [None, timezone(timedelta(hours=-3)), *map(ZoneInfo, [*FIXED, "Asia/Kolkata", "Europe/Paris"])]:
        yield time(12, 34, 56, 789, tzinfo=tzinfo)


def zone_of(value):
    tzinfo = getattr(value, "tzinfo", None)
    if isinstance(tzinfo, timezone):
        offset = tzinfo.utcoffset(None)
        return [offset.days, offset.seconds, offset.microseconds]
    return None if tzinfo is None else tzinfo.key


def fields_of(value):
    days = [] if isinstance(value, time) else [value.year, value.month, value.day]
    return days + ([] if type(value) is date else [value.hour, value.minute, value.second, value.microsecond])


def offset_of(value):
    offset = None if type(value) is date else value.utcoffset()
    return None if offset is None else offset.total_seconds()


def instant_of(value):
    if isinstance(value, time):
        return None
    if type(value) is date:
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.utc)
    # Not `value - EPOCH` in its own zone: that subtracts readings.
    return (value.astimezone(timezone.utc) - EPOCH) // timedelta(milliseconds=1)


def main():
    rows = [
        [zone_of(value), fields_of(value), getattr(value, "fold", 0), offset_of(value), instant_of(value)]
        for value in values()
    ]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "datetimes.json")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        table = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        out.write(f"[\n{table}\n]\n")


if __name__ == "__main__":
    main()
