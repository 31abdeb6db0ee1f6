"""A plain JSON client for the cases."""

import json
import threading
import time


class Reply:
    def __init__(self, status, headers, raw):
        self.status, self.raw = status, raw
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def json(self):
        try:
            return json.loads(self.raw)
        except ValueError:
            return None

    def __repr__(self):
        return f"{self.status} {self.raw[:200]!r}"


def parallel(count, call):
    """What `count` calls at once give."""
    out = [None] * count

    def run(index):
        try:
            out[index] = call(index)
        except Exception as error:
            out[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


def until(call, seconds=10, every=0.1):
    """What `call` gives as soon as it is true, or after some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = call()
        if value:
            return value
        time.sleep(every)
    return call()
