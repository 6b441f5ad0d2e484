"""A stand-in for the Celery worker: no port, no requests, a line for every beat. It needs no package and no broker."""

import json
import os
import signal
import sys
import time


def say(message: str, **fields: object) -> None:
    print(json.dumps({"severity": "INFO", "message": message, **fields}), flush=True)


def work(seconds: float) -> None:
    beat = 0
    say("worker ready", version=os.environ.get("IMAGE_TAG", "unknown"), revision=os.environ.get("K_REVISION", "local"))
    try:
        while True:
            beat += 1
            say("heartbeat", beat=beat)
            time.sleep(seconds)
    finally:
        say("worker stopped", beats=beat)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
work(float(os.environ.get("HEARTBEAT_SECONDS", "10")))
