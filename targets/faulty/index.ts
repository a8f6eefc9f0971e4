import { aborts } from './aborts.ts';
import { accepting } from './accepting.ts';
import { closing } from './closing.ts';
import type { Fault } from './contract.ts';
import { halfClose } from './half-close.ts';
import { inNode } from './in-node.ts';
import { pressure } from './pressure.ts';

export type { Fault } from './contract.ts';

/** Servers with one fault each, which the cases must catch, and their sound twins, which must pass. Not for users. */
export const faults: readonly Fault[] = [
  ...halfClose,
  ...closing,
  ...accepting,
  ...aborts,
  ...pressure,
  ...inNode,
];
