import { Alarm, nowMs } from './alarm.ts';
import { milliseconds } from './attributes.ts';
import { toxicType, type StageContext, type StreamEvent, type Values } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

const attributes = { timeout: milliseconds };

/**
 * A black hole: drops all data and keeps FIN and RST; closes the connection after `timeout` ms, or with 0 never. Removing
 * it closes connections that lost data, since their streams have a hole; others go on.
 */
export const timeout = toxicType({ attributes, start });

function start(values: () => Values<typeof attributes>, { emit, quirks }: StageContext) {
  let since = nowMs();
  let lost = false;
  let ends: StreamEvent[] = [];

  const alarm = new Alarm(() => emit('CLOSE'));
  const arm = (): void => {
    const { timeout: ms } = values();
    if (ms === 0) alarm.clear();
    else alarm.set(since + ms);
  };
  const restart = (): void => {
    since = nowMs();
    arm();
  };
  arm();

  return simpleStage({
    receive: (event) => {
      if (event === 'CLOSE') {
        emit(event);
      } else if (typeof event === 'string') {
        ends.push(event);
      } else {
        lost = true;
        if (quirks.timeoutRestarts) restart();
      }
    },
    update: () => (quirks.timeoutRestarts ? restart() : arm()),
    release: () => {
      alarm.clear();
      if (lost || quirks.timeoutRemovalCloses) emit('CLOSE');
      else ends.forEach(emit);
      ends = [];
    },
    drop: () => alarm.clear(),
  });
}
