import { share } from './attributes.ts';
import { toxicType } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

/** Changes each byte with this probability, to any other value. How many bytes there are stays the same. */
export const corrupt = toxicType({
  attributes: { probability: share },
  extension: true,
  start: (values, { emit, random }) => {
    /** How many bytes pass before the next that is changed: one draw for each of those, not for each byte. */
    const gap = (): number => {
      const { probability } = values();
      if (probability === 0) return Infinity;
      return probability === 1 ? 0 : Math.floor(Math.log1p(-random.fraction()) / Math.log1p(-probability));
    };
    let next = gap();
    return simpleStage({
      receive: (event) => {
        if (typeof event !== 'string') {
          for (; next < event.length; next += 1 + gap()) event[next]! ^= 1 + random.below(255);
          next -= event.length;
        }
        emit(event);
      },
      update: () => {
        next = gap();
      },
    });
  },
});
