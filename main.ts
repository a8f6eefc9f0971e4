#!/usr/bin/env node
import { runCases } from '#case';
import { examineMachine, main } from '#cli';
import { VERSION } from '#core';
import { attachTarget, execTarget } from '#target';
import { cases } from './suites/index.ts';
import { targets } from './targets/index.ts';

// The composition root: the one place where harness, targets and suites meet.
process.exitCode = await main(process.argv.slice(2), {
  version: VERSION,
  targets,
  cases,
  run: runCases,
  execTarget,
  attachTarget,
  doctor: examineMachine,
});
