"""The kinds of rounds of ci/attack: what is started, what is done to it, and how it has to end. Each returns
whether files may stay behind: those of who was killed."""

import json
import os
import signal
import subprocess
import threading
import time

from attack_clients import Server, answers, harm_many, listening_ports
from attack_program import Fault

PROTOCOLS = {"smtp": ("smtp-starttls", "smtps"), "ldap": ("ldap-starttls", "ldaps")}
CERTIFICATES = ("valid", "expired", "mismatched", "unknown-ca", "self-signed")
CASES = ("smtp/starttls/refused-454", "smtp/greeting/code-554", "ldap/starttls", "smtp/close/greeting")
# Of `run`: what a busy machine does within a round.
GLOBS = {"memory": ("smtp/starttls", "smtp/auth", "ldap/bind", "smtp/greeting", "ldap/search", "smtp/sasl", "ldap/tls"),
         "tcp": ("smtp/auth", "ldap/search", "smtp/close", "ldap/bind")}
ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
ENDED = {128 + number for number in ENDS}
OTHER_USER = 61234  # whose processes are counted: root's are not


# ---- what this machine and this program can do ----------------------------------------------------

def _works(options, command):
    try:
        done = subprocess.run([*command, str(options.program), "--version"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=options.patience, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _with_small_disk(folder, kibibytes):
    script = f'mount -t tmpfs -o size={kibibytes}k,mode=1777 none "$0" && exec "$@"'
    return ["unshare", "-m", "sh", "-c", script, str(folder)]


def _as_other(number):
    user = str(OTHER_USER)
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "prlimit", f"--nproc={number}"]


def can_mount(options):
    return _works(options, _with_small_disk(options.cache, 64))


def can_limit_processes(options):
    return os.geteuid() == 0 and _works(options, _as_other(64))


def knows_resume(options):
    try:
        done = subprocess.run([str(options.program), "run", "--help"], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=options.patience, check=False)
    except subprocess.TimeoutExpired:
        return False
    return b"--resume" in done.stdout


# ---- servers -------------------------------------------------------------------------------------

def _count_events(place, events):
    for event in events:
        if event.get("event") == "lost":
            place.counts.add("lost", event["count"])
    place.counts.add("events", len(events))


def _served(program, after=0):
    ready = program.wait_for_line("a ready event", lambda event: event.get("event") == "ready", after)
    if ready is None:
        program.end({0, 1, 2, 3})
        raise Fault("it is not ready")
    server = Server(ready)
    program.secrets += server.secrets()
    return server


def _started(random):
    protocol = random.choice(list(PROTOCOLS))
    start = {"protocol": protocol, "mode": random.choice(PROTOCOLS[protocol]), "certificate": random.choice(CERTIFICATES)}
    if random.random() < 0.3:
        start["replies"] = {"bind": 49} if protocol == "ldap" else {"mail": "553 5.7.1 no"}
    return start


def _expect_answer(place, server, when):
    """The harm that others did is not that of a client that means well."""
    try:
        answered = answers(server, place.options.patience)
    except OSError as error:
        raise Fault(f"a sound client is not answered {when}: {error}") from None
    if not answered:
        raise Fault(f"a sound client is not answered {when}")


def _end_by_signal(program, random):
    program.signal(random.choice(ENDS))
    program.end({0})


def _threads(random):
    return ["--threads", random.choice(["1", "3"])]


def serve(place, random):
    """hostile clients at one server, then a signal"""
    start = _started(random)
    program = place.start(["serve", start["protocol"], "--mode", start["mode"], "--certificate", start["certificate"],
                           *_threads(random)])
    server = _served(program)
    harm_many([server], random, random.randrange(20, 120), place.counts, place.options.patience)
    _expect_answer(place, server, "any more")
    _end_by_signal(program, random)
    _count_events(place, program.events())


def signals(place, random):
    """a signal at any moment, in the midst of hostile clients"""
    program = place.start(["serve", random.choice(["smtp", "ldap"]), *_threads(random)])
    server = _served(program)
    crew = threading.Thread(target=harm_many, args=([server], random, 40, place.counts, 1.0), daemon=True)
    crew.start()
    time.sleep(random.uniform(0, 0.5))
    try:
        _end_by_signal(program, type(random)(random.random()))
    finally:
        crew.join()
    _count_events(place, program.events())


def silent_reader(place, random):
    """nobody reads the events for a while"""
    program = place.start(["serve", "--control"], takes=True)
    program.ask(json.dumps({"start": {"protocol": "smtp"}}).encode())
    server = _served(program)
    program.hold()
    harm_many([server], random, random.randrange(100, 300), place.counts, place.options.patience, threads=16)
    _expect_answer(place, server, "while nobody reads the events")
    program.release()
    program.end_input()
    program.end({0})
    _count_events(place, program.events())


def gone_reader(place, random):
    """the reader of the events goes"""
    arguments = random.choice([["serve", "smtp"], ["serve", "ldap", "--once"]])
    reading, writing = os.pipe()
    program = place.start(arguments, output=writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as events:
        ready = events.readline()
    if ready and not ready.startswith(b'{"event":"ready"'):
        raise Fault(f"its stdout begins with {ready[:100]!r}")
    program.end({3})
    program.has_said_why()


def once(place, random):
    """hostile clients at `--once`"""
    program = place.start(["serve", random.choice(["smtp", "ldap", CASES[0]]), "--once"])
    server = _served(program)
    for _ in range(20):
        if not program.runs():
            break
        harm_many([server], random, 5, place.counts, 1.0)
    program.signal(signal.SIGTERM)
    program.end({0, 1, 3})
    if len(program.events()) > 2:
        raise Fault("`--once` tells of more than one connection")


# ---- requests ------------------------------------------------------------------------------------

def _request(random, started):
    """One line, and whether it is a start or stop that a server answers to."""
    depth = random.choice([10, 100, 20000])
    shapes = [
        lambda: json.dumps({"start": _started(random)}).encode(),
        lambda: json.dumps({"start": {"case": random.choice(CASES)}}).encode(),
        lambda: json.dumps({"stop": random.choice(started)}).encode(),
        lambda: json.dumps({"stop": random.choice([0, -1, 10**30, None, "1", [1], 1.5, {"a": 1}])}).encode(),
        lambda: random.randbytes(random.randrange(1, 300)).replace(b"\n", b""),
        lambda: b'{"start": ' * depth,
        lambda: b'{"stop": ' + b"[" * depth + b"]" * depth + b"}",
        lambda: b'{"start": {"protocol": "smtp", "protocol": "ldap"}}',
        lambda: b'{"start": {"protocol": "smtp", "name": "a.test\\u0000b"}}',
        lambda: b'{"stop": 1}\0{"stop": 2}',
        lambda: json.dumps({"start": {"protocol": "smtp", "name": "x" * random.choice([1, 300, 100000])}}).encode(),
        lambda: b"x" * random.choice([70000, 1500000]),
        lambda: json.dumps({"start": {"protocol": "smtp", "replies": {"mail": "x" * 100000}}}).encode(),
        lambda: json.dumps({"start": {**_started(random), random.choice(["", "x", "mode", "\x1b[2J"]): "\x00\x1b"}}).encode(),
    ]
    return random.choices(shapes, weights=[6, 3, 4] + [1] * (len(shapes) - 3))[0]() or b"{}"


def control(place, random):
    """requests of all kinds, and hostile clients at the servers they start"""
    program = place.start(["serve", "--control", *_threads(random)], takes=True)
    asked, servers = 0, []
    for _ in range(random.randrange(2, 6)):
        seen = len(program.lines)
        program.ask(json.dumps({"start": _started(random)}).encode())
        asked += 1
        servers.append(_served(program, seen))
    crew = threading.Thread(target=harm_many, args=(servers, type(random)(random.random()), 60, place.counts, 1.0), daemon=True)
    crew.start()
    try:
        for _ in range(random.randrange(10, 80)):
            request = _request(random, list(range(1, 30)))
            if not program.ask(request):
                raise Fault("it takes no more requests")
            asked += bool(request.strip(b" \t\r"))
    finally:
        crew.join()
    place.counts.add("requests", asked)
    if random.random() < 0.5:
        program.end_input()
    else:
        def said(event):
            return event.get("event") == "error" and "last one" in event["message"]
        program.ask(b'{"start": {"protocol": "the last one"}}')
        asked += 1
        program.wait_for_line("the answer to the last request", said)
        program.signal(random.choice(ENDS))
    program.end({0})
    events = program.events()
    for event in events:
        if event["event"] == "ready":
            program.secrets += Server(event).secrets()
    program.check_secrets(program.errors())
    answers_seen = sum(event["event"] in ("ready", "error", "stopped") for event in events)
    if answers_seen != asked:
        raise Fault(f"of {asked} requests {answers_seen} were answered")
    if any(len(event.get("message", "")) > 2000 for event in events):
        raise Fault("a complaint is longer than a line")
    _count_events(place, events)


def device(place, random):
    """requests from a device, and a signal"""
    source = random.choice(["/dev/null", "/dev/zero", "/dev/urandom", "/"])
    script = f'exec "$@" <{source}'
    program = place.start(["serve", "--control"], before=["sh", "-c", script, "sh"])
    if source == "/dev/urandom":
        program.wait_for_line("a complaint", lambda event: event.get("event") == "error")
        program.signal(random.choice(ENDS))
    program.end({0, 2})


# ---- runs ----------------------------------------------------------------------------------------

def _run(random):
    transport = random.choice(list(GLOBS))
    globs = random.sample(GLOBS[transport], random.randrange(1, 4))
    return ["run", *globs, "--jobs", str(random.choice([1, 2, 4, 64])), "--transport", transport]


def _check_report(path, whole):
    """What is there can be read, even of a run that was ended; `whole`: it is complete too."""
    if not path.exists() and not whole:
        return
    if not path.exists():
        raise Fault("there is no report")
    text = path.read_text(errors="replace")
    if not text and not whole:
        return
    try:
        report = json.loads(text)
    except ValueError as error:
        raise Fault(f"its report is no JSON ({error})") from None
    if whole and not report["complete"]:
        raise Fault("its report says that it is not complete")


def run(place, random):
    """a signal at any moment, and clients that intrude"""
    report = place.work / "report.json"
    program = place.start([*_run(random), "--report", f"json={report}"])
    place.counts.add("runs")
    until = time.monotonic() + random.uniform(0, 1.0)
    while time.monotonic() < until and program.runs():
        for port in listening_ports(program.process.pid)[:4]:
            ready = {"address": "127.0.0.1", "port": port, "mode": "smtps", "protocol": random.choice(["smtp", "ldap"]),
                     "name": "a.test", "password": "p", "username": "u", "bind_dn": "cn=u"}
            harm_many([Server(ready)], random, 3, place.counts, 1.0, threads=3)
    ended = random.random() < 0.7
    if ended:
        program.signal(random.choice(ENDS))
    status = program.end({0, 1, 3} | (ENDED if ended else set()), signals=ENDS if ended else ())
    if status >= 0:
        _check_report(report, whole=status in (0, 1))


def limits(place, random):
    """too little of something: of descriptors, processes, memory, disk, or no stdin, stdout, stderr"""
    kinds = ["descriptors", "memory", "file", "closed"]
    kinds += ["processes"] * place.options.limits_processes + ["disk"] * place.options.mounts
    kind = random.choice(kinds)
    report = place.work / "report.json"
    is_server = kind in ("descriptors", "disk", "closed") and random.random() < 0.3
    arguments = ["serve", "smtp", "--once"] if is_server else [*_run(random), "--report", f"json={report}"]
    if kind == "processes":
        for folder in (place.root, place.temporary, place.work):
            os.chown(folder, OTHER_USER, OTHER_USER)
    closed = "".join(random.sample(["<&- ", ">&- ", "2>&- "], random.randrange(1, 4)))
    before = {
        "descriptors": lambda: ["prlimit", f"--nofile={random.randrange(8, 64)}"],
        "memory": lambda: ["prlimit", f"--as={random.randrange(60, 400) << 20}"],
        "file": lambda: ["prlimit", f"--fsize={random.choice([0, 100, 4096, 65536])}"],
        "processes": lambda: _as_other(random.randrange(1, 20)),
        "disk": lambda: _with_small_disk(place.temporary, random.choice([4, 16, 64, 256])),
        "closed": lambda: ["sh", "-c", f'exec "$@" {closed}', "sh"],
    }[kind]()
    program = place.start(arguments, before=before)
    place.counts.add("limits")
    if is_server:
        time.sleep(random.uniform(0.1, 0.6))
        program.signal(signal.SIGTERM)
    status = program.end({0, 1, 2, 3, 127} | (ENDED if is_server else set()), signals=(signal.SIGTERM,) if is_server else ())
    if status == 3 and "2>&-" not in closed * (kind == "closed"):
        if not program.errors() and not any(program.lines):
            raise Fault(f"short of {kind}, it ended with 3 and no word of why")
    if status in (0, 1) and not is_server:
        _check_report(report, whole=True)


def killed(place, random):
    """kill -9 at any moment; then it is resumed, or run again"""
    report = place.work / "report.jsonl"
    command = ["run", "smtp", "ldap", "--jobs", str(random.choice([1, 2])), "--report", f"jsonl={report}"]
    whole = _whole(place, command, report)
    for _ in range(random.randrange(1, 4)):
        more = _resuming(place, report)
        program = place.start(command + more)
        place.counts.add("runs")
        time.sleep(random.uniform(0, 1.5))
        program.signal(signal.SIGKILL)
        program.end({0, 1}, signals=(signal.SIGKILL,))
    more = _resuming(place, report)
    program = place.start(command + more)
    place.counts.add("runs")
    program.end({0, 1})
    if more:
        place.counts.add("resumed")
    if _ids(report) != whole:
        raise Fault("its report is not that of an unbroken run")
    return True


def _resuming(place, report):
    """Where there is anything to go on with."""
    begun = place.options.resume and report.exists() and b"\n" in report.read_bytes()
    return ["--resume", str(report)] if begun else []


def _whole(place, command, report):
    """What an unbroken run judges; it is run once."""
    if not place.options.whole:
        program = place.start(command)
        place.counts.add("runs")
        program.end({0, 1})
        place.options.whole = _ids(report)
        report.unlink()
    return place.options.whole


def _ids(report):
    """What was judged, and to what end, by id."""
    if not report.exists():
        raise Fault("there is no report")
    try:
        lines = [json.loads(line) for line in report.read_text().splitlines()]
    except ValueError as error:
        raise Fault(f"its report has a line that is no JSON ({error})") from None
    if not lines or not lines[-1].get("complete"):
        raise Fault("its report is not complete")
    return sorted((line["id"], line["trust_model"], line["verdict"]) for line in lines if "id" in line)


KINDS = {"serve": serve, "control": control, "run": run, "limits": limits, "killed": killed, "silent-reader": silent_reader,
         "gone-reader": gone_reader, "once": once, "signals": signals, "device": device}
