import { Alarm, nowMs } from './alarm.ts';
import { byteCount, milliseconds } from './attributes.ts';
import { toxicType, type Stage, type StageContext, type Values } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

const attributes = { bytes: byteCount, timeout: milliseconds };

/**
 * A FIN in its direction behind `bytes` bytes, or `timeout` ms after it began to act, whichever is first; 0 leaves one out,
 * and 0 for both is at once. What the sender sends after that is dropped. The other direction stays open.
 */
export const halfClose = toxicType({ attributes, extension: true, start });

function start(values: () => Values<typeof attributes>, { emit }: StageContext): Stage {
  const since = nowMs();
  let passed = 0;
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    alarm.clear();
    emit('FIN');
  };
  const alarm = new Alarm(end);
  const arm = (): void => {
    const { bytes, timeout } = values();
    alarm.clear();
    if (ended || (timeout === 0 && passed < bytes)) return;
    if (timeout === 0) end();
    else alarm.set(since + timeout);
  };
  arm();

  return simpleStage({
    receive: (event) => {
      if (event === 'FIN') return end();
      if (typeof event === 'string') return emit(event);
      if (ended) return;
      const { bytes } = values();
      const left = bytes === 0 ? Infinity : Math.max(bytes - passed, 0);
      passed += event.length;
      if (left > event.length) return emit(event);
      if (left > 0) emit(event.subarray(0, left));
      end();
    },
    update: arm,
    release: () => alarm.clear(),
    drop: () => alarm.clear(),
  });
}
