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
export type { NewProxy, NewToxic, ProxyControl, ProxyView } from './control.ts';
export { embeddedControl, type EmbeddedOptions } from './embedded.ts';
export { namespacedControl } from './namespaced.ts';
export { remoteControl, type RemoteOptions } from './remote.ts';
export { DIFFERENCES, DIFFERENCES_BY_PART, type Difference, type DifferenceId } from './differences.ts';
export { makeProxy } from './proxy.ts';
export { TOXIC_TYPES, type Attribute } from './toxics/index.ts';
