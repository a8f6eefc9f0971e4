#!/usr/bin/env node
// What the container `closewait` does: every suite against every service, directly and through Toxiproxy.
// node run.mjs FOLDER: the reports go there. Exits with the worst code of its runs.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { Toxiproxy } from 'toxiproxy-node-client';
import { closing, skips, table, worst } from './summary.mjs';

/** @typedef {{ name: string, port: number, as: string }} Service */
/** @typedef {{ how: string, service?: string, case: string }} Known */

const HOSTS = /** @type {const} */ ({ ipv4: '127.0.0.1', ipv6: '[::1]' });
const TOXIPROXY = process.env['TOXIPROXY_URL'] ?? 'http://127.0.0.1:8474';
/** A service's port before which Toxiproxy listens is so much higher. */
const BEFORE = 20_000;

const [folder = 'reports'] = process.argv.slice(2);
/** @type {Service[]} */
const services = JSON.parse(readFileSync(new URL('services.json', import.meta.url), 'utf8'));
/** Entries as of `--known`, without the address. @type {Known[]} */
const knownFailures = JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8'));
const toxiproxy = new Toxiproxy(TOXIPROXY);
/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

/** @type {import('./summary.mjs').Run[]} */
const runs = [];
for (const service of services) {
  for (const [family, host] of Object.entries(HOSTS)) {
    const address = `${host}:${service.port}`;
    const before = `${host}:${service.port + BEFORE}`;
    await toxiproxy.createProxy({ name: `${service.name}-${family}`, listen: before, upstream: address });
    await test(service, family, 'direct', [address]);
    await test(service, family, 'toxiproxy', [address, 'proxy', '--proxy', TOXIPROXY]);
    await test(service, family, 'through', [before, '--exclude', 'proxy']);
  }
}

const whole = worst(runs);
writeFileSync(
  join(folder, 'summary.json'),
  `${JSON.stringify({ exitCode: whole, runs }, (key, value) => (key === 'result' ? undefined : value), 2)}\n`,
);
console.log(`\n${skips(runs)}\n\n${table(runs)}\n\n${closing(runs)}`);
process.exitCode = whole;

/**
 * One run of closewait, with its reports.
 * @param {Service} service
 * @param {string} family
 * @param {string} how
 * @param {readonly string[]} words
 */
async function test({ name, as }, family, how, words) {
  const report = `${name}.${how}.${family}`;
  const json = join(folder, `${report}.json`);
  rmSync(json, { force: true });
  const args = ['run', ...words, '--as', as, '--json', json];
  const known = knownFailures
    .filter((entry) => entry.how === how && (entry.service ?? name) === name)
    .map(({ how: _how, service: _service, ...entry }) => ({ target: words[0], ...entry }));
  if (known.length > 0) {
    const file = join(folder, `${report}.known.json`);
    writeFileSync(file, JSON.stringify({ known }));
    args.push('--known', file);
  }
  console.log(`closewait ${args.join(' ')}`);
  const text = createWriteStream(join(folder, `${report}.txt`));
  const child = spawn('closewait', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  for (const stream of [child.stdout, child.stderr]) stream.pipe(text, { end: false });
  const [code] = await once(child, 'close');
  text.end();
  await once(text, 'close');
  const exitCode = code ?? 70;
  const result = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : null;
  runs.push({ service: name, how, family, report, exitCode, summary: result?.summary ?? null, result });
  if (exitCode !== 0) console.log(readFileSync(join(folder, `${report}.txt`), 'utf8'));
}
