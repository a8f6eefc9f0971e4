export type {
  ApplicationEvent,
  Connection,
  FoldedEvent,
  SegmentEvent,
  Side,
  StateEvent,
  StepEvent,
  TraceEvent,
  WitnessEvent,
} from './events.ts';
export {
  FINDINGS,
  FLAKY,
  NOT_STARTED,
  LEVELS,
  PLANES,
  summarize,
  VERDICTS,
  type CaseResult,
  type EnvironmentInfo,
  type Fault,
  type Finding,
  type Level,
  type PathEntry,
  type Plane,
  type Reference,
  type RunResult,
  type TargetInfo,
  type Verdict,
} from './result.ts';
export { type StateSource } from './state-source.ts';
export { SNAP_LENGTH, Trace } from './trace.ts';
