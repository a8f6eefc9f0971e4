import { defineFaults } from './contract.ts';

/** Storms reset clients at any point; the cases of one reset do so in the middle of a request, or of its answer. */
const STORM = 'pressure/reset-storm';

/** Clients that reset. */
export const aborts = defineFaults([
  {
    name: 'dies-on-reset-mid-request',
    title: 'dies of ECONNRESET while it reads a request',
    family: 'J',
    issue: 'paperclip#11816',
    caughtBy: ['close/rst-mid-request'],
    mayFail: [STORM],
  },
  {
    name: 'dies-on-reset-mid-response',
    title: 'dies of ECONNRESET while it sends an answer',
    family: 'J',
    issue: 'paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'dies-of-sigpipe',
    title: 'sends on after ECONNRESET, and dies of SIGPIPE',
    family: 'J',
    issue: 'paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'spins-after-reset',
    title: 'watches the socket of a client that was reset while it was answered: 100 % CPU',
    family: 'C',
    issue: 'netty/netty#4317',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'leaks-fd-mid-request',
    title: 'never closes the socket of a client that resets in the middle of its request',
    family: 'D',
    issue: 'haproxy/haproxy#136',
    caughtBy: ['close/rst-mid-request'],
    mayFail: [STORM],
  },
  {
    name: 'leaks-fd-mid-response',
    title: 'never closes the socket of a client that resets while it is answered',
    family: 'D',
    issue: 'haproxy/haproxy#958',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'leaves-process-after-reset',
    title: 'leaves a process behind for each client that resets while it is answered',
    family: 'J',
    issue: 'paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'hangs-up-on-all',
    title: 'closes all connections when a client resets while it is answered',
    family: 'J',
    issue: 'paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: [STORM],
  },
  {
    name: 'locks-out-after-resets',
    title: 'turns away everybody, for ever, after fifty resets within two seconds',
    family: 'J',
    issue: 'MariaDB/server#2413',
    caughtBy: [STORM],
    mayFail: ['pressure/*-flood'],
  },
  {
    name: 'counts-resets-for-ever',
    title: 'never takes a client that resets off the count of its connections, which has a limit',
    family: 'J',
    issue: 'MariaDB/server#2413',
    caughtBy: [STORM],
    mayFail: ['pressure/*-flood'],
  },
  {
    name: 'keeps-memory-of-resets',
    title: 'never frees the buffer of a connection that was reset',
    family: 'J',
    issue: 'redis/redis#91',
    caughtBy: [STORM],
    mayFail: ['pressure/*-flood'],
  },
]);
