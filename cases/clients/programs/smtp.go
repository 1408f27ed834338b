// Go's net/smtp, step by step, as its documentation's example has it. --send-mail: smtp.SendMail(),
// which begins TLS where STARTTLS is offered and cannot be told a certificate authority.
package main

import (
	"crypto/tls"
	"net/smtp"
	"os"
)

func credential() smtp.Auth {
	if !isTold("USERNAME") {
		return nil
	}
	switch password := string(contents("PASSWORD_FILE")); told("MECHANISM") {
	case "", "PLAIN":
		return smtp.PlainAuth("", told("USERNAME"), password, told("HOST"))
	case "CRAM-MD5":
		return smtp.CRAMMD5Auth(told("USERNAME"), password)
	default:
		cannot("net/smtp has no " + told("MECHANISM"))
		return nil
	}
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
		must("STARTTLS", client.StartTLS(tlsConfig()))
	}
	if auth != nil {
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
