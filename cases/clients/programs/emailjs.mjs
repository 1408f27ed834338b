// emailjs, with `tls` or `ssl` as its README has them: an object of TLS options.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ableToBeTold, cannot, password, require, tlsOptions, work } from './contract.mjs';

const { SMTPClient } = await import(pathToFileURL(require.resolve('emailjs')));

await work(async (task) => {
  ableToBeTold(task, 'client_certificate', 'crl', 'mechanism');
  if (![undefined, 'CRAM-MD5', 'LOGIN', 'PLAIN'].includes(task.mechanism)) {
    cannot(`emailjs has no ${task.mechanism} with a password`);
  }
  const [header, ...body] = readFileSync(task.message_file, 'utf8').split('\r\n\r\n');
  const client = new SMTPClient({
    host: task.host,
    port: task.port,
    [task.mode === 'smtps' ? 'ssl' : 'tls']: tlsOptions(task),
    ...(task.username !== undefined && { user: task.username, password: password(task) }),
    ...(task.mechanism !== undefined && { authentication: [task.mechanism] }),
  });
  try {
    await client.sendAsync({
      from: task.sender,
      to: task.recipient,
      subject: /^Subject: (.*)$/m.exec(header)?.[1] ?? '',
      text: body.join('\r\n\r\n'),
    });
  } finally {
    client.smtp.close(true);
  }
});
