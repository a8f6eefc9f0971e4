import { toxicType } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

/** Passes everything on. */
export const noop = toxicType({
  attributes: {},
  start: (_values, { emit }) => simpleStage({ receive: emit }),
});
