// ldapts: startTLS() and tlsOptions take the options of tls.connect().
import { ableToBeTold, password, require, tlsOptions, work } from './contract.mjs';

const { Client } = require('ldapts');

await work(async (task) => {
  ableToBeTold(task, 'client_certificate', 'crl');
  const implicit = task.mode === 'ldaps';
  const client = new Client({
    url: `${implicit ? 'ldaps' : 'ldap'}://${task.host}:${task.port}`,
    ...(implicit && { tlsOptions: tlsOptions(task) }),
  });
  try {
    if (task.mode === 'ldap-starttls') await client.startTLS(tlsOptions(task));
    if (task.bind_dn !== undefined) await client.bind(task.bind_dn, password(task));
    else await client.bind('', '');
    if (task.base !== undefined) await client.search(task.base, { filter: task.filter ?? '(objectClass=*)' });
  } finally {
    await client.unbind();
  }
});
