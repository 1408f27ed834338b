// go-ldap, as its documentation's examples have it.
package main

import (
	"github.com/go-ldap/ldap/v3"
)

func main() {
	ableToBeTold("CLIENT_CERTIFICATE")
	scheme := "ldap"
	if told("MODE") == "ldaps" {
		scheme = "ldaps"
	}
	connection, err := ldap.DialURL(scheme+"://"+told("HOST")+":"+told("PORT"), ldap.DialWithTLSConfig(tlsConfig()))
	must("connecting", err)
	defer connection.Close()
	if told("MODE") == "ldap-starttls" {
		must("StartTLS", connection.StartTLS(tlsConfig()))
	}
	if isTold("BIND_DN") {
		must("bind", connection.Bind(told("BIND_DN"), string(contents("PASSWORD_FILE"))))
	} else {
		must("bind", connection.UnauthenticatedBind(""))
	}
	if isTold("BASE") {
		filter := told("FILTER")
		if filter == "" {
			filter = "(objectClass=*)"
		}
		_, err = connection.Search(ldap.NewSearchRequest(told("BASE"), ldap.ScopeWholeSubtree, ldap.NeverDerefAliases,
			0, 0, false, filter, nil, nil))
		must("search", err)
	}
}
