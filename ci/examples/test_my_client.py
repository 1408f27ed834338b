"""A mail client against servers that lie: `pytest test_my_client.py`, or `python3 test_my_client.py`.
Put your own client in place of smtplib. $STARTLE is the program, unless it is in PATH."""
import json, os, smtplib, ssl, subprocess

startle = subprocess.Popen([os.getenv("STARTLE", "startle"), "serve", "--control", "--name", "localhost"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

def log_in(certificate="valid", **replies):
    print(json.dumps({"start": {"protocol": "smtp", "certificate": certificate, "replies": replies}}),
          file=startle.stdin, flush=True)
    server = json.loads(startle.stdout.readline())
    try:
        with smtplib.SMTP("localhost", server["port"]) as client:
            client.starttls(context=ssl.create_default_context(cadata=server["ca_pem"]))
            client.login(server["username"], server["password"])
    except (OSError, smtplib.SMTPException) as refusal: return type(refusal)
    finally: assert json.loads(startle.stdout.readline())["violations"] == []  # what the server saw

def test_logs_in(): assert log_in() is None
def test_refuses_expired(): assert log_in("expired") is ssl.SSLCertVerificationError
def test_refuses_another_host(): assert log_in("mismatched") is ssl.SSLCertVerificationError
def test_does_not_go_on_in_clear(): assert log_in(starttls=454) is smtplib.SMTPResponseException
def test_learns_of_a_wrong_password(): assert log_in(auth=535) is smtplib.SMTPAuthenticationError

if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"): test(), print("passed", name)
