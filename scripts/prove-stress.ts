// `npm run prove:stress`: every case on echo, http, nginx and redis, again and again, while every processor is busy with
// something else. Each verdict must be the same each time, none a failure that is not known, and the states be come to in
// the same way.
//   --repeats N  how often, 50 by default       --user  as an ordinary user, in a user namespace (veth in place of TUN)
//   --select S   these cases alone: states      --seed S  of the first repeat; the next one's is one more
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { plain, renderRun, renderTimeline } from '#report';
import { summarize, type RunResult } from '#trace';
import { build } from './compile.mjs';
import { AS_ORDINARY_USER, copyForEverybody, makeSharedFolder } from './e2e/testing/ordinary-user.ts';
import { Burners } from './stress/burners.ts';
import { Tally } from './stress/tally.ts';

const root = join(import.meta.dirname, '..');

/** What one repeat may take at most; it takes less than a minute. */
const REPEAT_MS = 240_000;

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '50' },
    select: { type: 'string' },
    seed: { type: 'string', default: '1' },
    user: { type: 'boolean', default: false },
  },
});
const repeats = Number(values.repeats);
const firstSeed = Number(values.seed);
if (!Number.isInteger(repeats) || repeats < 1 || !Number.isInteger(firstSeed) || firstSeed < 0) {
  console.error('--repeats is a whole number from 1, --seed one from 0');
  process.exit(64);
}

/** Runs the suite once. @throws when the command fails to tell its result */
async function runOnce(command: readonly string[], folder: string, repeat: number): Promise<RunResult> {
  const selection = values.select === undefined ? [] : [values.select];
  const seed = String(firstSeed + repeat - 1);
  const [program, ...before] = command;
  const known = ['--known', join(root, 'targets/known-failures.json')];
  const args = [...before, 'run', ...selection, '--seed', seed, ...known, '--reporter', 'json'];
  const child = spawn(program!, args, {
    cwd: folder,
    env: { ...process.env, HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: REPEAT_MS,
  });
  const [json, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (json === '') throw new Error(`repeat ${repeat} (seed ${seed}) gave no result:\n${errors}`);
  return JSON.parse(json) as RunResult;
}

function tell(tally: Tally, processors: number, seconds: number): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const row = (name: string, { p50, p95, max }: ReturnType<Tally['durations']>): string =>
    `  ${name.padEnd(30)} p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}`;
  const verdicts = [...tally.verdicts].map(([verdict, count]) => `${verdict} ${count}`);
  console.log(
    `${tally.repeats} repeats of ${tally.cases} cases in ${seconds.toFixed(0)} s, ${processors} processors busy`,
  );
  console.log(`verdicts: ${verdicts.join(', ')}`);
  console.log('how long a case took, with the greetings before and after it:');
  console.log(row('all', tally.durations()));
  for (const id of tally.ids) console.log(row(id, tally.durations(id)));
  for (const { repeat, result, what } of tally.differences) {
    const { id, target, family, reason } = result;
    console.log(
      `repeat ${repeat}: ${id} ${target} IPv${family}: ${what}${reason === '' ? '' : `: ${reason}`}`,
    );
  }
  const [first] = tally.differences;
  if (first === undefined) return;
  const { run, result } = first;
  console.log('\nThe first of them:\n');
  const cases = [result];
  console.log(renderRun({ ...run, cases, summary: summarize(cases) }, { style: plain, width: 100 }));
  // The report has the timeline of what failed alone.
  if (result.verdict === 'pass') console.log(renderTimeline(result.evidence.trace, {}).join('\n'));
}

if (build(root) !== 0) process.exit(1);
const folder = mkdtempSync(join(tmpdir(), 'closewait-stress-'));
const tally = new Tally();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (interrupted = true));
const began = performance.now();
try {
  // A copy, too, so that nothing changes under it while it runs.
  const main = copyForEverybody(folder);
  const drop = values.user && process.getuid?.() === 0 ? AS_ORDINARY_USER : [];
  const command = [...drop, process.execPath, main];
  const work = makeSharedFolder(join(folder, 'work'));
  const processors = availableParallelism();
  await using burners = new Burners(processors, repeats * REPEAT_MS);
  while (tally.repeats < repeats) {
    const run = await runOnce(command, work, tally.repeats + 1);
    if (interrupted) break;
    if (tally.repeats === 0) {
      const { plane, link, user } = run.environment;
      console.log(
        `${run.targets.map(({ name }) => name).join(', ')}: ${plane}, ${link}, ${user} user; busy: ${burners.pids.join(', ')}`,
      );
    }
    tally.add(run);
  }
  tell(tally, processors, (performance.now() - began) / 1000);
  process.exitCode = tally.differences.length > 0 ? 1 : interrupted ? 130 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
