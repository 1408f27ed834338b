#!/usr/bin/env node
// Nodemailer under test: `ci/startle run --client ./client.mjs`, in a folder where `npm install nodemailer`
// was called. Put your own client in its place.
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';

const told = (name) => process.env[`STARTLE_${name}`];
if (told('PROTOCOL') !== 'smtp' || told('MECHANISM') || told('CLIENT_CERTIFICATE')) {
  console.log('this client sends mail, with the mechanism that is offered');
  process.exit(89); // it cannot do this, which is no failure
}
const tls = told('CA') ? { ca: readFileSync(told('CA')) } : { rejectUnauthorized: false };
if (told('CRL')) tls.crl = readFileSync(told('CRL'));
const implicit = told('MODE') === 'smtps';
const auth = told('USERNAME') && { user: told('USERNAME'), pass: readFileSync(told('PASSWORD_FILE'), 'utf8') };
const transport = nodemailer.createTransport({
  host: told('HOST'), port: Number(told('PORT')), secure: implicit, requireTLS: !implicit, tls, auth,
});
try {
  const envelope = { from: told('SENDER'), to: [told('RECIPIENT')] };
  await transport.sendMail({ envelope, raw: readFileSync(told('MESSAGE_FILE')) });
} catch (refusal) {
  console.log(refusal.message);
  if (refusal.code === 'CERT_HAS_EXPIRED') console.log('startle: certificate-expired');
  process.exit(1);
}
