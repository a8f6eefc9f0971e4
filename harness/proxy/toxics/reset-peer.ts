import { Alarm, nowMs } from './alarm.ts';
import { milliseconds } from './attributes.ts';
import { Backlog } from './backlog.ts';
import { toxicType, type Stage, type StageContext, type Values } from './contract.ts';

const attributes = { timeout: milliseconds };

/** Both peers get a RST `timeout` ms after it began to act, whether data flow or not. Until then nothing passes. */
export const resetPeer = toxicType({ attributes, start });

function start(values: () => Values<typeof attributes>, context: StageContext): Stage {
  const { quirks, emit } = context;
  const backlog = new Backlog();
  let since = quirks.resetWaitsForData ? Infinity : nowMs();

  const alarm = new Alarm(() => {
    if (quirks.resetOnlyIfOpenedUnder && !context.atOpening) emit('CLOSE');
    else context.reset();
  });
  const arm = (): void => {
    if (since !== Infinity) alarm.set(since + values().timeout);
  };
  arm();

  return {
    receive: (event) => {
      backlog.push(event);
      if (since === Infinity) since = nowMs();
      arm();
    },
    update: arm,
    release: () => {
      alarm.clear();
      backlog.releaseTo(emit);
    },
    drop: () => {
      alarm.clear();
      backlog.clear();
    },
    get held() {
      return backlog.held;
    },
  };
}
