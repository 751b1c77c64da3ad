"""What CPython's rotating handlers make of random records: the directories, and the times of rollovers.

`python rotation.py` writes rotation.jsonl and rollover.jsonl beside this script; the tests need no Python for them.
`python rotation.py directories|rollovers SEED COUNT` prints so many fresh cases, for the live comparison.
Run with Python 3.13; the seed is fixed, so that a second run changes nothing. One case a line.
"""
import datetime
import json
import logging
import logging.handlers
import os
import pathlib
import random
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
NAME = "app.log"
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Africa/Casablanca",
         "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "Asia/Tehran", "EST+05EDT,M3.2.0,M11.1.0"]
WHENS = ["S", "M", "H", "D", "midnight", "W0", "W1", "W2", "W3", "W4", "W5", "W6"]
FIRST, LAST = 946684800, 1735689600  # 2000 to 2025: what zones did then is settled

logging.raiseExceptions = False  # a refused record is no news here


def set_zone(zone):
    os.environ["TZ"] = zone
    time.tzset()


def emit(handler, text):
    handler.handle(logging.makeLogRecord({"msg": text, "levelname": "INFO"}))


def contents(folder):
    return {name: (folder / name).read_bytes().decode("latin-1") for name in sorted(os.listdir(folder))}


def namer_of(kind, folder):
    """Two ways of naming; the tests have the same."""
    if kind == "suffix":
        return lambda name: name + ".old"
    if kind == "infix":
        return lambda name: str(folder / ("old-" + os.path.basename(name).replace(".log", "") + ".log"))
    return None


# Directories

def random_text():
    length = random.choice([0, 1, 3, 10, 10, 20, 40, 130])
    letters = random.choice(["a", "a", "a", "\u00e9", "\u65e5", "\U0001f600", "a\u00e9\U0001f600", "a\udce9", "a\n"])
    return "".join(random.choice(letters) for _ in range(length))


def random_sized():
    """Runs of one RotatingFileHandler after the other, in one directory."""
    options = {
        "maxBytes": random.choice([0, 1, 2, 50, 100, 100, 200]),
        "backupCount": random.choice([0, 1, 2, 3, 5, 12]),
        "delay": random.random() < 0.3,
        "encoding": random.choice(["utf-8", "utf-8", "utf-8", "latin-1", "ascii", "utf-16", "utf-16-le", "utf-8-sig"]),
        "errors": random.choice(["backslashreplace", "backslashreplace", "replace", "ignore", "strict"]),
        "mode": random.choice(["a", "a", "w"]),
    }
    if options["errors"] == "strict" and options["encoding"] in ("utf-16", "utf-8-sig"):
        options["errors"] = "replace"  # a refused first record takes the signature with it
    # None stands for a call of doRollover.
    runs = [[None if random.random() < 0.03 else random_text() for _ in range(random.randrange(1, 25))]
            for _ in range(random.randrange(1, 3))]
    before = {}
    if random.random() < 0.4:
        for name in random.sample([NAME, NAME + ".1", NAME + ".2", NAME + ".3", NAME + ".9", "other"], 3):
            before[name] = "was " + name + "\n"
    return {"kind": "sized", "options": options, "namer": random.choice([None, None, "suffix", "infix"]),
            "before": before, "runs": runs}


def random_timed():
    """The same of a TimedRotatingFileHandler; each text has its time."""
    when = random.choice(WHENS)
    unit = {"S": 1, "M": 60, "H": 3600}.get(when, 86400 if when in ("D", "midnight") else 604800)
    options = {
        "when": when,
        "interval": random.choice([1, 1, 1, 2, 3]),
        "backupCount": random.choice([0, 0, 1, 2, 3]),
        "delay": random.random() < 0.5,
        "utc": random.random() < 0.3,
        "atTime": random_time_of_day() if random.random() < 0.4 else None,
    }
    clock = random.randrange(FIRST, LAST - 500 * 86400) + random.choice([0.0, 0.25, 0.999])
    before = {NAME: "was there\n"} if random.random() < 0.5 else {}
    began = int(clock) - random.choice([0, 1, unit // 2, unit, 3 * unit])
    runs = []
    for _ in range(random.randrange(1, 3)):
        records = []
        for _ in range(random.randrange(1, 15)):
            clock += random.choice([0, 0.5, unit / 10, unit / 2, unit, unit * 1.5, unit * 4])
            records.append([clock, None if random.random() < 0.03 else "at %s" % clock])
        runs.append(records)
    return {"kind": "timed", "zone": random.choice(ZONES), "options": options,
            "namer": random.choice([None, None, "suffix", "infix"]), "before": before, "began": began, "runs": runs}


def run(case):
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        base = folder / NAME
        for name, text in case["before"].items():
            (folder / name).write_text(text)
        run_timed(case, folder, base) if case["kind"] == "timed" else run_sized(case, folder, base)
        return contents(folder)


def run_sized(case, folder, base):
    for texts in case["runs"]:
        handler = logging.handlers.RotatingFileHandler(base, **case["options"])
        handler.namer = namer_of(case["namer"], folder)
        for text in texts:
            if text is None:
                handler.doRollover()
            else:
                emit(handler, text)
        handler.close()


def run_timed(case, folder, base):
    set_zone(case["zone"])
    real_time, clock = time.time, case["began"]
    time.time = lambda: clock
    try:
        for records in case["runs"]:
            if base.exists():
                os.utime(base, (clock, clock))
            options = dict(case["options"])
            if options["atTime"] is not None:
                options["atTime"] = datetime.time(*options["atTime"])
            # A new file has the system's time, which is not this clock's.
            options["delay"] = options["delay"] or not base.exists()
            handler = logging.handlers.TimedRotatingFileHandler(base, encoding="utf-8", **options)
            handler.namer = namer_of(case["namer"], folder)
            for clock, text in records:
                if text is None:
                    handler.doRollover()
                else:
                    emit(handler, text)
            handler.close()
    finally:
        time.time = real_time


def directories(count):
    for index in range(count):
        case = random_sized() if index % 2 else random_timed()
        yield {**case, "after": run(case)}


# Rollovers

def random_time_of_day():
    return [random.randrange(24), random.choice([0, 0, 30, random.randrange(60)]), random.choice([0, random.randrange(60)])]


def transitions(zone):
    """When a zone's clocks change: [from, seconds east of UTC, whether it is daylight saving time]."""
    set_zone(zone)

    def state(moment):
        local = time.localtime(moment)
        return [local.tm_gmtoff, local.tm_isdst]

    # Rollovers are up to seven weeks of seven later.
    start, end, step = FIRST - 86400 * 400, LAST + 86400 * 400, 86400 * 7
    found = [[start, *state(start)]]
    for moment in range(start, end, step):
        low, high = moment, moment + step
        if state(low) == state(high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if state(middle) == state(low) else (low, middle)
        found.append([high, *state(high)])
    return found


def rollovers(count, table):
    """[zone, when, interval, atTime, utc, time, rollover]; half of the times are near a change of the clocks."""
    handlers = {}
    with tempfile.TemporaryDirectory() as directory:
        for index in range(count):
            zone = ZONES[index * len(ZONES) // count]
            set_zone(zone)
            when, interval = random.choice(WHENS[3:] if random.random() < 0.9 else WHENS), random.choice([1, 1, 1, 2, 3, 7])
            at_time = random_time_of_day() if random.random() < 0.6 else None
            utc = random.random() < 0.1
            if random.random() < 0.5:
                moment = random.choice(table[zone])[0] + random.randrange(-8 * 86400, 8 * 86400)
            else:
                moment = random.randrange(FIRST, LAST)
            moment = min(max(moment, FIRST), LAST)
            key = (when, interval, tuple(at_time or ()), utc)
            if key not in handlers:
                handlers[key] = logging.handlers.TimedRotatingFileHandler(
                    os.path.join(directory, NAME), when, interval, delay=True, utc=utc,
                    atTime=None if at_time is None else datetime.time(*at_time))
            yield [zone, when, interval, at_time, utc, moment, handlers[key].computeRollover(moment)]


def dump(file, value):
    print(json.dumps(value, separators=(",", ":")), file=file)


def main(what=None, seed=20261122, count=None):
    random.seed(int(seed))
    table = {zone: transitions(zone) for zone in ZONES}
    if what == "directories":
        for case in directories(int(count)):
            dump(sys.stdout, case)
    elif what == "rollovers":
        for case in rollovers(int(count), table):
            dump(sys.stdout, case)
    else:
        with open(HERE / "rotation.jsonl", "w", encoding="ascii", newline="\n") as file:
            for case in directories(150):
                dump(file, case)
        with open(HERE / "rollover.jsonl", "w", encoding="ascii", newline="\n") as file:
            dump(file, table)
            for case in rollovers(4000, table):
                dump(file, case)


main(*sys.argv[1:])
