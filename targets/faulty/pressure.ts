import { defineFaults } from './contract.ts';

/** Clients that are slow, or gone. */
export const pressure = defineFaults([
  {
    name: 'no-head-timeout',
    title: 'waits without end for the rest of a head',
    family: 'L',
    issue: 'nodejs/node#26165',
    caughtBy: ['pressure/slowloris-head'],
  },
  {
    name: 'no-body-timeout',
    title: 'waits without end for the rest of a body',
    family: 'L',
    issue: 'akka/akka-http#813',
    caughtBy: ['pressure/slowloris-body'],
  },
  {
    name: 'head-timeout-restarts',
    title: 'starts its time-out for the head of a request anew with each byte',
    family: 'L',
    issue: 'nodejs/node#26165',
    caughtBy: ['pressure/slowloris-head'],
  },
  {
    name: 'body-timeout-restarts',
    title: 'starts its time-out for the body of a request anew with each byte',
    family: 'L',
    issue: 'akka/akka-http#813',
    caughtBy: ['pressure/slowloris-body'],
  },
  {
    name: 'no-write-timeout',
    title: 'waits without end for a client that has stopped reading, or is gone',
    family: 'K',
    issue: 'linkerd/linkerd2#13023',
    caughtBy: ['pressure/zero-window', 'pressure/dead-peer-writing'],
  },
  {
    name: 'buffers-without-bound',
    title: 'keeps in memory all answers that a client does not read',
    family: 'L',
    issue: 'redis/redis#91',
    caughtBy: ['pressure/zero-window'],
    mayFail: ['pressure/dead-peer-writing'],
  },
  {
    name: 'blocked-by-half-head',
    title: 'serves nobody while it waits for the rest of a head',
    family: 'L',
    issue: 'nodejs/node#26165',
    caughtBy: ['pressure/slowloris-head'],
    mayFail: ['close/rst-mid-request', 'close/partial-request-fin', 'close/close-wait-leak'],
  },
  {
    name: 'blocked-by-half-body',
    title: 'serves nobody while it waits for the rest of a body',
    family: 'L',
    issue: 'akka/akka-http#813',
    caughtBy: ['pressure/slowloris-body'],
    mayFail: ['close/rst-mid-request', 'close/partial-request-fin', 'close/close-wait-leak'],
  },
  {
    name: 'blocked-by-slow-reader',
    title: 'serves nobody while it waits for a client to read its answer',
    family: 'L',
    issue: 'redis/redis#91',
    caughtBy: ['pressure/zero-window'],
    mayFail: [
      'pressure/dead-peer-writing',
      'close/half-close-large',
      'close/rst-mid-response',
      'close/close-wait-leak',
    ],
  },
]);
