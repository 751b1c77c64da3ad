"""JSON lines as Python programs usually write them. Runs on Python 3.6 or newer."""
import json
import logging

ATTRIBUTES = ['created', 'levelname', 'levelno', 'name', 'message', 'pathname', 'filename', 'module', 'lineno', 'funcName',
              'relativeCreated', 'process', 'processName', 'thread', 'threadName', 'taskName', 'exc_text', 'stack_info']
EXTRAS_ARE_NOT = {*ATTRIBUTES, 'msg', 'args', 'exc_info', 'msecs', 'asctime'}


class JsonFormatter(logging.Formatter):
    """The usual way to write JSON, with the fields of picklewire's profile `python`."""

    def format(self, record):
        record.message = record.getMessage()
        attributes = record.__dict__
        fields = {name: attributes[name] for name in ATTRIBUTES if attributes.get(name) is not None}
        for name, value in attributes.items():
            if name not in EXTRAS_ARE_NOT:
                fields[name] = value
        return json.dumps(fields, ensure_ascii=False, separators=(',', ':'))
