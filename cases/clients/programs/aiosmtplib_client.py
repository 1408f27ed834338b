"""aiosmtplib.send(). --automatic: start_tls as it is unless told, None: STARTTLS where it is offered."""
import asyncio
import sys

import aiosmtplib

from contract import able_to_be_told, password, told, work


def send():
    able_to_be_told("CLIENT_CERTIFICATE")
    with open(told("MESSAGE_FILE"), "rb") as file:
        message = file.read()
    starttls = None if "--automatic" in sys.argv else told("MODE") == "smtp-starttls"
    asyncio.run(aiosmtplib.send(
        message,
        sender=told("SENDER"),
        recipients=[told("RECIPIENT")],
        hostname=told("HOST"),
        port=int(told("PORT")),
        username=told("USERNAME"),
        password=password() if told("USERNAME") else None,
        use_tls=told("MODE") == "smtps",
        start_tls=False if told("MODE") == "smtps" else starttls,
        validate_certs=told("CA") is not None,
        cert_bundle=told("CA"),
        client_cert=told("CLIENT_CERTIFICATE"),
        client_key=told("CLIENT_KEY"),
    ))


work(send)
