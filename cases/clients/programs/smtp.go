// Go's net/smtp, step by step, as its documentation's example has it. --send-mail: smtp.SendMail(),
// which begins TLS where STARTTLS is offered and cannot be told a certificate authority.
package main

import (
	"crypto/tls"
	"errors"
	"net/smtp"
	"os"
	"strings"
)

func credential() smtp.Auth {
	if !isTold("USERNAME") {
		return nil
	}
	switch password := string(contents("PASSWORD_FILE")); mechanism() {
	case "PLAIN":
		return smtp.PlainAuth("", told("USERNAME"), password, told("HOST"))
	case "CRAM-MD5":
		return smtp.CRAMMD5Auth(told("USERNAME"), password)
	default:
		cannot("net/smtp has no " + told("MECHANISM"))
		return nil
	}
}

// Its documentation leaves it to the caller to ask what the server offers.
func mustOffer(client *smtp.Client, extension, parameter string) {
	offered, parameters := client.Extension(extension)
	if !offered || !strings.Contains(" "+parameters+" ", " "+parameter+" ") {
		must(extension, errors.New("the server does not offer it"))
	}
}

func mechanism() string {
	if isTold("MECHANISM") {
		return told("MECHANISM")
	}
	return "PLAIN"
}

func main() {
	ableToBeTold("CLIENT_CERTIFICATE", "MECHANISM")
	address := told("HOST") + ":" + told("PORT")
	auth := credential()
	message := contents("MESSAGE_FILE")

	if len(os.Args) > 1 && os.Args[1] == "--send-mail" {
		if told("MODE") != "smtp-starttls" || !isTold("CA") {
			cannot("smtp.SendMail() begins in clear, and verifies always")
		}
		os.Setenv("SSL_CERT_FILE", told("CA")) // crypto/x509 reads it when it first needs it
		must("SendMail", smtp.SendMail(address, auth, told("SENDER"), []string{told("RECIPIENT")}, message))
		return
	}

	var client *smtp.Client
	if told("MODE") == "smtps" {
		connection, err := tls.Dial("tcp", address, tlsConfig())
		must("connecting", err)
		client, err = smtp.NewClient(connection, told("HOST"))
		must("greeting", err)
	} else {
		var err error
		client, err = smtp.Dial(address)
		must("connecting", err)
		mustOffer(client, "STARTTLS", "")
		must("STARTTLS", client.StartTLS(tlsConfig()))
	}
	if auth != nil {
		mustOffer(client, "AUTH", mechanism())
		must("AUTH", client.Auth(auth))
	}
	must("MAIL", client.Mail(told("SENDER")))
	must("RCPT", client.Rcpt(told("RECIPIENT")))
	data, err := client.Data()
	must("DATA", err)
	_, err = data.Write(message)
	must("message", err)
	must("message", data.Close())
	client.Quit()
}
