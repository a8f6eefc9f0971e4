// `npm run prove:proxy`: 100,000 requests at random to the API of the embedded proxy, half of them with --strict, and 10,000
// connections with toxics added, changed and removed at random. No crash, no hang, no descriptor left, every byte in order or
// cut by a toxic that says so. The tests do the same with fewer.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { status } = spawnSync(
  process.execPath,
  [
    '--import=tsx',
    '--conditions=source',
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--no-package',
    '--require=./mocha.ts',
    'harness/proxy/api-fuzz.test.ts',
    'harness/proxy/random-toxics.test.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CLOSEWAIT_FUZZ_REQUESTS: '50000', CLOSEWAIT_RANDOM_ROUNDS: '50' },
  },
);
process.exitCode = status ?? 1;
