#!/usr/bin/env node
import { runCases } from '#case';
import { examineMachine, main } from '#cli';
import { VERSION } from '#core';
import { attachTarget, execTarget, learnTraits } from '#target';
import { cases } from './suites/index.ts';
import { CORE, targets } from './targets/index.ts';

// The composition root: the one place where harness, targets and suites meet.
process.exitCode = await main(process.argv.slice(2), {
  version: VERSION,
  targets,
  core: CORE,
  cases,
  run: runCases,
  learn: learnTraits,
  execTarget,
  attachTarget,
  doctor: examineMachine,
});
