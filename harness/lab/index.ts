export { isInContainer } from './container.ts';
export { findDefaultRoute, requireNoDefaultRoute } from './guard.ts';
export { loopbackHost, readSysctl, writeSysctl, type Host } from './host.ts';
export { createLab, NOBODY, type Lab, type LabOptions } from './lab.ts';
export { bestLinkKind, closeHub } from './link.ts';
export {
  enterUserNamespace,
  isReexecuted,
  labPrivilege,
  userNamespacePrivilege,
  type Privilege,
} from './rootless.ts';
export { closePremises, openPremises, type Premises } from './run-folder.ts';
