"""Writes encodings.jsonl beside this script: the bytes, or the refusal, that Python 3.13 has for texts in the encodings
and error handlers of FileHandler. One case a line: [encoding, errors, text, hexadecimal bytes or null].
"""
import json
import pathlib

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "ascii"]
ERRORS = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "surrogateescape"]
TEXTS = ["", "plain\n", "caf\u00e9 \u00ff\u0100", "\u65e5\u672c", "\U0001f600!", "\ud83d", "\ude00", "\udce9",
         "\udc80\udcff", "a\udc7fb\udd00c", "\x7f\x80\x9f", "\u00e9\udce9\U0010ffff\ud800z", "\ufeffbom"]

with open(pathlib.Path(__file__).with_name("encodings.jsonl"), "w", encoding="ascii", newline="\n") as file:
    for encoding in ENCODINGS:
        for errors in ERRORS:
            for text in TEXTS:
                try:
                    data = text.encode(encoding, errors).hex()
                except UnicodeEncodeError:
                    data = None
                print(json.dumps([encoding, errors, text, data]), file=file)
