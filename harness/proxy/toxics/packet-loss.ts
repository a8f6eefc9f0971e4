import { share } from './attributes.ts';
import { toxicType } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

/**
 * Drops whole chunks as they were read, with probability `loss_rate`, and `correlation` more behind one that was dropped.
 * Nothing sends them again: the stream has holes. In Toxiproxy since 2.12, unreleased.
 */
export const packetLoss = toxicType({
  attributes: { loss_rate: share, correlation: share },
  extension: true,
  start: (values, { emit, random }) => {
    let dropped = false;
    return simpleStage({
      receive: (event) => {
        if (typeof event === 'string') return emit(event);
        const { loss_rate: rate, correlation } = values();
        dropped = random.fraction() < rate + (dropped ? correlation : 0);
        if (!dropped) emit(event);
      },
    });
  },
});
