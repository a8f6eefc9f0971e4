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
];
