// A worker's half of the contract (harness/subject/contract.h), for the programs on Node.js: one line
// of JSON for a task, one for its answer. Modules of npm are found in $STARTLE_CLIENT_CACHE.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const require = createRequire(`${process.env.STARTLE_CLIENT_CACHE}/node_modules/`);

class Cannot extends Error {}
export function cannot(reason) {
  throw new Cannot(reason);
}

export const password = (task) => readFileSync(task.password_file, 'utf8');

// Of what a task need not have, the program reads `names`; what else it is told it cannot do.
export function ableToBeTold(task, ...names) {
  for (const name of ['client_certificate', 'crl', 'mechanism', 'tls_policy']) {
    if (task[name] !== undefined && !names.includes(name)) cannot(`this program cannot be told ${name}`);
  }
  if (![undefined, '*', task.host].includes(task.trust)) {
    cannot('it looks for the one name of the host it connects to');
  }
  if (((task.username ?? task.bind_dn) === undefined) !== (task.password_file === undefined)) {
    cannot('it is given a name and a password together, or neither');
  }
}

// As tls.connect() has them.
export function tlsOptions(task) {
  const options = task.ca === undefined ? { rejectUnauthorized: false } : { ca: readFileSync(task.ca) };
  if (task.crl !== undefined) options.crl = readFileSync(task.crl);
  if (task.client_certificate !== undefined) {
    options.cert = readFileSync(task.client_certificate);
    options.key = readFileSync(task.client_key);
  }
  return options;
}

// Calls perform(task) for each task, until stdin ends. What it throws is a refusal.
export async function work(perform) {
  const print = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  print({ startle: 1 });
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line);
    task.port = Number(task.port);
    const answer = { task: task.task, result: 'done' };
    try {
      await perform(task);
    } catch (refusal) {
      answer.result = refusal instanceof Cannot ? 'cannot' : 'refused';
      if (answer.result === 'refused') process.stderr.write(`${refusal?.stack ?? refusal}\n`);
      answer.reason = String(refusal?.message ?? refusal);
    }
    print(answer);
  }
  process.exit(0); // whatever sockets a library has left open
}
