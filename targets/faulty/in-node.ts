import { defineFaults } from './contract.ts';
import { node } from './runtime.ts';

/** Where clients reset in the middle of something by the way: they are gone before they are answered. */
const RESETS = [
  'pressure/reset-storm',
  'close/close-wait-leak',
  'handshake/emfile',
  'handshake/rst-before-accept',
];

/** What people write on node:net. */
export const inNode = defineFaults(
  [
    {
      name: 'half-open-off',
      title: "leaves allowHalfOpen off: Node ends the socket at the client's FIN, before the answer",
      family: 'A',
      issue: 'oven-sh/bun#35932',
      caughtBy: ['close/half-close-slow', 'close/half-close-relay'],
    },
    {
      name: 'destroys-when-written',
      title: 'destroys the socket behind the answer: what the kernel has not taken is dropped, behind a FIN',
      family: 'E',
      issue: 'nodejs/node-v0.x-archive#6324',
      caughtBy: ['close/unread-data'],
    },
    {
      name: 'resets-to-close',
      title: 'closes by resetAndDestroy() as soon as it has answered',
      family: 'E',
      issue: 'netty/netty#6818',
      caughtBy: ['close/half-close-fast', 'close/half-close-slow', 'close/half-close-large'],
      mayFail: ['close/*', 'reuse/*', 'states/*'],
    },
    {
      name: 'half-open-unended',
      title: 'turns allowHalfOpen on, and never ends the socket of an idle client that has sent its FIN',
      family: 'D',
      issue: 'websockets/ws#540',
      caughtBy: ['close/idle-fin', 'close/close-wait-leak'],
      // Whoever is greeted by a case leaves by a FIN as well.
      mayFail: ['**'],
    },
    {
      name: 'misses-end',
      title: "loses an 'end' that comes while it works: the client is answered, and never let go",
      family: 'D',
      issue: 'jetty/jetty.project#2169',
      caughtBy: ['close/half-close-slow'],
      mayFail: ['close/half-close-large'],
    },
    {
      name: 'pipes-without-end',
      title: 'pipes with end: false: the relay passes on no FIN, and keeps both legs',
      family: 'B',
      issue: 'moby/moby#27539',
      caughtBy: ['close/half-close-relay'],
    },
    {
      name: 'throws-on-end',
      title: 'parses half a request when the client sends its FIN, and does not catch what that throws',
      family: 'J',
      issue: 'node-bus/node-bus#13',
      caughtBy: ['close/partial-request-fin', 'close/close-wait-leak'],
      mayFail: ['pressure/reset-storm'],
    },
    {
      name: 'no-error-handler',
      title: "has no 'error' handler on a socket while it answers: a reset ends the process",
      family: 'J',
      issue: 'evs-broadcast/node-emberplus#23',
      caughtBy: ['close/rst-mid-response'],
      mayFail: [...RESETS, 'pressure/zero-window', 'pressure/dead-peer-writing'],
    },
    {
      name: 'unhandled-rejection',
      title: 'awaits a body that a reset cuts short, and nobody handles that promise',
      family: 'J',
      issue: 'JavaScriptSolidServer/JavaScriptSolidServer#138',
      caughtBy: ['close/rst-mid-request'],
      mayFail: RESETS,
    },
    {
      name: 'keeps-reset-sockets',
      title: 'keeps a list of the sockets that were reset, with a buffer for each',
      family: 'J',
      issue: 'redis/redis#91',
      caughtBy: ['pressure/reset-storm'],
    },
    {
      name: 'blocks-event-loop',
      title: 'computes its slow answer in the event loop, where everybody else waits',
      family: 'H',
      issue: 'envoyproxy/envoy#8031',
      caughtBy: ['close/half-close-slow'],
      // It does not get to SIGTERM before it has answered.
      mayFail: ['reuse/graceful-restart'],
    },
    {
      name: 'no-sigterm-handler',
      title: 'does not handle SIGTERM, and ends with requests under way',
      family: 'H',
      issue: 'scality/cloudserver#550',
      caughtBy: ['reuse/graceful-restart'],
    },
    {
      name: 'max-connections',
      title: 'sets maxConnections: whoever comes when it has a hundred clients is hung up on',
      family: 'H',
      issue: 'golang/go#36819',
      caughtBy: ['pressure/idle-flood'],
    },
    {
      name: 'timeout-on-silence',
      title: 'uses socket.setTimeout() for a request: each byte sets it back',
      family: 'L',
      issue: 'nodejs/node#26165',
      caughtBy: ['pressure/slowloris-head', 'pressure/slowloris-body'],
    },
    {
      name: 'ignores-backpressure',
      title: 'answers on while nothing is taken from it: what write() returns is nothing to it',
      family: 'L',
      issue: 'nodejs/node#9254',
      caughtBy: ['pressure/zero-window'],
    },
  ],
  node,
);
