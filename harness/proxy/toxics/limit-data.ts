import { byteCount } from './attributes.ts';
import { toxicType } from './contract.ts';
import { simpleStage } from './simple-stage.ts';

/** Passes exactly `bytes` bytes and closes the connection behind the last. With 0 it closes at the first data. */
export const limitData = toxicType({
  attributes: { bytes: byteCount },
  start: (values, { emit }) => {
    let passed = 0;
    let closed = false;
    return simpleStage({
      receive: (event) => {
        if (typeof event === 'string') return emit(event);
        if (closed) return;
        const left = Math.max(values().bytes - passed, 0);
        passed += event.length;
        if (left > event.length) return emit(event);
        if (left > 0) emit(event.subarray(0, left));
        closed = true;
        emit('CLOSE');
      },
    });
  },
});
