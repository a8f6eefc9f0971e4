// `npm run prove:faulty`: every case against every faulty server and its sound twin (targets/faulty). Fails when a fault is
// missed, when a case that has nothing to do with it fails, or when a sound twin does.
//   --only NAME  one fault      --quick  only the cases that must catch a fault, on it and on its twin
//   --cases GLOB  only these
import { parseArgs } from 'node:util';
import picomatch from 'picomatch';
import { runCases, type Case } from '#case';
import type { TargetProgram } from '#target';
import { judgeFaulty, judgeTwin, unknownCases, type Problem, type Verdicts } from './scripts/faulty/judge.ts';
import { cases } from './suites/index.ts';
import { faults, type Fault } from './targets/faulty/index.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    cases: { type: 'string', default: '**' },
  },
});

/** Servers at a time: what they leave in memory, packets and all, is thrown away after each batch. */
const BATCH = 6;

const chosen = faults.filter(({ name }) => values.only?.includes(name) ?? true);
if (chosen.length === 0) {
  console.error(`--only ${values.only?.join(', ')}: there are ${faults.map(({ name }) => name).join(', ')}`);
  process.exit(64);
}

/** Verdicts of all cases on each server, by its name. */
async function verdictsOf(
  targets: readonly TargetProgram[],
  list: readonly Case[],
): Promise<Map<string, Verdicts>> {
  const plan = {
    targets,
    cases: list,
    families: [4],
    plane: 'wire',
    seed: 1,
    repeat: 1,
    slow: false,
  } as const;
  const { cases: results } = await runCases(plan, {});
  return new Map(
    targets.map(({ name }) => [
      name,
      results
        .filter(({ target }) => target === name)
        .map(({ id, verdict, reason }) => ({ id, verdict, reason })),
    ]),
  );
}

async function prove(batch: readonly Fault[]): Promise<{ problems: Problem[]; verdicts: number }> {
  const wanted = new Set(batch.flatMap(({ caughtBy }) => caughtBy));
  const isAsked = picomatch(values.cases);
  const list = cases.filter(({ id, slow }) => !slow && isAsked(id) && (!values.quick || wanted.has(id)));
  const found = await verdictsOf(
    batch.flatMap(({ target, twin }) => [target, twin]),
    list,
  );
  const problems = batch.flatMap((fault) => [
    ...judgeFaulty(fault, found.get(fault.target.name)!),
    ...judgeTwin(fault, found.get(fault.twin.name)!),
  ]);
  return { problems, verdicts: [...found.values()].reduce((sum, { length }) => sum + length, 0) };
}

const began = performance.now();
const problems = unknownCases(
  chosen,
  cases.map(({ id }) => id),
);
let verdicts = 0;
for (let at = 0; at < chosen.length; at += BATCH) {
  const batch = chosen.slice(at, at + BATCH);
  const done = await prove(batch);
  problems.push(...done.problems);
  verdicts += done.verdicts;
  console.log(`${batch.map(({ name }) => name).join(', ')}: ${done.problems.length} problems`);
  for (const { server, case: id, what } of done.problems) console.log(`  ${server}: ${id}: ${what}`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${chosen.length} faults and their twins, ${verdicts} verdicts in ${seconds} s`);
console.log(`${verdicts - problems.length} passed, ${problems.length} failed, 0 skipped`);
process.exitCode = problems.length === 0 ? 0 : 1;
