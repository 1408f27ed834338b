"""A program under attack: started, watched and ended, and held to what nothing may make it do."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

# Left behind by a program that broke, whatever its status.
TRACES = re.compile(r"Sanitizer:|runtime error: |terminate called|Assertion .* failed|double free|stack smashing")
MOST_SHOWN = 600  # characters of what a program said
MARK = "STARTLE_ATTACK"


class Fault(Exception):
    """What the program did and should not; a sentence."""


class Counts:
    """What was done to all programs so far; added to by many threads."""

    KINDS = ("rounds", "connections", "requests", "events", "lost", "runs", "signals", "kills", "resumed", "limits")

    def __init__(self):
        self.lock, self.of, self.memory = threading.Lock(), dict.fromkeys(self.KINDS, 0), 0

    def add(self, kind, count=1):
        with self.lock:
            self.of[kind] += count

    def text(self):
        return ", ".join(f"{self.of[kind]} {kind}" for kind in self.KINDS) + f"; at most {self.memory} MiB"


def processes_of(mark):
    """Those that run and were started, by whomever, by a program of this round."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
            if not zombie and f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue  # gone, or another user's
    return found


class Place:
    """Where one round is played: folders of its own, and what stands in them afterwards."""

    REPORTS = ("report.json", "report.jsonl")  # in `work`, where a program is asked for one

    def __init__(self, options, counts, number):
        self.options, self.counts = options, counts
        self.mark = f"{os.getpid()}.{number}"
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="startle-attack."))
        self.temporary, self.work = self.root / "tmp", self.root / "work"
        for folder in (self.temporary, self.work):
            folder.mkdir()
        self.running = []

    def environment(self):
        env = {name: value for name, value in os.environ.items() if not name.startswith(("GTEST_", "STARTLE_SHARD"))}
        return {**env, "TMPDIR": str(self.temporary), "HOME": str(self.root), "XDG_CACHE_HOME": str(self.options.cache),
                "STARTLE_CATALOGUE": str(self.options.tree), MARK: self.mark}

    def start(self, arguments, **how):
        program = Program(self, arguments, **how)
        self.running.append(program)
        return program

    def check(self, files_may_stay=False):
        """Nothing of the round is left."""
        until = time.monotonic() + min(5, self.options.patience)  # for what is about to end
        while (left := processes_of(self.mark)) and time.monotonic() < until:
            time.sleep(0.05)
        if left:
            raise Fault(f"{len(left)} of its processes still run")
        files = sorted(path.name for path in self.temporary.rglob("*"))
        files += sorted(path.name for path in self.work.iterdir() if path.name not in self.REPORTS)
        if files and not files_may_stay:
            raise Fault(f"it has left files behind: {', '.join(files[:5])}")

    def close(self):
        for program in self.running:
            program.kill()
        for process in processes_of(self.mark):
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:
                pass
        shutil.rmtree(self.root, ignore_errors=True)


class Program:
    """`before`: what runs it ("prlimit ..", a shell). `takes`: it reads lines from stdin. `output`: a file that
    stdout goes to, else its lines are read, unless and until hold() and release() say otherwise."""

    def __init__(self, place, arguments, before=(), takes=False, output=None):
        self.place, self.counts = place, place.counts
        self.errors_path = place.root / f"errors.{len(place.running)}"
        self.lines, self.more, self.reading = [], threading.Condition(), threading.Event()
        self.reading.set()
        self.status, self.secrets = None, []
        self.command = [*before, str(place.options.program), *arguments]
        with open(self.errors_path, "wb") as errors:
            self.process = subprocess.Popen(
                self.command, cwd=place.work, env=place.environment(), start_new_session=True, stderr=errors,
                stdin=subprocess.PIPE if takes else subprocess.DEVNULL, stdout=output or subprocess.PIPE)
        self.reader = None
        if output is None:
            self.reader = threading.Thread(target=self._read, daemon=True)
            self.reader.start()

    # ---- what it says --------------------------------------------------------------------------

    def _read(self):
        with self.process.stdout as stdout:
            while True:
                self.reading.wait()
                try:
                    line = stdout.readline()
                except ValueError:  # closed
                    line = b""
                with self.more:
                    self.lines.append(line)
                    self.more.notify_all()
                if not line:
                    return

    def hold(self):
        self.reading.clear()

    def release(self):
        self.reading.set()

    def wait_for_line(self, what, found, after=0):
        """The first line from `after` on that `found`, as JSON; None: it has ended without."""
        until = time.monotonic() + self.place.options.patience
        with self.more:
            while True:
                for line in self.lines[after:]:
                    event = self._json(line) if line else None
                    if event is not None and found(event):
                        return event
                if self.lines and not self.lines[-1]:
                    return None
                if not self.more.wait(max(0.0, until - time.monotonic())) and time.monotonic() >= until:
                    raise Fault(f"hangs: {what} did not come in {self.place.options.patience:g} s")

    def _json(self, line):
        try:
            event = json.loads(line)
        except ValueError as error:
            raise Fault(f"its stdout has a line that is no JSON ({error}): {line[:200]!r}") from None
        return event

    def events(self):
        return [self._json(line) for line in self.lines if line]

    def errors(self):
        return self.errors_path.read_text(errors="replace")

    def ask(self, line):
        """False: it takes no more requests."""
        try:
            self.process.stdin.write(line + b"\n")
            self.process.stdin.flush()
            return True
        except (BrokenPipeError, ValueError):
            return False

    def end_input(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    # ---- its end -------------------------------------------------------------------------------

    def runs(self):
        return self.status is None and not self._reap()

    def _reap(self):
        pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if pid == 0:
            return False
        self.status = self.process.returncode = os.waitstatus_to_exitcode(status)
        mebibytes = used.ru_maxrss // 1024
        with self.counts.lock:
            self.counts.memory = max(self.counts.memory, mebibytes)
        self.mebibytes = mebibytes
        return True

    def signal(self, number):
        if self.runs():
            os.kill(self.process.pid, number)
            self.counts.add("kills" if number == signal.SIGKILL else "signals")

    def kill(self):
        self.release()
        if self.status is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except OSError:
                pass
            while not self._reap():
                time.sleep(0.01)
        if self.process.stdin:
            self.end_input()

    def end(self, allowed, signals=(), patience=None):
        """Waits for its end, which has to be one of these, and judges it."""
        patience = patience or self.place.options.patience
        until = time.monotonic() + patience
        while self.runs():
            if time.monotonic() > until:
                self.kill()
                raise Fault(f"hangs: it did not end in {patience:g} s")
            time.sleep(0.01)
        if self.reader:
            self.release()
            self.reader.join(self.place.options.patience)
        said = self.errors()
        if TRACES.search(said):
            raise Fault("it broke")
        if self.status < 0 and -self.status not in signals:
            raise Fault(f"it was ended by {signal.Signals(-self.status).name}")
        if self.status >= 0 and self.status not in allowed:
            raise Fault(f"it ended with {self.status}, not with one of {sorted(allowed)}")
        if self.mebibytes > self.place.options.memory:
            raise Fault(f"it took {self.mebibytes} MiB, more than {self.place.options.memory}")
        self.check_secrets(said)
        return self.status

    def check_secrets(self, said):
        """A server is told its clients' password once, by its `ready` event."""
        lines = [line for line in self.lines if b'"event":"ready"' not in line]
        for secret in self.secrets:
            if secret in said or any(secret.encode() in line for line in lines):
                raise Fault("a secret stands in its output")

    def has_said_why(self):
        """Of a program that could not go on: there is a sentence of its own."""
        if not re.search(r"^startle: .{10,}", self.errors(), re.MULTILINE):
            raise Fault(f"it ended with {self.status} and no word of why")

    def told(self):
        """For whoever looks into a fault."""
        def part(text):
            text = text.strip()
            return text if len(text) <= MOST_SHOWN else ".. " + text[-MOST_SHOWN:]
        return (f"  it was run as: {' '.join(self.command)}\n  stderr: {part(self.errors()) or 'nothing'}\n"
                f"  the end of stdout: {part(b''.join(self.lines[-3:]).decode(errors='replace')) or 'nothing'}")
