// What a client under test is told (STARTLE_*; harness/subject/contract.h), for the programs in Go.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func told(name string) string { return os.Getenv("STARTLE_" + name) }

func isTold(name string) bool {
	_, told := os.LookupEnv("STARTLE_" + name)
	return told
}

func cannot(reason string) {
	fmt.Println(reason)
	os.Exit(89)
}

func must(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func contents(name string) []byte {
	octets, err := os.ReadFile(told(name))
	must(name, err)
	return octets
}

// Of what a task need not have, this program reads names; what else it is told it cannot do.
func ableToBeTold(names ...string) {
	able := map[string]bool{}
	for _, name := range names {
		able[name] = true
	}
	for _, name := range []string{"CLIENT_CERTIFICATE", "CRL", "MECHANISM", "TLS_POLICY"} {
		if isTold(name) && !able[name] {
			cannot("this program cannot be told STARTLE_" + name)
		}
	}
	if trust := told("TRUST"); trust != "" && trust != "*" && trust != told("HOST") {
		cannot("it looks for the one name of the host it connects to")
	}
	if (isTold("USERNAME") || isTold("BIND_DN")) != isTold("PASSWORD_FILE") {
		cannot("it is given a name and a password together, or neither")
	}
}

func tlsConfig() *tls.Config {
	config := &tls.Config{ServerName: told("HOST")}
	if isTold("CA") {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(contents("CA")) {
			cannot("crypto/x509 reads no certificate from STARTLE_CA")
		}
	} else {
		config.InsecureSkipVerify = true
	}
	if isTold("CLIENT_CERTIFICATE") {
		pair, err := tls.LoadX509KeyPair(told("CLIENT_CERTIFICATE"), told("CLIENT_KEY"))
		must("client certificate", err)
		config.Certificates = []tls.Certificate{pair}
	}
	return config
}
