export { fdLimit, setFdLimit, type FdLimit } from './fd-limit.ts';
export { watchHangUp, type HangUpWatch } from './hang-up.ts';
export { KernelSocket } from './kernel-socket.ts';
export { SystemCallError } from './libc.ts';
export { LINK_KINDS, MTU, type Link, type LinkKind } from './link.ts';
export { Namespace } from './namespace.ts';
export { NetlinkError } from './netlink.ts';
export { PacketSocket } from './packet.ts';
export { dieWithParent } from './parent-death.ts';
export { disableOffloads, linkAddress, linkIndex, LO, withRoutes } from './rtnetlink.ts';
export { SockDiag, type DiagSocket, type DiagTuple } from './sock-diag.ts';
export {
  closeFd,
  hasFailed,
  localPort,
  setLinger,
  setNoDelay,
  tcpConnect,
  tcpListen,
  tcpSocket,
  unsentBytes,
  type TcpSocketOptions,
} from './tcp-socket.ts';
export { TunLink } from './tun.ts';
