// Nodemailer with requireTLS. --opportunistic: without, STARTTLS where it is offered.
import { readFileSync } from 'node:fs';
import { ableToBeTold, cannot, password, require, tlsOptions, work } from './contract.mjs';

const nodemailer = require('nodemailer');

await work(async (task) => {
  ableToBeTold(task, 'client_certificate', 'crl', 'mechanism');
  if (![undefined, 'CRAM-MD5', 'LOGIN', 'PLAIN'].includes(task.mechanism)) {
    cannot(`Nodemailer has no ${task.mechanism} with a password`);
  }
  const transport = nodemailer.createTransport({
    host: task.host,
    port: task.port,
    secure: task.mode === 'smtps',
    requireTLS: task.mode === 'smtp-starttls' && !process.argv.includes('--opportunistic'),
    tls: tlsOptions(task),
    ...(task.username !== undefined && { auth: { user: task.username, pass: password(task) } }),
    ...(task.mechanism !== undefined && { authMethod: task.mechanism }),
  });
  try {
    await transport.sendMail({
      envelope: { from: task.sender, to: [task.recipient] },
      raw: readFileSync(task.message_file),
    });
  } finally {
    transport.close();
  }
});
