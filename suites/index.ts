import type { Case } from '#case';
import listen from './states/listen.case.ts';
import synSent from './states/syn-sent.case.ts';
import synRcvd from './states/syn-rcvd.case.ts';
import established from './states/established.case.ts';
import finWait1 from './states/fin-wait-1.case.ts';
import finWait2 from './states/fin-wait-2.case.ts';
import timeWait from './states/time-wait.case.ts';
import closing from './states/closing.case.ts';
import closeWait from './states/close-wait.case.ts';
import lastAck from './states/last-ack.case.ts';
import closed from './states/closed.case.ts';
import timeWaitFromFinAck from './states/time-wait-from-fin-ack.case.ts';
import finWait2Lasts from './states/fin-wait-2-lasts.case.ts';
import timeWaitLasts from './states/time-wait-lasts.case.ts';
import halfCloseFast from './close/half-close-fast.case.ts';
import halfCloseSlow from './close/half-close-slow.case.ts';
import halfCloseLarge from './close/half-close-large.case.ts';
import halfCloseRelay from './close/half-close-relay.case.ts';
import closeWaitLeak from './close/close-wait-leak.case.ts';
import idleFin from './close/idle-fin.case.ts';
import partialRequestFin from './close/partial-request-fin.case.ts';
import unreadData from './close/unread-data.case.ts';
import rstMidResponse from './close/rst-mid-response.case.ts';
import rstMidRequest from './close/rst-mid-request.case.ts';
import simultaneous from './close/simultaneous.case.ts';
import finWait2Hang from './close/fin-wait-2-hang.case.ts';
import finWait1Orphan from './close/fin-wait-1-orphan.case.ts';
import lastAckWithheld from './close/last-ack-withheld.case.ts';
import unacknowledged from './handshake/unacknowledged.case.ts';
import dataCompletes from './handshake/data-completes.case.ts';
import badAck from './handshake/bad-ack.case.ts';
import synQueueOverflow from './handshake/syn-queue-overflow.case.ts';
import acceptQueueOverflow from './handshake/accept-queue-overflow.case.ts';
import rstBeforeAccept from './handshake/rst-before-accept.case.ts';
import finBeforeAccept from './handshake/fin-before-accept.case.ts';
import emfile from './handshake/emfile.case.ts';
import restartTimeWait from './reuse/restart-time-wait.case.ts';
import restartFinWait1 from './reuse/restart-fin-wait-1.case.ts';
import restartFinWait2 from './reuse/restart-fin-wait-2.case.ts';
import restartCloseWait from './reuse/restart-close-wait.case.ts';
import restartLastAck from './reuse/restart-last-ack.case.ts';
import restartEstablished from './reuse/restart-established.case.ts';
import restartClosing from './reuse/restart-closing.case.ts';
import fourTuple from './reuse/four-tuple.case.ts';
import timeWaitAssassination from './reuse/time-wait-assassination.case.ts';
import clientPort from './reuse/client-port.case.ts';
import gracefulRestart from './reuse/graceful-restart.case.ts';
import zeroWindow from './pressure/zero-window.case.ts';
import slowlorisHead from './pressure/slowloris-head.case.ts';
import slowlorisBody from './pressure/slowloris-body.case.ts';
import deadPeerIdle from './pressure/dead-peer-idle.case.ts';
import deadPeerWriting from './pressure/dead-peer-writing.case.ts';
import keepaliveRace from './pressure/keepalive-race.case.ts';
import resetStorm from './pressure/reset-storm.case.ts';
import halfOpenFlood from './pressure/half-open-flood.case.ts';
import idleFlood from './pressure/idle-flood.case.ts';
import finalAckLost from './wire/final-ack-lost.case.ts';
import finsCross from './wire/fins-cross.case.ts';
import finLost from './wire/fin-lost.case.ts';
import lastAckLost from './wire/last-ack-lost.case.ts';
import synLost from './wire/syn-lost.case.ts';
import oneWayPartition from './wire/one-way-partition.case.ts';
import reordered from './wire/reordered.case.ts';
import duplicated from './wire/duplicated.case.ts';
import corrupted from './wire/corrupted.case.ts';
import proxyHalfCloseThrough from './proxy/half-close-through.case.ts';
import proxyResetThrough from './proxy/reset-through.case.ts';
import proxySlowClose from './proxy/slow-close.case.ts';
import proxyTimeout from './proxy/timeout.case.ts';
import proxyLatency from './proxy/latency.case.ts';
import proxyBandwidth from './proxy/bandwidth.case.ts';
import proxySlicer from './proxy/slicer.case.ts';
import proxyLimitData from './proxy/limit-data.case.ts';
import proxyResetPeer from './proxy/reset-peer.case.ts';
import proxyUpstreamRefused from './proxy/upstream-refused.case.ts';
import proxyUpstreamHangs from './proxy/upstream-hangs.case.ts';

/** Every case that closewait brings, in the order of reports. */
export const cases: readonly Case[] = [
  listen,
  synSent,
  synRcvd,
  established,
  finWait1,
  finWait2,
  timeWait,
  closing,
  closeWait,
  lastAck,
  closed,
  timeWaitFromFinAck,
  finWait2Lasts,
  timeWaitLasts,
  halfCloseFast,
  halfCloseSlow,
  halfCloseLarge,
  halfCloseRelay,
  closeWaitLeak,
  idleFin,
  partialRequestFin,
  unreadData,
  rstMidResponse,
  rstMidRequest,
  simultaneous,
  finWait2Hang,
  finWait1Orphan,
  lastAckWithheld,
  unacknowledged,
  dataCompletes,
  badAck,
  synQueueOverflow,
  acceptQueueOverflow,
  rstBeforeAccept,
  finBeforeAccept,
  emfile,
  restartTimeWait,
  restartFinWait1,
  restartFinWait2,
  restartCloseWait,
  restartLastAck,
  restartEstablished,
  restartClosing,
  fourTuple,
  timeWaitAssassination,
  clientPort,
  gracefulRestart,
  zeroWindow,
  slowlorisHead,
  slowlorisBody,
  deadPeerIdle,
  deadPeerWriting,
  keepaliveRace,
  resetStorm,
  halfOpenFlood,
  idleFlood,
  finalAckLost,
  finsCross,
  finLost,
  lastAckLost,
  synLost,
  oneWayPartition,
  reordered,
  duplicated,
  corrupted,
  proxyHalfCloseThrough,
  proxyResetThrough,
  proxySlowClose,
  proxyTimeout,
  proxyLatency,
  proxyBandwidth,
  proxySlicer,
  proxyLimitData,
  proxyResetPeer,
  proxyUpstreamRefused,
  proxyUpstreamHangs,
];
