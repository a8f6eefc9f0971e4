export { attachTarget } from './attach.ts';
export {
  type DialTo,
  type Exchange,
  type Installed,
  type Manners,
  type Ready,
  type Reply,
  SPEECH,
  type Speech,
  type StartContext,
  type StartPlan,
  type TargetAddress,
  type TargetDefinition,
  type TargetProgram,
  type Traits,
} from './contract.ts';
export { type Answer, closedByPeer, exchange } from './exchange.ts';
export { connectWithin, hangUp } from './connect.ts';
export { execTarget, type ExecOptions } from './exec.ts';
export { findProgram } from './find-program.ts';
export type { Counts, Exit, ProcessControl, RunningTarget } from './running.ts';
export { planNodeServer, thisNode } from './node-server.ts';
export { startTarget, type StartOptions } from './start.ts';
export { tryTarget, whyNotOn } from './trial.ts';
