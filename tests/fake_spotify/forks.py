"""Real processes that start in no time: one interpreter imports segue once and forks a child for each job."""

import json
import os
import signal
import subprocess
import sys
import time

_LOOP = """
import json, os, sys, traceback


def say(text):
    os.write(1, (text + chr(10)).encode())


for line in sys.stdin:
    jobs = json.loads(line)
    for job in jobs:
        child = os.fork()
        if child == 0:
            code = 0
            try:
                work(job)
            except SystemExit as error:
                code = error.code if isinstance(error.code, int) else bool(error.code)
            except BaseException:
                say(traceback.format_exc())
                code = 1
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        say(f"@started {child}")
    code = 0
    for job in jobs:
        code = os.waitstatus_to_exitcode(os.wait()[1]) or code
    say(f"@ended {code}")
"""


class Forks:
    """Starts children and waits for them.

    Parameters
    ----------
    program
        Python that defines `work(job)`, what a child does; `say(text)` prints a line at once.

    """

    def __init__(self, program: str) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", program + _LOOP],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._child = 0

    def run(self, *jobs: object) -> tuple[int, list[str]]:
        """Run children, all at once, to their ends; return the exit code and what they said."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._child = 0
        self._parent.stdin.write(json.dumps(jobs) + "\n")
        self._parent.stdin.flush()
        said: list[str] = []
        for line in self._parent.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "@ended":
                return int(rest), said
            if word == "@started":
                self._child = int(rest)
            else:
                said.append(line.rstrip("\n"))
        raise AssertionError(said)

    def kill(self) -> None:
        """Kill the child that runs now; called from another thread than `run`."""
        self._send(signal.SIGKILL)

    def interrupt(self) -> None:
        """Press Ctrl+C in the child that runs now; called from another thread than `run`."""
        self._send(signal.SIGINT)

    def _send(self, number: signal.Signals) -> None:
        while self._child == 0:
            time.sleep(0.001)
        os.kill(self._child, number)

    def close(self) -> None:
        """End the interpreter."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.close()
        self._parent.wait()
        self._parent.stdout.close()
