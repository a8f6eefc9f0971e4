import { byteCount, choice } from './attributes.ts';
import { toxicType, type Stage, type StageContext, type Values } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

const attributes = { at: choice('accept', 'bytes', 'FIN'), bytes: byteCount };

/**
 * Both peers get a RST: as soon as the connection is accepted (of connections opened under it), behind the first `bytes`
 * bytes of its direction, or in the place of the FIN.
 */
export const reset = toxicType({ attributes, extension: true, start });

function start(
  values: () => Values<typeof attributes>,
  { emit, atOpening, reset: now }: StageContext,
): Stage {
  let passed = 0;
  let done = false;
  const end = (): void => {
    done = true;
    emit('RST');
  };
  if (atOpening && values().at === 'accept') now();

  return simpleStage({
    receive: (event) => {
      const { at, bytes } = values();
      if (done) return;
      if (typeof event === 'string') {
        if (at === 'FIN' && event !== 'RST') end();
        else emit(event);
        return;
      }
      const left = at === 'bytes' ? Math.max(bytes - passed, 0) : Infinity;
      passed += event.length;
      if (left > event.length) return emit(event);
      if (left > 0) emit(event.subarray(0, left));
      end();
    },
  });
}
