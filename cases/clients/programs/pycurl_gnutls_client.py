"""python3-pycurl, which Debian links with libcurl-gnutls. --try: USE_SSL is USESSL_TRY, curl's --ssl."""
import sys

import pycurl

from contract import able_to_be_told, cannot, password, told, work


def send():
    able_to_be_told("CLIENT_CERTIFICATE", "CRL", "MECHANISM")
    if told("MECHANISM") not in (None, "CRAM-MD5", "LOGIN", "PLAIN"):
        cannot("Debian's libcurl-gnutls, built without GSASL, has no " + told("MECHANISM"))
    curl = pycurl.Curl()
    scheme = "smtps" if told("MODE") == "smtps" else "smtp"
    curl.setopt(pycurl.URL, f"{scheme}://{told('HOST')}:{told('PORT')}")
    curl.setopt(pycurl.USE_SSL, pycurl.USESSL_TRY if "--try" in sys.argv else pycurl.USESSL_ALL)
    if told("CA"):
        curl.setopt(pycurl.CAINFO, told("CA"))
    else:
        curl.setopt(pycurl.SSL_VERIFYPEER, 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
    for option, name in ((pycurl.CRLFILE, "CRL"), (pycurl.SSLCERT, "CLIENT_CERTIFICATE"),
                         (pycurl.SSLKEY, "CLIENT_KEY"), (pycurl.USERNAME, "USERNAME")):
        if told(name):
            curl.setopt(option, told(name))
    if told("USERNAME"):
        curl.setopt(pycurl.PASSWORD, password())
    if told("MECHANISM"):
        curl.setopt(pycurl.LOGIN_OPTIONS, "AUTH=" + told("MECHANISM"))
    curl.setopt(pycurl.MAIL_FROM, f"<{told('SENDER')}>")
    curl.setopt(pycurl.MAIL_RCPT, [f"<{told('RECIPIENT')}>"])
    curl.setopt(pycurl.UPLOAD, 1)
    with open(told("MESSAGE_FILE"), "rb") as message:
        curl.setopt(pycurl.READDATA, message)
        curl.perform()


work(send)
