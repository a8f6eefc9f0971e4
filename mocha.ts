import { readFileSync } from 'node:fs';
import { enterUserNamespace } from '#lab';
import { mochaHooksFor, parseKnown } from '#case';
import { CORE, targets } from './targets/index.ts';

// What mocha loads before the test files (.mocharc.json): it gives an ordinary user what a lab needs, and the cases
// under suites/ their targets. CLOSEWAIT_PLANE and CLOSEWAIT_SLOW=1 choose as --plane and --slow do. A test that needs
// this machine's own network runs with CLOSEWAIT_STAY=1: an ordinary user's user namespace has none.
const { CLOSEWAIT_PLANE: plane, CLOSEWAIT_SLOW: slow, CLOSEWAIT_STAY: stay } = process.env;

if (plane !== undefined && plane !== 'wire' && plane !== 'loopback') {
  throw new Error(`CLOSEWAIT_PLANE is '${plane}'; it can be wire or loopback`);
}

/** Mocha loads this file as CommonJS, where nothing can be awaited at the top: it awaits this before the first test. */
export async function mochaGlobalSetup(): Promise<void> {
  if (stay !== '1') await enterUserNamespace();
}

const file = readFileSync(new URL('targets/known-failures.json', import.meta.url), 'utf8');

// All the other servers are a stage of .ci/run.
export const mochaHooks = mochaHooksFor(
  targets.filter(({ name }) => CORE.includes(name)),
  {
    ...(plane === undefined ? {} : { plane }),
    slow: slow === '1',
    known: parseKnown(JSON.parse(file)),
  },
);
