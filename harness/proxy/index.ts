export { startApi, type Api, type ApiOptions } from './api.ts';
export type {
  ConnectionInfo,
  Counters,
  FaultProxy,
  MakeProxy,
  ProxyOptions,
  ProxySettings,
  Stream,
  Toxic,
  ToxicChange,
} from './contract.ts';
export { DIFFERENCES, type Difference, type DifferenceId } from './differences.ts';
export { makeProxy } from './proxy.ts';
export { TOXIC_TYPES } from './toxics/index.ts';
