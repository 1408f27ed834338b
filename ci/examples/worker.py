#!/usr/bin/env python3
"""smtplib as a worker: one process for all tasks, a line of JSON for each, and a line for its answer.
It is for clients that take long to start. Nothing else may be written to stdout."""
import json, smtplib, ssl, sys

def send(told):
    context = ssl.create_default_context(cafile=told.get("ca"))
    if "ca" not in told:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP(told["host"], int(told["port"]), timeout=10) as client:
        client.starttls(context=context)
        if "username" in told:
            client.login(told["username"], open(told["password_file"]).read())
        client.sendmail(told["sender"], told["recipient"], open(told["message_file"], "rb").read())

def answer(told):
    if told["mode"] != "smtp-starttls" or {"mechanism", "crl", "client_certificate"} & told.keys():
        return {"result": "cannot", "reason": "this client begins TLS by STARTTLS alone"}
    try:
        send(told)
        return {"result": "done"}
    except ssl.SSLCertVerificationError as refusal:
        known = {10: {"ending": "certificate-expired"}, 62: {"ending": "certificate-host-mismatch"}}
        return {"result": "refused", "reason": str(refusal), **known.get(refusal.verify_code, {})}
    except (OSError, smtplib.SMTPException) as refusal:
        return {"result": "refused", "reason": str(refusal)}

print(json.dumps({"startle": 1}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    print(json.dumps({"task": task["task"], **answer(task)}), flush=True)
