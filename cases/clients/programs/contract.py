"""What a client under test is told (STARTLE_*; harness/subject/contract.h), for the programs in Python."""
import os
import sys


def told(name):
    """None: it is not told."""
    return os.environ.get("STARTLE_" + name)


def cannot(reason):
    print(reason)
    sys.exit(89)


def password():
    with open(told("PASSWORD_FILE"), encoding="utf-8", newline="") as file:
        return file.read()


def able_to_be_told(*names):
    """Of what a task need not have, this program reads `names`; what else it is told it cannot do."""
    for name in ("CLIENT_CERTIFICATE", "CRL", "MECHANISM", "TLS_POLICY"):
        if told(name) and name not in names:
            cannot(f"this program cannot be told STARTLE_{name}")
    if told("TRUST") not in (None, "*", told("HOST")):
        cannot("it looks for the one name of the host it connects to")
    if bool(told("USERNAME") or told("BIND_DN")) != bool(told("PASSWORD_FILE")):
        cannot("it is given a name and a password together, or neither")


def attempt(client):
    """Calls it. Whatever it throws is a refusal, and why goes to stderr in one line."""
    try:
        client()
    except Exception as refusal:  # of this library, of ssl, or OSError
        sys.exit(f"{type(refusal).__name__}: {refusal}")
