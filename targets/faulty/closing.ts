import { defineFaults } from './contract.ts';

/** Where a FIN on an idle connection comes about by the way. */
const IDLE_FIN = [
  'close/close-wait-leak',
  'close/half-close-*',
  'close/last-ack-withheld',
  'reuse/client-port',
  'reuse/restart-last-ack',
  'states/closed',
  'states/last-ack',
];

/** Whoever is greeted by a case leaves by a FIN as well. */
const EVERYWHERE = ['**'];

/** How a connection ends, and what is left of it. */
export const closing = defineFaults([
  {
    name: 'never-closes-after-fin',
    title: 'stays in CLOSE_WAIT: it waits for the next request of a client that has sent its FIN',
    family: 'D',
    issue: 'haproxy/haproxy#958',
    caughtBy: ['close/idle-fin', 'close/close-wait-leak'],
    mayFail: IDLE_FIN,
  },
  {
    name: 'spins-on-fin',
    title: 'stays in CLOSE_WAIT at 100 % CPU: a FIN leaves the socket readable',
    family: 'C',
    issue: 'libuv/libuv#3449',
    caughtBy: ['close/idle-fin', 'close/close-wait-leak'],
    mayFail: IDLE_FIN,
  },
  {
    name: 'closes-late-after-fin',
    title: 'closes an idle connection three seconds after the client has',
    family: 'D',
    issue: 'jetty/jetty.project#2169',
    caughtBy: ['close/idle-fin'],
    mayFail: IDLE_FIN,
  },
  {
    name: 'leaks-fd-on-fin',
    title: "shuts down its side at the client's FIN, and never closes the descriptor",
    family: 'D',
    issue: 'memcached/memcached#446',
    caughtBy: ['close/idle-fin', 'close/close-wait-leak'],
    mayFail: EVERYWHERE,
  },
  {
    name: 'leaves-close-to-collector',
    title: 'leaves it to the garbage collector to close, which never comes',
    family: 'D',
    issue: 'Kludex/uvicorn#1199',
    caughtBy: ['close/idle-fin', 'close/close-wait-leak'],
    mayFail: EVERYWHERE,
  },
  {
    name: 'leaks-fd-on-half-request',
    title: 'forgets a connection whose client sends its FIN in the middle of a request',
    family: 'D',
    issue: 'haproxy/haproxy#136',
    caughtBy: ['close/partial-request-fin', 'close/close-wait-leak'],
  },
  {
    name: 'leaks-fd-after-answer',
    title: 'answers a half-closed client, and forgets to close',
    family: 'D',
    issue: 'jetty/jetty.project#2169',
    caughtBy: ['close/half-close-slow', 'close/half-close-large'],
    mayFail: ['close/half-close-fast', 'close/close-wait-leak', 'handshake/fin-before-accept'],
  },
  {
    name: 'closes-with-unread-data',
    title: 'answers before the body has come and closes at once: a reset overtakes the answer',
    family: 'E',
    issue: 'nodejs/node#21026',
    caughtBy: ['close/unread-data'],
  },
  {
    name: 'linger-zero',
    title: 'sets SO_LINGER to zero seconds: each close() is a reset',
    family: 'E',
    issue: 'netty/netty#6818',
    caughtBy: ['close/half-close-fast', 'close/half-close-slow', 'close/half-close-large'],
    mayFail: ['close/*', 'reuse/*', 'states/*'],
  },
  {
    name: 'fin-wait-2-owned',
    title: 'closes its side, and waits without end for the client to do so',
    family: 'F',
    issue: 'nodejs/node-v0.x-archive#3613',
    caughtBy: ['close/fin-wait-2-hang'],
    mayFail: ['pressure/dead-peer-idle', 'reuse/graceful-restart'],
  },
  {
    name: 'deaf-before-idle-close',
    title: 'has stopped reading when its idle time-out closes: a request just before is met by a reset',
    family: 'G',
    issue: 'nodejs/node#20256',
    caughtBy: ['pressure/keepalive-race'],
  },
  {
    name: 'no-idle-timeout',
    title: 'waits without end for an idle client, dead ones too',
    family: 'K',
    issue: 'redis/redis#949',
    caughtBy: ['pressure/dead-peer-idle'],
    mayFail: ['pressure/keepalive-race'],
  },
]);
