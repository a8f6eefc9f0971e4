// `npm run docs:states` writes docs/states.md from runs: it takes a minute, for TIME_WAIT is measured.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { statesPage } from './states-doc/page.ts';
import { measureTimeWait, quickRuns } from './states-doc/runs.ts';

export const STATES_PAGE = join(import.meta.dirname, '../docs/states.md');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runs = await quickRuns();
  writeFileSync(STATES_PAGE, await statesPage(runs, await measureTimeWait()));
}
