import { enterUserNamespace } from '#lab';
import { mochaHooksFor } from '#case';
import { targets } from './targets/index.ts';

// What mocha loads before the test files (.mocharc.json): it gives an ordinary user what a lab needs, and the cases
// under suites/ their targets. CLOSEWAIT_PLANE and CLOSEWAIT_SLOW=1 choose as --plane and --slow do.
await enterUserNamespace({ keepNetwork: true });

const { CLOSEWAIT_PLANE: plane, CLOSEWAIT_SLOW: slow } = process.env;
if (plane !== undefined && plane !== 'wire' && plane !== 'loopback') {
  throw new Error(`CLOSEWAIT_PLANE is '${plane}'; it can be wire or loopback`);
}

export const mochaHooks = mochaHooksFor(targets, {
  ...(plane === undefined ? {} : { plane }),
  slow: slow === '1',
});
