// `npm run prove:kill`: runs the main job again and again, and kills it by SIGKILL at points spread over its life. Two seconds
// later nothing of it may be left: no process, network namespace, device or file.
//   --points N  how often, 50 by default    --seed S  of the points    -- ARGS  another job than `run`
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { random } from '#core';
import { build } from './compile.mjs';
import { AS_ORDINARY_USER, copyForEverybody, makeSharedFolder } from './e2e/testing/ordinary-user.ts';
import { enterBox, isInBox } from './proof/box.ts';
import { Remains, type User } from './proof/remains.ts';

const CLEAN_MS = 2000;

const { values, positionals } = parseArgs({
  options: { points: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const points = Number(values.points);

if (!isInBox() && build(join(import.meta.dirname, '..')) !== 0) process.exit(1);
const folder = await enterBox();
const main = copyForEverybody(folder);
const tmp = makeSharedFolder(join(folder, 'tmp'));
const users: User[] = [{ name: 'root', prefix: [] }];
// A user namespace of an ordinary user's knows nobody but him.
if (spawnSync(AS_ORDINARY_USER[0], [...AS_ORDINARY_USER.slice(1), 'true']).status === 0)
  users.push({ name: 'an ordinary user', prefix: AS_ORDINARY_USER });
const remains = new Remains(tmp, users);

/** Starts the job, in a process group of its own. */
function start({ prefix }: User) {
  const job = positionals.length > 0 ? positionals : ['run', 'states'];
  const [program, ...args] = [...prefix, process.execPath, main, ...job];
  return spawn(program!, args, {
    cwd: folder,
    env: { ...process.env, HOME: tmp, TMPDIR: tmp },
    stdio: 'ignore',
    detached: true,
  });
}

async function expectNothing(when: string): Promise<number> {
  const gone = await remains.gone(CLEAN_MS);
  if (typeof gone === 'number') return gone;
  console.error(`${when}: left after ${CLEAN_MS} ms:\n${gone.map((line) => `  ${line}`).join('\n')}`);
  process.exit(1);
}

const lives = new Map<User, number>();
for (const user of users) {
  const began = performance.now();
  const [status] = (await once(start(user), 'exit')) as [number | null];
  lives.set(user, performance.now() - began);
  if (status !== 0) {
    console.error(`the job itself exited with ${status} for ${user.name}`);
    process.exit(1);
  }
  await expectNothing(`${user.name}, not killed`);
}

const seeded = random(Number(values.seed));
let slowest = 0;
for (let point = 0; point < points; point++) {
  const user = users[point % users.length]!;
  const group = Math.floor(point / users.length) % 2 === 1;
  const atMs = ((point + seeded.fraction()) / points) * lives.get(user)!;
  const job = start(user);
  const exit = once(job, 'exit');
  await delay(atMs);
  try {
    process.kill(group ? -job.pid! : job.pid!, 'SIGKILL');
  } catch (error) {
    // It was quicker this time, and has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await exit;
  const what = group ? 'the process group' : 'the process';
  slowest = Math.max(
    slowest,
    await expectNothing(`${what} of ${user.name}, killed after ${atMs.toFixed(0)} ms`),
  );
}
const span = users.map((user) => `${user.name} (${lives.get(user)!.toFixed(0)} ms a run)`).join(' and ');
console.log(`killed at ${points} points as ${span}: nothing left, slowest clean-up ${slowest.toFixed(0)} ms`);
process.exit(0);
