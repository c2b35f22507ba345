"""Runs a command, then says in a line of JSON how it ended and what it cost.

Small on purpose: what a process held when it started another counts towards the peak of that other one.
"""

import json
import os
import subprocess
import sys
import time

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes


def main(*command: str) -> None:
    """Say the exit status, CPU seconds of the whole tree, peak bytes of its largest process, seconds by the clock."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * PEAK_UNIT
    print(f"\n{json.dumps([os.waitstatus_to_exitcode(status), cpu, peak, time.perf_counter() - begin])}")


if __name__ == "__main__":
    main(*sys.argv[1:])
