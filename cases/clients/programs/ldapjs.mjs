// ldapjs, by its guide: an error handler, starttls() with the options of tls.connect(), bind, search.
import { ableToBeTold, password, require, tlsOptions, work } from './contract.mjs';

const ldap = require('ldapjs');

await work(async (task) => {
  ableToBeTold(task, 'client_certificate', 'crl');
  const implicit = task.mode === 'ldaps';
  const client = ldap.createClient({
    url: `${implicit ? 'ldaps' : 'ldap'}://${task.host}:${task.port}`,
    ...(implicit && { tlsOptions: tlsOptions(task) }),
  });
  const failed = new Promise((_, reject) => {
    for (const event of ['error', 'connectError', 'setupError', 'connectTimeout', 'close']) {
      client.on(event, (cause) => reject(cause instanceof Error ? cause : new Error(event)));
    }
  });
  const done = (call) => new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)));
  });
  const finished = (search) => new Promise((resolve, reject) => {
    search.on('error', reject);
    search.on('end', (result) => (result?.status ? reject(new Error(`search: ${result.status}`)) : resolve()));
  });
  const exchange = async () => {
    if (task.mode === 'ldap-starttls') await done((then) => client.starttls(tlsOptions(task), [], then));
    await done((then) => client.bind(task.bind_dn ?? '', task.bind_dn === undefined ? '' : password(task), then));
    if (task.base !== undefined) {
      const options = { filter: task.filter ?? '(objectClass=*)', scope: 'sub' };
      await finished(await done((then) => client.search(task.base, options, then)));
    }
  };
  try {
    await Promise.race([exchange(), failed]);
  } finally {
    client.destroy();
  }
});
