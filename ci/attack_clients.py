"""Clients that nobody wants: each connects to a server once and does it one kind of harm."""

import base64
import os
import socket
import ssl
import struct
import threading
import time

SHORT = 0.3  # seconds that a client may take for its harm, the slow ones above all
FLOOD = 1 << 20  # octets
START_TLS = bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"


class Server:
    """Of a `ready` event."""

    def __init__(self, ready):
        self.address, self.port, self.mode = ready["address"], ready["port"], ready["mode"]
        self.is_ldap, self.is_implicit = ready["protocol"] == "ldap", ready["mode"] in ("smtps", "ldaps")
        self.name, self.password = ready["name"], ready["password"]
        self.user = ready["bind_dn"] if self.is_ldap else ready["username"]

    def secrets(self):
        whole = f"\0{self.user}\0{self.password}".encode()
        return [self.password, base64.b64encode(self.password.encode()).decode(), base64.b64encode(whole).decode()]

    def connect(self, patience):
        made = socket.create_connection((self.address, self.port), timeout=patience)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def tls_of(self, plain):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname=self.name)

    def upgraded(self, patience):
        """Inside TLS, as a client that believes everybody."""
        plain = self.connect(patience)
        if not self.is_implicit:
            if self.is_ldap:
                plain.sendall(START_TLS)
                plain.recv(4096)
            else:
                for line in (b"", b"EHLO a.test\r\n", b"STARTTLS\r\n"):
                    plain.sendall(line)
                    plain.recv(4096)
        return self.tls_of(plain)


def answers(server, patience):
    """Whether a sound client is answered: the harm that others did is not his."""
    plain = server.connect(patience)
    with plain:
        if server.is_implicit:
            with server.tls_of(plain) as inside:
                return bool(inside.version())
        if server.is_ldap:
            plain.sendall(START_TLS)
        return bool(plain.recv(1))


# ---- kinds of harm -------------------------------------------------------------------------------

def _dialogue(server, random):
    """What a client may say, cut anywhere."""
    if server.is_ldap:
        dn, password = server.user.encode(), server.password.encode()
        bind = b"\x02\x01\x03\x04" + _length(dn) + dn + b"\x80" + _length(password) + password
        request = b"\x02\x01\x02\x60" + _length(bind) + bind
        whole = START_TLS + b"\x30" + _length(request) + request
    else:
        secret = base64.b64encode(f"\0{server.user}\0{server.password}".encode())
        whole = b"EHLO a.test\r\nAUTH PLAIN " + secret + b"\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n"
    return whole[:random.randrange(len(whole) + 1)]


def _length(octets):
    return bytes([len(octets)]) if len(octets) < 128 else b"\x82" + struct.pack(">H", len(octets))


def _garbage(random, most=5000):
    return random.randbytes(random.randrange(1, most))


def _reset(plain):
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def says_nothing(plain, _server, random):
    time.sleep(random.uniform(0, SHORT))


def half_a_line(plain, server, random):
    plain.sendall(_dialogue(server, random))
    plain.recv(1)


def garbage(plain, _server, random):
    plain.sendall(_garbage(random))
    plain.recv(4096)


def flood(plain, server, random):
    one = b"NOOP\r\n" if not server.is_ldap else bytes.fromhex("300c020103420030000000000000")
    one = random.choice([one, b"x" * 4096, b"\r\n", b"\0" * 512, b"EHLO a\r\n"])
    plain.settimeout(SHORT)
    sent = 0
    while sent < FLOOD:
        sent += plain.send(one * (1 + 65536 // len(one)))


def slow(plain, server, random):
    until = time.monotonic() + SHORT
    for octet in _dialogue(server, random):
        plain.sendall(bytes([octet]))
        time.sleep(random.uniform(0, 0.02))
        if time.monotonic() > until:
            break


def endless(plain, _server, random):
    part = random.choice([b"a", b"250-", b"\xff", b"\x30\x84\x7f\xff\xff\xff"]) * 1000
    plain.settimeout(SHORT)
    until = time.monotonic() + SHORT
    while time.monotonic() < until:
        plain.send(part)


def resets(plain, server, random):
    plain.sendall(_dialogue(server, random))
    if random.random() < 0.5:
        plain.settimeout(SHORT)
        plain.recv(random.randrange(1, 200))
    _reset(plain)


def half_closed(plain, server, random):
    plain.sendall(_dialogue(server, random))
    plain.shutdown(socket.SHUT_WR)
    plain.settimeout(SHORT)
    while plain.recv(4096):
        pass


def tls_garbage(plain, server, random):
    """Where a ClientHello belongs: a record that is none, is cut, or is too long."""
    if not server.is_implicit:
        plain.sendall(START_TLS if server.is_ldap else b"EHLO a.test\r\nSTARTTLS\r\n")
    kind = random.choice([20, 21, 22, 23, 24, 255])
    size = random.choice([0, 1, 2, 400, 16384, 65535])
    plain.sendall(bytes([kind, 3, random.randrange(5)]) + struct.pack(">H", size) + random.randbytes(random.randrange(size + 1)))
    plain.settimeout(SHORT)
    plain.recv(4096)


KINDS = (says_nothing, half_a_line, garbage, flood, slow, endless, resets, half_closed, tls_garbage)


def inside_tls(server, random, patience):
    with server.upgraded(patience) as inside:
        inside.settimeout(SHORT)
        harm = random.choice(["dialogue", "garbage", "cut", "flood"])
        if harm == "cut":
            _reset(inside)
            return
        said = {"dialogue": _dialogue(server, random), "garbage": _garbage(random), "flood": b"NOOP\r\n" * 50000}[harm]
        inside.sendall(said)
        inside.recv(4096)


def harm(server, random, patience):
    """One connection; what comes of it is nobody's business here."""
    try:
        if random.random() < 0.15:
            inside_tls(server, random, patience)
            return
        with server.connect(patience) as plain:
            plain.settimeout(SHORT)
            random.choice(KINDS)(plain, server, random)
    except OSError:  # refused, reset, timed out, no TLS
        pass


def harm_many(servers, random, count, counts, patience, threads=8):
    """Returns once all are gone; a few of them stay half open until then."""
    staying = []
    for _ in range(random.randrange(4)):
        try:
            staying.append(random.choice(servers).connect(patience))
            counts.add("connections")
        except OSError:
            pass
    seeds = [random.getrandbits(64) for _ in range(count)]
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                if not seeds:
                    return
                seed = seeds.pop()
            mine = type(random)(seed)
            harm(mine.choice(servers), mine, patience)
            counts.add("connections")

    crew = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    for one in staying:
        one.close()


def listening_ports(pid):
    """Where a process listens on loopback."""
    sockets = set()
    try:
        for fd in os.scandir(f"/proc/{pid}/fd"):
            sockets.add(os.readlink(fd.path))
        with open(f"/proc/{pid}/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table][1:]
    except OSError:
        return []
    return [int(row[1].partition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]
