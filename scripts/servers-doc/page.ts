import { format } from 'prettier';
import type { KnownFailure } from '#case';
import type { RunResult } from '#trace';
import { behaviours } from './behaviours.ts';
import { surprises } from './surprises.ts';
import { tables } from './table.ts';

/** docs/servers.md, from one run. */
export function serversPage(run: RunResult, known: readonly KnownFailure[]): Promise<string> {
  const { environment, targets, summary, startedAt } = run;
  const page = `# What real servers do

Every case of closewait on every server that it knows. This page is written by \`npm run docs:servers\`, and by nothing else: what stands
here was seen, on one machine, in one run, with the configuration that closewait gives each server (\`targets/\`): short time-outs, small
backlogs. A server may do otherwise with another one.

Written by a run of ${startedAt.slice(0, 10)} on Linux ${environment.kernel.split(' ', 1)[0]}: ${targets.length} servers, ${summary.total} results,
${summary.pass} passed, ${summary.fail} failed, ${summary.known} known failures, ${summary.info} reported and not judged,
${summary.unsupported} that a server cannot be asked for.

## Server by case

✓ holds on both families. **✗** does not; ✗ known: does not, and \`targets/known-failures.json\` says why that is tolerated. – cannot be asked
of this server. ? what was seen does not decide. A word or a time: what the server does where the RFC leaves it free and the server
promises nothing (its policy): reported, not judged.

${tables(run)}

## Surprises, with their packets

${surprises(run, known)}

## What they do with a client that has closed its sending side

${behaviours(run)}
`;
  return format(page, { parser: 'markdown', printWidth: 110 });
}
