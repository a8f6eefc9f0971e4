import type { StateText } from './contract.ts';
import { closeWait } from './close-wait.ts';
import { closed } from './closed.ts';
import { closing } from './closing.ts';
import { established } from './established.ts';
import { finWait1 } from './fin-wait-1.ts';
import { finWait2 } from './fin-wait-2.ts';
import { lastAck } from './last-ack.ts';
import { listen } from './listen.ts';
import { synRcvd } from './syn-rcvd.ts';
import { synSent } from './syn-sent.ts';
import { timeWait } from './time-wait.ts';

/** In the order of reports: that of a connection's life. */
export const stateTexts: readonly StateText[] = [
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
];
