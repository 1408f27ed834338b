#!/usr/bin/env python3
"""Python's smtplib under test: `ci/startle run --client ci/examples/client.py`. Put your own client in its place."""
import os, smtplib, ssl, sys

told = {name.removeprefix("STARTLE_").lower(): value for name, value in os.environ.items()}
if told["mode"] != "smtp-starttls" or {"mechanism", "crl", "client_certificate"} & told.keys():
    print("this client begins TLS by STARTTLS, and takes the mechanism that is offered")
    sys.exit(89)  # it cannot do this, which is no failure
context = ssl.create_default_context(cafile=told.get("ca"))
if "ca" not in told:
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
try:
    with smtplib.SMTP(told["host"], int(told["port"]), timeout=10) as client:
        client.starttls(context=context)
        if "username" in told:
            client.login(told["username"], open(told["password_file"]).read())
        client.sendmail(told["sender"], told["recipient"], open(told["message_file"], "rb").read())
except (OSError, smtplib.SMTPException) as refusal:  # ssl's errors are OSErrors
    print(refusal)
    if isinstance(refusal, ssl.SSLCertVerificationError) and refusal.verify_code == 10:
        print("startle: certificate-expired")  # the last line may say why, where the client knows
    sys.exit(1)
