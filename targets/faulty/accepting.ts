import { defineFaults } from './contract.ts';

/** Where several clients come at a time. */
const CROWDS = ['close/close-wait-leak', 'handshake/*', 'pressure/*', 'reuse/graceful-restart'];

/** Listening, accepting, starting and ending. */
export const accepting = defineFaults([
  {
    name: 'no-reuseaddr',
    title: 'listens without SO_REUSEADDR: what earlier connections left keeps it from starting again',
    family: 'H',
    issue: 'neondatabase/neon#801',
    caughtBy: [
      'reuse/restart-time-wait',
      'reuse/restart-fin-wait-1',
      'reuse/restart-fin-wait-2',
      'reuse/restart-closing',
      'reuse/restart-last-ack',
    ],
    mayFail: ['reuse/restart-established', 'reuse/restart-close-wait', 'reuse/graceful-restart'],
  },
  {
    name: 'drops-at-sigterm',
    title: 'ends at SIGTERM with requests under way that it has promised to answer',
    family: 'H',
    issue: 'benoitc/gunicorn#2529',
    caughtBy: ['reuse/graceful-restart'],
  },
  {
    name: 'one-client-at-a-time',
    title: 'serves a client until that leaves; the others wait in the queue',
    family: 'H',
    issue: 'envoyproxy/envoy#8031',
    caughtBy: ['pressure/slowloris-head', 'pressure/slowloris-body', 'pressure/zero-window'],
    mayFail: ['**'],
  },
  {
    name: 'backlog-one',
    title: 'passes 1 to listen(), and not the backlog that it declares',
    family: 'H',
    issue: 'envoyproxy/envoy#9501',
    caughtBy: ['handshake/accept-queue-overflow'],
    mayFail: CROWDS,
  },
  {
    name: 'accepts-once-per-event',
    title: 'accepts one client for each edge-triggered event: the others wait until somebody else comes',
    family: 'H',
    issue: 'nginx ticket 1300',
    caughtBy: ['handshake/accept-queue-overflow'],
    mayFail: CROWDS,
  },
  {
    name: 'turns-away-many',
    title: 'hangs up on whoever comes when it has a hundred clients',
    family: 'H',
    issue: 'golang/go#36819',
    caughtBy: ['pressure/idle-flood'],
    mayFail: ['pressure/half-open-flood'],
  },
  {
    name: 'parks-after-emfile',
    title: 'accepts nobody any more once it has run out of descriptors',
    family: 'I',
    issue: 'payjoin/rust-payjoin#1608',
    caughtBy: ['handshake/emfile'],
  },
  {
    name: 'spins-on-emfile',
    title: 'tries to accept without a pause while it has no descriptors',
    family: 'I',
    issue: 'yesodweb/wai#928',
    caughtBy: ['handshake/emfile'],
  },
  {
    name: 'dies-on-emfile',
    title: 'dies when it runs out of descriptors',
    family: 'I',
    issue: 'yesodweb/wai#830',
    caughtBy: ['handshake/emfile'],
  },
  {
    name: 'dies-on-reset-before-accept',
    title: 'dies when a client was reset before it is accepted',
    family: 'I',
    issue: 'tiny-http/tiny-http#283',
    caughtBy: ['handshake/rst-before-accept'],
    mayFail: ['pressure/reset-storm'],
  },
  {
    name: 'dies-on-fin-before-accept',
    title: 'dies when a client has left before it is accepted',
    family: 'I',
    issue: 'tiny-http/tiny-http#283',
    caughtBy: ['handshake/fin-before-accept'],
    mayFail: ['close/*', 'handshake/*', 'pressure/*', 'reuse/*', 'states/closed', 'states/last-ack'],
  },
  {
    name: 'leaks-fd-before-accept',
    title: 'never closes the socket of a client that was reset before it is accepted',
    family: 'I',
    issue: 'tiny-http/tiny-http#283',
    caughtBy: ['handshake/rst-before-accept'],
    mayFail: ['pressure/reset-storm'],
  },
]);
