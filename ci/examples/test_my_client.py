"""A client against servers that lie: `pytest test_my_client.py`, or `python3 test_my_client.py`.
Put your own client in place of `log_in`. $STARTLE is the program, unless it is in PATH."""
import json, os, smtplib, ssl, subprocess

startle = subprocess.Popen([os.environ.get("STARTLE", "startle"), "serve", "--control", "--name", "localhost"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

def ask(request):
    print(json.dumps(request), file=startle.stdin, flush=True)
    return json.loads(startle.stdout.readline())

def log_in(server):
    with smtplib.SMTP("localhost", server["port"]) as client:
        client.starttls(context=ssl.create_default_context(cadata=server["ca_pem"]))
        client.login(server["username"], server["password"])

def ending(certificate="valid", **replies):
    server = ask({"start": {"protocol": "smtp", "certificate": certificate, "replies": replies}})
    try:
        log_in(server)
        how = "logged in"
    except (OSError, smtplib.SMTPException) as refusal:
        how = type(refusal).__name__
    seen = json.loads(startle.stdout.readline())  # what the server has to say of the connection
    assert ask({"stop": server["id"]})["event"] == "stopped" and seen["violations"] == []
    return how

def test_logs_in(): assert ending() == "logged in"
def test_refuses_expired(): assert ending(certificate="expired") == "SSLCertVerificationError"
def test_refuses_another_host(): assert ending(certificate="mismatched") == "SSLCertVerificationError"
def test_does_not_go_on_in_clear(): assert ending(starttls=454) == "SMTPResponseException"
def test_learns_of_a_wrong_password(): assert ending(auth=535) == "SMTPAuthenticationError"

if __name__ == "__main__":
    for name in [name for name in globals() if name.startswith("test_")]:
        globals()[name]()
        print("passed", name)
