"""What clients print, and what had happened when they did: `ci/clients --harvest DIR`.

DIR/seen.tsv and DIR/held-back.tsv have a line for each message of each client that ended as it should have:
client, case, how many cases of this half printed it, the endings that the cases of both halves expect in which it
did, and what was printed, `\\n` between its lines. A case belongs to one half or the other by the lowest bit of the CRC-32 of its id: signatures
(cases/clients/messages) are written from what was seen, and measured by what was held back."""

import json
import re
import zlib

PRINTS = "client prints: "
SUCCESSES = {"delivered", "bound", "delivered-in-clear"}
LONGEST, HEAD, TAIL = 500, 120, 370

# Frames and source of a stack trace, certificates and their fingerprints: what says nothing.
NOISE = [re.compile(text) for text in (
    r"\s*(at |\.\.\. \d|File |\^|~|from /|self\.|return |await |perform\(\)|yield)", r"\s*[\^~ ]+$",
    r"[A-Za-z0-9+/=]{40,}$", r"\s+(sha1|sha256|pin-sha256):",
    r"(---|New, |Secure Renegotiation|Compression|Expansion|No ALPN|Early data|SSL handshake has|Server Temp Key"
    r"|Peer sign|No client certificate|no peer certificate|SSL-Session|Certificate chain|Server certificate)",
    r" +(Protocol|Cipher|Session-ID|Resumption|PSK|SRP|Master-Key|Start Time|Timeout|Extended|Max Early)",
    r" (\d s|  [iav]):", r"-----(BEGIN|END)")]


def is_held_back(case):
    return zlib.crc32(case.encode()) & 1 == 1


def unescaped(line):
    """Octets that a report shows as \\xNN."""
    def octets(found):
        return bytes.fromhex(found[0].replace("\\x", "")).decode("utf-8", "replace")
    return re.sub(r"(?:\\x[0-9a-f]{2})+", octets, line)


def message_of(dialogue, tree):
    """What was printed, without what says nothing and without places of this machine."""
    lines = []
    for line in dialogue:
        if not line.startswith(PRINTS):
            continue
        for part in unescaped(line[len(PRINTS):]).splitlines():
            part = re.sub(r"/tmp/[\w./-]+", "/tmp/file", part.replace(f"{tree}/", "/opt/")).replace("\t", " ")
            if not part.strip() or any(noise.match(part) for noise in NOISE) or lines[-1:] == [part]:
                continue
            lines.append(part[:300].rstrip())
    text = "\n".join(lines)
    return text if len(text) <= LONGEST else text[:HEAD] + "\n" + text[-TAIL:]


def alike(text):
    """The same for messages that differ in numbers and dates alone."""
    text = re.sub(r"\b[0-9a-f]{8,}\b", "#", re.sub(r"[0-9a-f]{12}:", "#", text.lower()))
    text = re.sub(r"\b(mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b", "@", text)
    return re.sub(r"\d+", "#", text)


def messages_of(client, report, tree, kept):
    for line in report.open():
        case = json.loads(line)
        expected = [one for one in case.get("expected", []) if one not in SUCCESSES]
        if case.get("verdict") != "pass" or not expected or case["observed"] in SUCCESSES:
            continue
        text = message_of(case.get("dialogue", []), tree)
        if not text:
            continue
        half = kept[is_held_back(case["id"])]
        entry = half.setdefault((client, alike(text)), [client, case["id"], 0, [], text])
        entry[2] += 1
        entry[3] += [one for one in expected if one not in entry[3]]


def write_harvest(reports, tree, folder):
    """`reports`: by client, in JSON Lines, of runs with --dialogue."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {False: {}, True: {}}
    for client, report in sorted(reports.items()):
        messages_of(client, report, tree, kept)
    for message in kept[False].keys() & kept[True].keys():
        both = sorted({*kept[False][message][3], *kept[True][message][3]})
        kept[False][message][3] = kept[True][message][3] = both
    for held_back, name in ((False, "seen.tsv"), (True, "held-back.tsv")):
        with (folder / name).open("w") as file:
            for client, case, count, expected, text in sorted(kept[held_back].values(), key=lambda e: e[:2]):
                text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0")
                file.write(f"{client}\t{case}\t{count}\t{','.join(expected)}\t{text}\n")
