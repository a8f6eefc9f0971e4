import { Alarm, nowMs } from './alarm.ts';
import { milliseconds } from './attributes.ts';
import { toxicType } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

/** Closes the connection `timeout` ms after it began to act; until then everything passes. */
export const closeAfter = toxicType({
  attributes: { timeout: milliseconds },
  extension: true,
  start: (values, { emit }) => {
    const since = nowMs();
    const alarm = new Alarm(() => emit('CLOSE'));
    const arm = (): void => alarm.set(since + values().timeout);
    arm();
    return simpleStage({
      receive: emit,
      update: arm,
      release: () => alarm.clear(),
      drop: () => alarm.clear(),
    });
  },
});
