"""python-ldap, on libldap. Its TLS options are set as its documentation of options orders them, the new
context last."""
import ldap

from contract import able_to_be_told, password, told, work


def bind():
    able_to_be_told("CLIENT_CERTIFICATE")
    implicit = told("MODE") == "ldaps"
    connection = ldap.initialize(f"{'ldaps' if implicit else 'ldap'}://{told('HOST')}:{told('PORT')}")
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT,
                          ldap.OPT_X_TLS_DEMAND if told("CA") else ldap.OPT_X_TLS_NEVER)
    if told("CA"):
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, told("CA"))
    if told("CLIENT_CERTIFICATE"):
        connection.set_option(ldap.OPT_X_TLS_CERTFILE, told("CLIENT_CERTIFICATE"))
        connection.set_option(ldap.OPT_X_TLS_KEYFILE, told("CLIENT_KEY"))
    connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    if told("MODE") == "ldap-starttls":
        connection.start_tls_s()
    if told("BIND_DN"):
        connection.simple_bind_s(told("BIND_DN"), password())
    else:
        connection.simple_bind_s()
    if told("BASE"):
        connection.search_s(told("BASE"), ldap.SCOPE_SUBTREE, told("FILTER") or "(objectClass=*)")
    connection.unbind_s()


work(bind)
