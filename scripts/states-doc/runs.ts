import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CaseResult, RunResult } from '#trace';

const root = join(import.meta.dirname, '../..');

/** The runs that the page is made of. */
export interface Runs {
  readonly nginx: RunResult;
  readonly redis: RunResult;
  readonly echo: RunResult;
  readonly loopback: RunResult;
}

/** All but the slow one, in a few seconds. */
export async function quickRuns(): Promise<Runs> {
  const [nginx, redis, echo, loopback] = await Promise.all([
    closewait('nginx', 'states', '--plane', 'wire'),
    closewait('redis', 'states/established', '--plane', 'wire'),
    closewait('echo', 'states/fin-wait-2-lasts', '--plane', 'wire'),
    closewait('nginx', 'states', '--plane', 'loopback'),
  ]);
  return { nginx, redis, echo, loopback };
}

/** What states/time-wait-lasts measures on nginx, in its words: it takes a minute. */
export async function measureTimeWait(): Promise<string> {
  return find(
    await closewait('nginx', 'states/time-wait-lasts', '--slow', '--family', '4'),
    'states/time-wait-lasts',
  ).actual;
}

/** The result of one case on IPv4, or the family that is asked for. @throws Error when it did not pass */
export function find({ cases }: RunResult, id: string, family = 4): CaseResult {
  const result = cases.find((one) => one.id === id && one.family === family);
  if (result?.verdict !== 'pass')
    throw new Error(`${id} did not pass: ${result?.reason ?? 'it did not run'}`);
  return result;
}

async function closewait(...args: string[]): Promise<RunResult> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=source',
      'main.ts',
      'run',
      ...args,
      '--seed',
      '1',
      '--reporter',
      'json',
    ],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as RunResult;
}
