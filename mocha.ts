import { enterUserNamespace } from '#lab';
import { mochaHooksFor } from '#case';
import { targets } from './targets/index.ts';

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

/** Servers that the tests run every case on; scripts/servers.ts does it with all the others. */
const CORE = ['echo', 'http', 'nginx', 'redis'];

export const mochaHooks = mochaHooksFor(
  targets.filter(({ name }) => CORE.includes(name)),
  {
    ...(plane === undefined ? {} : { plane }),
    slow: slow === '1',
  },
);
