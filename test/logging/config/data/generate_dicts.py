"""Writes dicts.jsonl: what Python's dictConfig makes of random documents, one after another.

    python3.13 test/logging/config/data/generate_dicts.py

Run with Python 3.13; the seed is fixed. A case is a list of documents, each applied on top of the ones before, and what
there is after each: loggers and their handlers, or null for an error (and then the case ends).
"""

import copy
import json
import logging
import logging.config
import logging.handlers
import os
import pathlib
import random
import tempfile

HERE = pathlib.Path(__file__).parent
SEED = 20250930
LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NOTSET", 15, 0]
NAMES = ["a", "a.b", "a.b.c", "ab", "z.y"]


def formatter(rng):
    return rng.choice([
        {"format": "%(message)s"},
        {"format": "{levelname}:{message}", "style": "{"},
        {"format": "$name $message", "style": "$", "datefmt": "%H:%M"},
        {"format": "%(nope)s %(message)s", "defaults": {"nope": "d"}},
        {"format": "nothing", "validate": False},
        {"class": "logging.Formatter", "format": "cfg://texts.long"},
        {"()": "logging.Formatter", "fmt": "%(name)s"},
        {},
    ] + [{"format": "nothing"}, {"format": "x", "style": "?"}, {"format": "cfg://nowhere"}] * (rng.random() < 0.05))


def handler(rng, names, formatters, filters):
    kind = rng.choice(["stream", "file", "rotating", "memory", "null", "stream", "queue"])
    spec = {
        "stream": {"class": "logging.StreamHandler", "stream": rng.choice(["ext://sys.stdout", "ext://sys.stderr"])},
        "file": {"class": "logging.FileHandler", "filename": "f.log", "delay": rng.choice([True, False])},
        "rotating": {"class": "logging.handlers.RotatingFileHandler", "filename": "r.log", "maxBytes": 100,
                     "backupCount": "cfg://numbers[1]"},
        "memory": {"class": "logging.handlers.MemoryHandler", "capacity": 5, "flushLevel": rng.choice(LEVELS[:5])},
        "null": {"class": "logging.NullHandler"},
        "queue": {"class": "logging.handlers.QueueHandler", "respect_handler_level": True},
    }[kind]
    if kind == "memory" and rng.random() < 0.8:
        spec["target"] = rng.choice(names)
    if kind == "queue":
        spec["handlers"] = rng.sample(names, rng.randrange(min(2, len(names)) + 1))
    if rng.random() < 0.5:
        spec["level"] = rng.choice(LEVELS)
    if formatters and rng.random() < 0.6:
        spec["formatter"] = rng.choice(formatters)
    if filters and rng.random() < 0.4:
        spec["filters"] = [rng.choice(filters)]
    if rng.random() < 0.03:
        spec.update(rng.choice([{"nonsense": 1}, {"level": "LOUD"}, {"formatter": "missing"}, {"filters": ["missing"]},
                                {"class": "os.nothing_here"}, {"target": "missing"}]))
    return spec


def logger(rng, handlers, filters):
    spec = {}
    if rng.random() < 0.7:
        spec["level"] = rng.choice(LEVELS)
    if handlers and rng.random() < 0.7:
        spec["handlers"] = rng.sample(handlers, rng.randrange(1, len(handlers) + 1))
    if filters and rng.random() < 0.3:
        spec["filters"] = rng.sample(filters, 1)
    if rng.random() < 0.4:
        spec["propagate"] = rng.choice([True, False])
    if rng.random() < 0.02:
        spec.update(rng.choice([{"level": "LOUD"}, {"handlers": ["missing"]}, {"filters": ["missing"]}]))
    return spec


def incremental(rng, names):
    document = {"version": 1, "incremental": True}
    if names and rng.random() < 0.7:
        document["handlers"] = {rng.choice(names): rng.choice([{"level": rng.choice(LEVELS)}, {}])}
    document["loggers"] = {rng.choice(NAMES): logger(rng, [], [])}
    if rng.random() < 0.5:
        document["root"] = {"level": rng.choice(LEVELS)}
    return document


def document(rng, step):
    formatters = ["f%d" % i for i in range(rng.randrange(3))]
    filters = ["g%d" % i for i in range(rng.randrange(3))]
    handlers = ["h%d%d" % (step, i) for i in range(rng.randrange(4))]
    result = {"version": 1, "texts": {"long": "%(levelname)s %(message)s"}, "numbers": [1, 3]}
    if rng.random() < 0.5:
        result["disable_existing_loggers"] = rng.choice([True, False])
    result["formatters"] = {name: formatter(rng) for name in formatters}
    result["filters"] = {name: rng.choice([{"name": "a"}, {}, {"()": "logging.Filter", "name": "a.b"}]) for name in filters}
    result["handlers"] = {name: handler(rng, handlers, formatters, filters) for name in handlers}
    result["loggers"] = {name: logger(rng, handlers, filters) for name in rng.sample(NAMES, rng.randrange(4))}
    if rng.random() < 0.7:
        result["root"] = logger(rng, handlers, filters)
    if rng.random() < 0.02:
        result.update(rng.choice([{"version": 2}, {"root": {"level": 1.5}}]))
    return result


def describe_handler(handler, current):
    return {
        "class": type(handler).__name__,
        "level": handler.level,
        "formatter": handler.formatter is not None,
        "text": handler.formatter and text_of(handler.formatter),
        "filters": [f.name for f in handler.filters],
        "name": handler.name,
        "targets": targets(handler) if handler.name in current else None,
    }


def text_of(formatter):
    record = logging.makeLogRecord({"name": "n", "levelname": "INFO", "msg": "m"})
    try:
        return formatter.format(record)
    except ValueError:
        return None


def targets(handler):
    if isinstance(handler, logging.handlers.MemoryHandler):
        return [handler.target.name] if handler.target else []
    if isinstance(handler, logging.handlers.QueueHandler):
        return [target.name for target in handler.listener.handlers]
    return []


def describe(current):
    # Handlers of an earlier document that are still in use are closed by Python, and keep their targets here.
    root = logging.getLogger()
    loggers = [("root", root)] + sorted(
        (name, logger) for name, logger in root.manager.loggerDict.items() if isinstance(logger, logging.Logger))
    return {
        name: {
            "level": logger.level,
            "propagate": bool(logger.propagate),
            "disabled": bool(logger.disabled),
            "filters": [f.name for f in logger.filters],
            "handlers": [describe_handler(handler, current) for handler in logger.handlers],
        }
        for name, logger in loggers
    }


def run(rng):
    logging.root = logging.Logger.root = logging.RootLogger(logging.WARNING)
    logging.Logger.manager = logging.root.manager = logging.Manager(logging.root)
    for name in rng.sample(NAMES, rng.randrange(3)):
        logging.getLogger(name)
    start = sorted(logging.root.manager.loggerDict)
    start = [name for name in start if isinstance(logging.root.manager.loggerDict[name], logging.Logger)]
    steps = []
    last = []
    for step in range(rng.randrange(1, 4)):
        config = incremental(rng, last) if step and rng.random() < 0.3 else document(rng, step)
        try:
            logging.config.dictConfig(copy.deepcopy(config))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            steps.append([config, None])
            break
        if not config.get("incremental"):
            current = list(config["handlers"])
            # Handlers that no logger has are gone in Python as soon as the garbage collector finds them.
            used = list(config["loggers"].values()) + [config.get("root", {})]
            last = sorted({name for section in used for name in section.get("handlers", [])})
        steps.append([config, describe(current)])
    return [start, steps]


def main():
    rng = random.Random(SEED)
    os.chdir(tempfile.mkdtemp())
    with open(HERE / "dicts.jsonl", "w") as file:
        for _ in range(500):
            file.write(json.dumps(run(rng), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
