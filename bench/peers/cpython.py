"""CPython's side of the benchmarks: does what each line of stdin asks, and answers with a line of JSON.

    {"do": "load", "payloads": [base64, ...]}   the records as JSON, and this Python's version
    {"do": TASK}                                the time of one pass of TASK over all payloads, in nanoseconds

Runs on Python 3.6 or newer. Knows nothing of picklewire.
"""
import base64
import json
import logging
import pickle
import sys
import time

FORMAT = '%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s'


def decode(loads):
    def one_pass():
        for payload in payloads:
            loads(payload)
    return one_pass


def record():
    """What the cookbook's receiver does."""
    for payload in payloads:
        logging.makeLogRecord(pickle.loads(payload))


def format_all():
    formatter = logging.Formatter(FORMAT)
    for each in records:
        formatter.format(each)


payloads = []
records = []
tasks = {'loads': decode(pickle.loads), '_loads': decode(pickle._loads), 'record': record, 'format': format_all}

for line in sys.stdin:
    request = json.loads(line)
    if request['do'] == 'load':
        payloads[:] = map(base64.b64decode, request['payloads'])
        dicts = [pickle.loads(payload) for payload in payloads]
        records[:] = map(logging.makeLogRecord, dicts)
        lines = list(map(logging.Formatter(FORMAT).format, records))
        answer = {'version': sys.version.split()[0], 'dicts': dicts, 'lines': lines}
    else:
        task = tasks[request['do']]
        start = time.perf_counter()
        task()
        answer = {'nanoseconds': (time.perf_counter() - start) * 1e9}
    print(json.dumps(answer), flush=True)
