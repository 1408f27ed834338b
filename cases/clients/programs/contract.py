"""A worker's half of the contract (harness/subject/contract.h), for the programs in Python: one line of JSON
for a task, one for its answer."""
import gc
import json
import os
import sys
import traceback

_task = {}


class Cannot(Exception):
    pass


def told(name):
    """None: it is not told."""
    return _task.get(name.lower())


def cannot(reason):
    raise Cannot(reason)


def password():
    with open(told("PASSWORD_FILE"), encoding="utf-8", newline="") as file:
        return file.read()


def able_to_be_told(*names):
    """Of what a task need not have, this program reads `names`; what else it is told it cannot do."""
    for name in ("CLIENT_CERTIFICATE", "CRL", "MECHANISM", "TLS_POLICY"):
        if told(name) and name not in names:
            cannot(f"this program cannot be told {name.lower()}")
    if told("TRUST") not in (None, "*", told("HOST")):
        cannot("it looks for the one name of the host it connects to")
    if bool(told("USERNAME") or told("BIND_DN")) != bool(told("PASSWORD_FILE")):
        cannot("it is given a name and a password together, or neither")


def work(perform):
    """Calls perform() for each task, until stdin ends. Whatever it throws is a refusal."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        sys.stdout = sys.stderr  # what a library prints is no answer

        def answer(**members):
            print(json.dumps(members), file=answers, flush=True)

        answer(startle=1)
        for line in sys.stdin:
            _task.clear()
            _task.update(json.loads(line))
            try:
                perform()
                members = {"result": "done"}
            except Cannot as reason:
                members = {"result": "cannot", "reason": str(reason)}
            except Exception as refusal:  # of this library, of ssl, or OSError
                traceback.print_exc()
                members = {"result": "refused", "reason": f"{type(refusal).__name__}: {refusal}"}
            gc.collect()  # a connection that was given up is closed, as by the end of a program
            answer(task=_task["task"], **members)
