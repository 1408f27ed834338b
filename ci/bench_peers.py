"""What `ci/bench --peers` does: other people's programs beside startle, each pair in turn, and the table of
bench/README.md. A row is a question, the two commands that anyone can run, and what they came to."""

import datetime
import json
import os
import pathlib
import platform
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass

BEGIN = "<!-- written by ci/bench --peers -->"
END = "<!-- end of what ci/bench --peers writes -->"
ROUNDS = 4  # each pair in turn, so often
HOST = "localhost"


class Mistake(Exception):
    """One sentence for whoever has called."""


class Absent(Exception):
    """A peer that cannot be measured, and why: its row says so."""


@dataclass
class Row:
    question: str
    peer: str
    ours: str  # the command
    theirs: str
    our_figure: str = ""
    their_figure: str = ""
    ratio: float = 0
    target: float = 0  # 0: none is stated
    absent: str = ""

    def set(self, ours, theirs, ratio):
        self.our_figure, self.their_figure, self.ratio = ours, theirs, ratio

    def cells(self):
        if self.absent:
            return [self.question, self.peer, "-", "-", self.absent]
        verdict = f"{self.ratio:.2f}"
        if self.target:
            verdict += f" (at least {self.target:.2f}: {'met' if self.ratio >= self.target else 'missed'})"
        return [self.question, self.peer, self.our_figure, self.their_figure, verdict]


# ---- what processes use --------------------------------------------------------------------------


def cpu_seconds(pid):
    """User and system, of all threads that a process has had."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def needs(program, package):
    if shutil.which(program) is None:
        raise Absent(f"{program} is absent: apt-get install {package}")


class Server:
    """A server process that accepts on 127.0.0.1 before the constructor returns."""

    def __init__(self, command, port, seconds=20):
        self.port = port
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + seconds
        while not self.accepts():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise Absent(f"`{' '.join(map(str, command))}` does not listen: it ended with {self.process.returncode}")

    def accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Startle(Server):
    """`startle serve smtp`, on a port of its own choice, which it says in its first line."""

    def __init__(self, program, mode, at):
        command = [program, "serve", "smtp", "--mode", mode, "--name", HOST, "--listen", "127.0.0.1:0"]
        self.said = at / f"{mode}.jsonl"
        with self.said.open("w") as events:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=events)
        until = time.monotonic() + 30
        while "\n" not in self.said.read_text():
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise Mistake(f"`{' '.join(map(str, command))}` does not say that it is ready")
        self.ready = json.loads(self.said.read_text().splitlines()[0])
        self.port = self.ready["port"]

    def events(self):
        return [json.loads(line) for line in self.said.read_text().splitlines()[1:]]


# ---- generators ----------------------------------------------------------------------------------


def shown_bench(arguments):
    return "startle bench " + " ".join(shlex.quote(str(one)) for one in arguments)


def bench(program, *arguments):
    """The first row of a `startle bench`."""
    run = subprocess.run([program, "bench", *map(str, arguments), "--report", "json"], capture_output=True, text=True, check=False)
    try:
        row = json.loads(run.stdout)["rows"][0]
    except (ValueError, LookupError) as error:
        raise Mistake(f"`startle bench {' '.join(map(str, arguments))}` measured nothing: {run.stderr.strip()}") from error
    if run.returncode != 0 or row["failures"]:
        raise Mistake(f"`startle bench {' '.join(map(str, arguments))}` failed: {row['failures']}")
    return row


def read_s_time(said):
    """How many connections `openssl s_time` has made."""
    found = re.search(r"^(\d+) connections in \d+ real seconds", said, re.MULTILINE)
    if not found or int(found[1]) == 0:
        raise Mistake(f"`openssl s_time` measured nothing: {said.strip().splitlines()[-1:]}")
    return int(found[1])


@dataclass
class Load:
    connections: int = 0
    seconds: float = 0
    client_cpu: float = 0
    server_cpu: float = 0

    def add(self, other):
        self.connections += other.connections
        self.seconds += other.seconds
        self.client_cpu += other.client_cpu
        self.server_cpu += other.server_cpu

    def rate(self):
        """Connections a second of CPU time of both ends: one at a time, on a machine that does nothing else, it is
        what a second of the clock has."""
        return self.connections / (self.client_cpu + self.server_cpu)

    def text(self):
        return f"{self.rate():,.0f} ({self.client_cpu / self.connections * 1e6:,.0f} us)"


def s_time(port, seconds):
    command = ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-tls1_3", "-time", str(seconds)]
    began, used = time.monotonic(), os.times()
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    took, now = time.monotonic() - began, os.times()
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    return Load(read_s_time(run.stdout + run.stderr), took, cpu)


def read_gnutls_benchmark(said):
    """Handshakes a second by key exchange, of `gnutls-cli --benchmark-tls-kx`: of CPU time, which is what it counts."""
    rates, name = {}, ""
    for line in said.splitlines():
        if line.startswith("("):
            name = line.strip()
        found = re.search(r"([\d.]+) transactions/sec", line)
        if found and name and float(found[1]) > 0:
            rates[name] = float(found[1])
    return rates


def gnutls_benchmark():
    needs("gnutls-cli", "gnutls-bin")
    run = subprocess.run(["gnutls-cli", "--benchmark-tls-kx"], capture_output=True, text=True, check=False)
    return read_gnutls_benchmark(run.stdout)


# ---- rows ----------------------------------------------------------------------------------------

# What GnuTLS calls it, and what we do.
KEYS = {"ecdsa-p256": ("P-256", "(TLS1.3)-(ECDHE-X25519)-(ECDSA-SECP256R1-SHA256)"),
        "ed25519": ("Ed25519", "(TLS1.3)-(ECDHE-X25519)-(EdDSA-Ed25519)")}


def in_memory(program, seconds):
    """GnuTLS's own benchmark beside ours, measured before and behind it."""
    def ours(key):
        return ["--transport", "memory", "--mode", "smtps", "--key", key, "--group", "X25519", "--tls", "1.3", "--duration", f"{seconds:g}"]
    rows = {key: Row(f"handshakes a CPU-second, both ends in memory, {name}, X25519", "gnutls-cli",
                     shown_bench(ours(key)), "gnutls-cli --benchmark-tls-kx", target=1)
            for key, (name, _) in KEYS.items()}
    try:
        rates = {key: [bench(program, *ours(key))["handshakes_per_cpu_s"]] for key in KEYS}
        peer = gnutls_benchmark()
        for key in KEYS:
            rates[key].append(bench(program, *ours(key))["handshakes_per_cpu_s"])
        for key, row in rows.items():
            found = [rate for name, rate in peer.items() if name.startswith(KEYS[key][1])]
            if not found:
                row.absent = f"this gnutls-cli does not measure {KEYS[key][1]}"
                continue
            mine, theirs = sum(rates[key]) / len(rates[key]), found[0]
            row.set(f"{mine:,.0f}", f"{theirs:,.0f}", mine / theirs)
    except Absent as why:
        for row in rows.values():
            row.absent = str(why)
    return list(rows.values())


def bench_of(row):
    return Load(row["handshakes"], row["seconds"], row["handshakes"] * row["client_cpu_us_per_handshake"] / 1e6)


def with_server(server, load):
    """load(), and what the server has used meanwhile."""
    before = server.cpu()
    made = load()
    made.server_cpu = server.cpu() - before
    return made


def generators(program, server, starttls, seconds):
    """One connection at a time against one and the same server, by each in turn; and STARTTLS by ours."""
    def ours(scheme, port):
        return [f"{scheme}://{HOST}:{port}", "--connections", "1", "--duration", f"{seconds:g}", "--trust", "*"]

    def command(scheme):
        return shown_bench(ours(scheme, "PORT"))

    peer_name = "openssl s_time"
    question = "handshakes a CPU-second of client and server (us of the client), one connection at a time, one `startle serve smtp`: smtps, TLS 1.3, P-256"
    rows = [Row(question, peer_name, command("smtps"), f"openssl s_time -connect 127.0.0.1:PORT -new -tls1_3 -time {round(seconds)}", target=0.9),
            Row("the same by STARTTLS, beside implicit TLS", "startle bench itself", command("smtp"), command("smtps"), target=0.85)]
    implicit, by_starttls, peer = Load(), Load(), Load()
    has_peer = shutil.which("openssl") is not None
    for _ in range(ROUNDS):
        if has_peer:
            peer.add(with_server(server, lambda: s_time(server.port, max(1, round(seconds)))))
        implicit.add(with_server(server, lambda: bench_of(bench(program, *ours("smtps", server.port)))))
        by_starttls.add(with_server(starttls, lambda: bench_of(bench(program, *ours("smtp", starttls.port)))))
    if has_peer:
        rows[0].set(implicit.text(), peer.text(), implicit.rate() / peer.rate())
    else:
        rows[0].absent = "openssl is absent: apt-get install openssl"
    rows[1].set(by_starttls.text(), implicit.text(), by_starttls.rate() / implicit.rate())
    return rows


def servers(program, server, at, seconds):
    """What a handshake costs each server, under one and the same generator."""
    made = subprocess.run([program, "certs", "export", at / "certs", "valid", "--name", HOST], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Mistake(f"`startle certs export` made no chain: {made.stderr.strip()}")
    chain, key = at / "certs" / "valid" / "chain.pem", at / "certs" / "valid" / "key.pem"
    port = free_port()
    other = free_port()
    commands = {
        "openssl s_server": (["openssl", "s_server", "-accept", str(port), "-quiet", "-num_tickets", "0", "-cert", chain,
                              "-cert_chain", chain, "-key", key], port, "openssl"),
        "gnutls-serv": (["gnutls-serv", "--quiet", "--echo", "--noticket", "--port", str(other), "--x509certfile", chain,
                         "--x509keyfile", key], other, "gnutls-bin")}
    rows = []
    ours = "startle serve smtp --mode smtps --name localhost"
    for name, (command, where, package) in commands.items():
        shown = " ".join(map(str, command)).replace(str(where), "PORT").replace(str(chain), "CHAIN.pem").replace(str(key), "KEY.pem")
        row = Row("handshakes a CPU-second of the server, under `openssl s_time -new -tls1_3`, P-256, no tickets", name, ours, shown, target=1)
        rows.append(row)
        try:
            needs(command[0], package)
            peer = Server(command, where)
        except Absent as why:
            row.absent = str(why)
            continue
        try:
            mine, theirs = server_rates(server, peer, seconds)
            row.set(f"{mine:,.0f}", f"{theirs:,.0f}", mine / theirs)
        finally:
            peer.stop()
    return rows


def server_rates(server, peer, seconds):
    counts, used = [0, 0], [0.0, 0.0]
    for _ in range(ROUNDS):
        for i, one in enumerate((server, peer)):
            before = one.cpu()
            counts[i] += s_time(one.port, max(1, round(seconds))).connections
            used[i] += one.cpu() - before
    if not all(used):
        raise Mistake("the servers used no CPU time that could be measured: ask for more --seconds")
    return counts[0] / used[0], counts[1] / used[1]


def postal(program, starttls, at, seconds):
    """Debian's load generator for SMTP, which sends mail: to the same server as ours."""
    users = at / "users"
    users.write_text("sender@example.test\n")
    command = ["postal", "-m", "0", "-t", "1", "-c", "1", "-r", "600000", "-s", "100", f"[127.0.0.1]{starttls.port}", users]
    shown = "postal -m 0 -t 1 -c 1 -r 600000 -s 100 [127.0.0.1]PORT USERS"
    row = Row("connections a second with STARTTLS, one at a time, against one `startle serve smtp`", "postal",
              "startle bench smtp://localhost:PORT --connections 1 --trust '*'", shown)
    try:
        needs("postal", "postal")
        seen = len(starttls.events())
        began = time.monotonic()
        run = subprocess.run(["timeout", "--signal=INT", "--kill-after=5", str(4 * seconds), *map(str, command)], capture_output=True, text=True, check=False)
        took = time.monotonic() - began
        time.sleep(0.2)
        events = starttls.events()[seen:]
        inside = [one for one in events if one["tls_version"]]
        if not inside:
            last = (run.stderr + run.stdout).strip().splitlines()[-1:] or ["it says nothing"]
            why = next((one["handshake_failure"] for one in events if one["handshake_failure"]), "")
            raise Absent(f"made no connection with TLS: `{last[0]}`; of it the server says: {why or 'nothing'}")
        load = bench_of(bench(program, f"smtp://{HOST}:{starttls.port}", "--connections", "1", "--duration", seconds, "--trust", "*"))
        mine, theirs = load.connections / load.seconds, len(inside) / took
        delivered = sum(one["delivered"] for one in inside)
        row.set(f"{mine:,.0f}", f"{theirs:,.0f} ({delivered} mails taken)", mine / theirs)
    except Absent as why:
        row.absent = str(why)
    return [row]


# ---- the page ------------------------------------------------------------------------------------


def first_line(*command):
    if shutil.which(str(command[0])) is None:
        return f"{command[0]} is absent"
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (run.stdout + run.stderr).strip().splitlines()
    return next((line for line in said if re.search(r"\d\.\d", line)), f"{command[0]} of a version that it does not say")


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} CPUs, Linux {platform.release().split('-')[0]}"


def table(rows, versions, load):
    today = datetime.date.today().isoformat()
    lines = [f"Measured on {today}, {machine()}, load average {load[0]:.1f} before and {load[1]:.1f} behind: {'; '.join(versions)}.",
             "", "| | peer | startle | peer | startle / peer |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row.cells()) + " |" for row in rows]
    lines += ["", "The commands, ours above the peer's:", ""]
    for row in rows:
        lines += [f"    {row.ours}", f"    {row.theirs}", ""]
    return "\n".join(lines)


def replaced(page, text):
    begin, end = page.find(BEGIN), page.find(END)
    if begin < 0 or end < begin:
        raise Mistake(f"the page has no lines `{BEGIN}` and `{END}` behind it: write them where the table is to stand")
    return page[:begin] + BEGIN + "\n\n" + text + "\n" + page[end:]


def measure_all(program, page, seconds):
    if not program.exists():
        raise Mistake(f"there is no {program}: build it (ci/startle), or name it with --startle")
    replaced(page.read_text(), "")  # before minutes are spent
    before = os.getloadavg()[0]
    versions = [first_line(program, "--version"), first_line("openssl", "version"), first_line("gnutls-cli", "--version"), first_line("postal", "-V")]
    with tempfile.TemporaryDirectory() as folder:
        at = pathlib.Path(folder)
        rows = in_memory(program, seconds)
        server = Startle(program, "smtps", at)
        starttls = Startle(program, "smtp-starttls", at)
        try:
            rows += generators(program, server, starttls, seconds)
            rows += servers(program, server, at, seconds)
            rows += postal(program, starttls, at, seconds)
        finally:
            server.stop()
            starttls.stop()
    text = table(rows, versions, (before, os.getloadavg()[0]))
    page.write_text(replaced(page.read_text(), text))
    print(text)
    return 0
