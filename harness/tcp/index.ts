export { type Endpoint, type Family, formatEndpoint, type Tuple } from './address.ts';
export { familyOf, formatAddress, parseAddress, unmapAddress } from './ip-address.ts';
export { findState, parseState, type State, type StateName, STATES } from './states.ts';

export { type Seq, seq, seqAdd, seqDiff, seqInWindow, seqLe, seqLt } from './seq.ts';
export { ACK, CWR, ECE, FIN, type Flags, formatFlags, parseFlags, PSH, RST, SYN, URG } from './flags.ts';
export { type Packet, type Segment, segment, type SegmentFields, segmentLength } from './segment.ts';
export { formatSegment, type Origin } from './format-segment.ts';
export { emitOptions, parseOptions, type TcpOption } from './options.ts';

export { decodePacket, encodePacket } from './packet.ts';
export { hasValidChecksums, openPacket, type PacketView, updateChecksums } from './packet-view.ts';
export { IPPROTO_ICMPV6, IPPROTO_TCP, type IpHeader, type IpPacket } from './ip-header.ts';
export { emitIp, type IpView, openIp, parseIp, protocolOf } from './ip.ts';
export { emitIpv4, Ipv4View, parseIpv4 } from './ipv4.ts';
export { emitIpv6, Ipv6View, parseIpv6 } from './ipv6.ts';
export { emitTcp, parseTcp, type Ports, TcpView } from './tcp.ts';
export { checksumOf, internetChecksum, pseudoHeaderSum, sum16 } from './checksum.ts';

export { step } from './machine.ts';
export { stateOf, type Tcb, tcb, type TcbFields, type TcbState } from './machine-tcb.ts';
export type { CallError, Clause, MachineEvent, Outcome, Outcomes, Signal } from './machine-events.ts';
export { MACHINE_DEFAULTS, type MachineOptions } from './machine-options.ts';
export { type Cause, type Edge, EDGES } from './machine-edges.ts';
export { pathBetween } from './machine-path.ts';
