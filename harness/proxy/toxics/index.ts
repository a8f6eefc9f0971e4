import { bandwidth } from './bandwidth.ts';
import { closeAfter } from './close-after.ts';
import type { ToxicType } from './contract.ts';
import { corrupt } from './corrupt.ts';
import { firstN } from './first-n.ts';
import { halfClose } from './half-close.ts';
import { hangConnect, refuse } from './connect.ts';
import { holdFin, slowClose } from './end.ts';
import { latency } from './latency.ts';
import { limitData } from './limit-data.ts';
import { noop } from './noop.ts';
import { packetLoss } from './packet-loss.ts';
import { reset } from './reset.ts';
import { resetPeer } from './reset-peer.ts';
import { slicer } from './slicer.ts';
import { timeout } from './timeout.ts';

/** Every kind of toxic by its name in the API. */
export const TOXIC_TYPES: Readonly<Record<string, ToxicType>> = {
  // Without a prototype: `constructor` is no type.
  __proto__: null as never,
  latency,
  bandwidth,
  slow_close: slowClose,
  timeout,
  reset_peer: resetPeer,
  slicer,
  limit_data: limitData,
  noop,
  packet_loss: packetLoss,
  half_close: halfClose,
  reset,
  hold_fin: holdFin,
  refuse,
  hang_connect: hangConnect,
  corrupt,
  close_after: closeAfter,
  first_n: firstN,
};

export type { Attribute, Opening, Stage, StreamEnd, StreamEvent, ToxicType, Values } from './contract.ts';
export { NO_QUIRKS, TOXIPROXY_QUIRKS, type Quirks } from './quirks.ts';
