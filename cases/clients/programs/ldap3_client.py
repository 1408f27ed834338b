"""ldap3 with a Tls object that validates. --no-tls-object: without one, as its tutorial begins."""
import ssl
import sys

import ldap3

from contract import able_to_be_told, password, told, work


def tls():
    if "--no-tls-object" in sys.argv:
        return None
    validate = ssl.CERT_REQUIRED if told("CA") else ssl.CERT_NONE
    return ldap3.Tls(validate=validate, ca_certs_file=told("CA"),
                     local_certificate_file=told("CLIENT_CERTIFICATE"),
                     local_private_key_file=told("CLIENT_KEY"))


def bind():
    able_to_be_told("CLIENT_CERTIFICATE")
    server = ldap3.Server(told("HOST"), port=int(told("PORT")), use_ssl=told("MODE") == "ldaps", tls=tls())
    starttls = told("MODE") == "ldap-starttls"
    connection = ldap3.Connection(
        server, user=told("BIND_DN"), password=password() if told("BIND_DN") else None,
        auto_bind=ldap3.AUTO_BIND_TLS_BEFORE_BIND if starttls else ldap3.AUTO_BIND_NO_TLS)
    with connection:
        if told("BASE"):
            connection.search(told("BASE"), told("FILTER") or "(objectClass=*)", attributes=["*"])
            if connection.result["result"] != ldap3.core.results.RESULT_SUCCESS:
                raise ldap3.core.exceptions.LDAPOperationResult(result=connection.result["result"],
                                                                description=connection.result["description"])


work(bind)
