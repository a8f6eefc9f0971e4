// `npm run prove:silence`: runs the main job where there is a way out, a default route to a network that watches, and finds
// that not one packet took it, and that none was on loopback but loopback's own.
//   -- ARGS  another job than `run`
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { RunResult } from '#trace';
import { build } from './compile.mjs';
import { AS_ORDINARY_USER, copyForEverybody, makeSharedFolder } from './e2e/testing/ordinary-user.ts';
import { enterBox, isInBox } from './proof/box.ts';
import { Watch } from './proof/watch.ts';

const { positionals } = parseArgs({ options: {}, allowPositionals: true });

if (!isInBox() && build(join(import.meta.dirname, '..')) !== 0) process.exit(1);
const folder = await enterBox();
const main = copyForEverybody(folder);
const tmp = makeSharedFolder(join(folder, 'tmp'));
const watch = new Watch();

/** Runs the job on the wire. @returns how many cases */
async function run(prefix: readonly string[]): Promise<number> {
  const job = positionals.length > 0 ? positionals : ['run'];
  const wire = ['--plane', 'wire', '--reporter', 'json'];
  const [program, ...args] = [...prefix, process.execPath, main, ...job, ...wire];
  const child = spawn(program!, args, {
    cwd: folder,
    env: { ...process.env, HOME: tmp, TMPDIR: tmp },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [json, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const { cases } = json === '' ? { cases: [] } : (JSON.parse(json) as RunResult);
  // A case that fails sends no more than one that passes.
  if ((status === 0 || status === 1) && cases.length > 0 && cases.every(({ plane }) => plane === 'wire'))
    return cases.length;
  throw new Error(`the job exited with ${status} after ${cases.length} cases`);
}

const prefixes: (readonly string[])[] = [[]];
if (spawnSync(AS_ORDINARY_USER[0], [...AS_ORDINARY_USER.slice(1), 'true']).status === 0) {
  prefixes.push(AS_ORDINARY_USER);
}
let ran = 0;
// Each side of the jobs a packet is sent on purpose to a lab's addresses: the watch sees what there is to see.
await watch.seesWhatIsSent();
for (const prefix of prefixes) ran += await run(prefix);
await watch.seesWhatIsSent();

const { strays, loopback } = watch.end();
if (strays.length > 0) {
  console.error(`packets that should not have been:\n${strays.map((line) => `  ${line}`).join('\n')}`);
  process.exit(1);
}
console.log(`${ran} cases ran on the wire, and no packet left; on loopback ${loopback}, all its own`);
process.exit(0);
