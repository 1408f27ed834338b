"""Python's smtplib, with the context that the documentation of ssl tells clients to take ("Best
defaults"). --no-context: starttls() and SMTP_SSL() as the documentation of smtplib has them."""
import smtplib
import ssl
import sys

from contract import able_to_be_told, cannot, password, told, work


def context():
    if "--no-context" in sys.argv:
        return None
    context = ssl.create_default_context(cafile=told("CA"))
    if not told("CA"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if told("CRL"):
        context.load_verify_locations(told("CRL"))
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if told("CLIENT_CERTIFICATE"):
        context.load_cert_chain(told("CLIENT_CERTIFICATE"), told("CLIENT_KEY"))
    return context


def log_in(server):
    if not told("MECHANISM"):
        server.login(told("USERNAME"), password())
        return
    server.ehlo_or_helo_if_needed()
    server.user, server.password = told("USERNAME"), password()
    mechanisms = {"CRAM-MD5": server.auth_cram_md5, "LOGIN": server.auth_login, "PLAIN": server.auth_plain}
    server.auth(told("MECHANISM"), mechanisms[told("MECHANISM")])


def send():
    able_to_be_told("CLIENT_CERTIFICATE", "CRL", "MECHANISM")
    if told("MECHANISM") not in (None, "CRAM-MD5", "LOGIN", "PLAIN"):
        cannot("smtplib has no " + told("MECHANISM"))
    if told("MODE") == "smtps":
        server = smtplib.SMTP_SSL(told("HOST"), int(told("PORT")), context=context())
    else:
        server = smtplib.SMTP(told("HOST"), int(told("PORT")))
    with server:
        if told("MODE") == "smtp-starttls":
            server.starttls(context=context())
        if told("USERNAME"):
            log_in(server)
        with open(told("MESSAGE_FILE"), "rb") as message:
            server.sendmail(told("SENDER"), told("RECIPIENT"), message.read())


work(send)
