"""Prints what the C library's clock shows in every time zone of the system, at random moments: for formatters.test.ts.

    python zones.py SEED

A line for each zone: its name and [seconds since 1970, what strftime makes of FORMAT then], in JSON.
"""
import json
import os
import random
import sys
import time
import zoneinfo

FORMAT = '%Y-%m-%d %H:%M:%S %z %Z %j %u'

RULES = ['CET-1CEST,M3.5.0,M10.5.0/3', 'EST5EDT4:30,J1/0,J365/25', '<+0845>-8:45', 'NZST-12NZDT,M9.5.0/-26,M4.1.0/167']

generator = random.Random(int(sys.argv[1]))
for zone in sorted(zoneinfo.available_timezones()) + RULES:
    os.environ['TZ'] = zone
    time.tzset()
    moments = [generator.randrange(-3 * 10 ** 9, 5 * 10 ** 9) for _ in range(20)]
    print(json.dumps([zone, [[moment, time.strftime(FORMAT, time.localtime(moment))] for moment in moments]]))
