#!/usr/bin/env node
import { runCases } from '#case';
import { examineMachine, main } from '#cli';
import { VERSION } from '#core';
import { attachTarget, execTarget, learnTraits } from '#target';
import { cases } from './suites/index.ts';
import { targets } from './targets/index.ts';

// The composition root: the one place where harness, targets and suites meet.
process.exitCode = await main(process.argv.slice(2), {
  version: VERSION,
  targets,
  // Two of its own and two that everybody knows: quick to run, and between them they speak of all that a case may need.
  core: ['echo', 'http', 'nginx', 'redis'],
  cases,
  run: runCases,
  learn: learnTraits,
  execTarget,
  attachTarget,
  doctor: examineMachine,
});
