import { defineFaults } from './contract.ts';

const STORM = 'pressure/reset-storm';

/** Where clients reset in the middle of something by the way: they are gone before they are answered. */
const RESETS = [STORM, 'close/close-wait-leak', 'handshake/emfile', 'handshake/rst-before-accept'];

/** Where many connections are reset in the end. */
const MANY = ['handshake/emfile', 'pressure/*-flood'];

/** Clients that reset. */
export const aborts = defineFaults([
  {
    name: 'dies-on-reset-mid-request',
    title: 'dies of ECONNRESET while it reads a request',
    family: 'J',
    issue: 'paperclipai/paperclip#11816',
    caughtBy: ['close/rst-mid-request'],
    mayFail: RESETS,
  },
  {
    name: 'dies-on-reset-mid-response',
    title: 'dies of ECONNRESET while it sends an answer',
    family: 'J',
    issue: 'paperclipai/paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'dies-of-sigpipe',
    title: 'sends on after ECONNRESET, and dies of SIGPIPE',
    family: 'J',
    issue: 'paperclipai/paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'spins-after-reset',
    title: 'watches the socket of a client that was reset while it was answered: 100 % CPU',
    family: 'C',
    issue: 'netty/netty#4082',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'leaks-fd-mid-request',
    title: 'never closes the socket of a client that resets in the middle of its request',
    family: 'D',
    issue: 'haproxy/haproxy#136',
    caughtBy: ['close/rst-mid-request'],
    mayFail: RESETS,
  },
  {
    name: 'leaks-fd-mid-response',
    title: 'never closes the socket of a client that resets while it is answered',
    family: 'D',
    issue: 'haproxy/haproxy#958',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'leaves-process-after-reset',
    title: 'leaves a process behind for each client that resets while it is answered',
    family: 'J',
    issue: 'paperclipai/paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'hangs-up-on-all',
    title: 'closes all connections when a client resets while it is answered',
    family: 'J',
    issue: 'paperclipai/paperclip#11816',
    caughtBy: ['close/rst-mid-response'],
    mayFail: RESETS,
  },
  {
    name: 'locks-out-after-resets',
    title: 'turns away everybody, for ever, after a hundred resets within two seconds',
    family: 'J',
    issue: 'MariaDB/server#2413',
    caughtBy: [STORM],
    mayFail: MANY,
  },
  {
    name: 'counts-resets-for-ever',
    title: 'never takes a client that resets off the count of its connections, which has a limit',
    family: 'J',
    issue: 'MariaDB/server#2413',
    caughtBy: [STORM],
    mayFail: MANY,
  },
  {
    name: 'keeps-memory-of-resets',
    title: 'never frees the buffer of a connection that was reset',
    family: 'J',
    issue: 'redis/redis#91',
    caughtBy: [STORM],
    mayFail: MANY,
  },
]);
