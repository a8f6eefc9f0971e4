// `npm run bench`: closewait beside what a user has today, measured in one run.
//   npm run bench -- [NAME...] [--json FILE]
import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { VERSION } from '#core';
import { closePremises, enterUserNamespace } from '#lab';
import { cases } from './cases.ts';
import { halfOpen } from './half-open.ts';
import { handshakes } from './handshakes.ts';
import { labs } from './labs.ts';
import type { Row } from './measure.ts';
import { proxies } from './proxies.ts';
import { stateToKnown } from './state-to-known.ts';
import { statesCaught } from './states-caught.ts';
import { formatTable } from './table.ts';

const BENCHMARKS = [stateToKnown, statesCaught, cases, labs, handshakes, halfOpen, proxies];

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' } },
  allowPositionals: true,
});
const names = BENCHMARKS.map(({ name }) => name);
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`no benchmark is called '${unknown}'; there are ${names.join(', ')}`);
  process.exit(64);
}
const privilege = await enterUserNamespace();
if (!privilege.ok) {
  console.error(`${privilege.reason}\n${privilege.remedy}`);
  process.exit(4);
}

const rows: Row[] = [];
try {
  for (const benchmark of BENCHMARKS) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue;
    console.error(`${benchmark.name} ...`);
    rows.push(...(await benchmark.run()));
  }
} finally {
  closePremises();
}
console.log(formatTable(rows));
if (values.json !== undefined) {
  const machine = { cpus: cpus().length, cpu: cpus()[0]?.model, kernel: release(), node: process.version };
  writeFileSync(values.json, `${JSON.stringify({ version: VERSION, machine, rows }, null, 2)}\n`);
}
