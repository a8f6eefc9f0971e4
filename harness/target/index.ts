export { attachTarget } from './attach.ts';
export {
  type DialTo,
  type Exchange,
  type Installed,
  type Manners,
  type Ready,
  type HalfClosePolicy,
  type Policy,
  type Reply,
  PATHS,
  type PathName,
  SPEECH,
  type Speech,
  type StartContext,
  type StartPlan,
  type TargetAddress,
  type TargetDefinition,
  type TargetProgram,
  type Told,
  type Traits,
} from './contract.ts';
export { DECLARABLE, declaredIn, readDeclared, traitsFrom, type DeclaredValue } from './declared.ts';
export { cargoPackage } from './cargo.ts';
export { type Answer, closedByPeer, exchange } from './exchange.ts';
export { compileOnce } from './compiled.ts';
export { connectWithin, hangUp } from './connect.ts';
export { endsWith } from './ends-with.ts';
export { execTarget, type ExecOptions } from './exec.ts';
export { findProgram, programsNamed } from './find-program.ts';
export { wholeHttpAnswer } from './http-answer.ts';
export {
  bracketed,
  HTTP_BACKEND,
  httpReply,
  httpRequest,
  LARGE,
  largeHttpExchange,
  numberInHttpAnswer,
  WINDOW_FILLING,
} from './http-request.ts';
export { httpPaths } from './http-paths.ts';
export { findJdk, planJava } from './java.ts';
export { learnTraits, type Finding, type Learned, type LearnTraits } from './learn.ts';
export { lineCommands } from './line-commands.ts';
export { findPython, planPython, PYTHON_ENVIRONMENT } from './python.ts';
export type { Counts, Exit, FdLimits, ProcessControl, RunningTarget } from './running.ts';
export { planNodeServer, thisNode } from './node-server.ts';
export { asOrdinaryUser, inOwnSharedMemory } from './ordinary-user.ts';
export { startTarget, type StartOptions } from './start.ts';
export { tryTarget, whyNotOn } from './trial.ts';
