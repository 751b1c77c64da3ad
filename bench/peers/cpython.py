"""CPython's side of the benchmarks: does what each line of stdin asks, and answers with a line of JSON.

    {"do": "load", "payloads": [base64, ...]}   the records as dicts, and as lines by task, and this Python's version
    {"do": TASK}                                the processor's time for one pass of TASK over all payloads, in nanoseconds

Runs on Python 3.6 or newer. Knows nothing of picklewire.
"""
import base64
import json
import logging
import pickle
import sys
import time

from json_formatter import JsonFormatter


def decode(loads):
    def one_pass():
        for payload in payloads:
            loads(payload)
    return one_pass


def record():
    """What the cookbook's receiver does."""
    for payload in payloads:
        logging.makeLogRecord(pickle.loads(payload))


def format_with(formatter):
    def one_pass():
        for each in records:
            formatter.format(each)
    return one_pass


payloads = []
records = []
formatters = {
    'format/cookbook': logging.Formatter('%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s'),
    'format/percent': logging.Formatter('%(asctime)s [%(process)d] %(levelname)-8s %(name)s:%(lineno)d %(message)s'),
    'format/brace': logging.Formatter('{asctime} [{process:d}] {levelname:<8} {name}:{lineno:d} {message}', style='{'),
    'format/dollar': logging.Formatter('$asctime [$process] $levelname ${name}:$lineno $message', style='$'),
    'json': JsonFormatter(),
}
tasks = {'loads': decode(pickle.loads), '_loads': decode(pickle._loads), 'record': record}
tasks.update((name, format_with(formatter)) for name, formatter in formatters.items())

for line in sys.stdin:
    request = json.loads(line)
    if request['do'] == 'load':
        payloads[:] = map(base64.b64decode, request['payloads'])
        dicts = [pickle.loads(payload) for payload in payloads]
        records[:] = [logging.makeLogRecord(each) for each in dicts if isinstance(each, dict)]
        lines = {name: list(map(formatter.format, records)) for name, formatter in formatters.items()}
        answer = {'version': sys.version.split()[0], 'dicts': dicts, 'lines': lines}
    else:
        task = tasks[request['do']]
        start = time.process_time()
        task()
        answer = {'nanoseconds': (time.process_time() - start) * 1e9}
    print(json.dumps(answer), flush=True)
