export { mochaHooksFor, type MochaOptions } from './mocha.ts';
export type { CaseInfo, KnownFailure, RunCases, RunListener, RunPlan } from './contract.ts';
export { defineCase, type Case, type CaseDefinition } from './define.ts';
export { type LoopbackCase } from './loopback-case.ts';
export { runCases } from './run.ts';
export { type WireCase } from './wire-case.ts';
export type { Outcome, Peer, Sent } from '#wire';
export { Trace } from '#trace';
export type { Exchange, ProcessControl } from '#target';
