<?php
// PHP's ldap functions, on libldap, told by options what to verify before the connection is made.

require __DIR__ . '/contract.php';

able_to_be_told('CLIENT_CERTIFICATE');

ldap_set_option(null, LDAP_OPT_X_TLS_REQUIRE_CERT,
    told('CA') !== null ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER);
if (told('CA') !== null) {
    ldap_set_option(null, LDAP_OPT_X_TLS_CACERTFILE, told('CA'));
}
if (told('CLIENT_CERTIFICATE') !== null) {
    ldap_set_option(null, LDAP_OPT_X_TLS_CERTFILE, told('CLIENT_CERTIFICATE'));
    ldap_set_option(null, LDAP_OPT_X_TLS_KEYFILE, told('CLIENT_KEY'));
}
$scheme = told('MODE') === 'ldaps' ? 'ldaps' : 'ldap';
$ldap = ldap_connect("$scheme://" . told('HOST') . ':' . told('PORT'));
ldap_set_option($ldap, LDAP_OPT_PROTOCOL_VERSION, 3);
if (told('MODE') === 'ldap-starttls' && !ldap_start_tls($ldap)) {
    refused('StartTLS: ' . ldap_error($ldap));
}
$bound = told('BIND_DN') !== null ? ldap_bind($ldap, told('BIND_DN'), password()) : ldap_bind($ldap);
if (!$bound) {
    refused('bind: ' . ldap_error($ldap));
}
if (told('BASE') !== null && !ldap_search($ldap, told('BASE'), told('FILTER') ?? '(objectClass=*)')) {
    refused('search: ' . ldap_error($ldap));
}
ldap_unbind($ldap);
