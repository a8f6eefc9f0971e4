import { tryTarget, connectWithin, exchange } from '#target';
import { targets } from './targets/index.ts';
const t = targets.find((x) => x.name === process.argv[2])!;
const { traits } = t;
await tryTarget(t, 'loopback', async (x) => {
  const go = async (send: any, ms = 3000, end = false) => {
    const s = (await connectWithin(x.host, x.endpoint(4)))!;
    const a = performance.now();
    const p = exchange(s, { send, reply: { test: () => false } }, ms);
    if (end) s.end();
    const r = await p;
    s.resetAndDestroy();
    return [Math.round(performance.now() - a), r.ended, r.received.length, r.received.slice(0, 500)];
  };
  console.log('slow', await go(traits.slow!.send));
  console.log('slow half', await go(traits.slow!.send, 3000, true));
  console.log('2 slow', await Promise.all([go(traits.slow!.send), go(traits.slow!.send)]));
  if (traits.upload) console.log('up', await go(traits.upload(1024*1024).send));
  console.log(x.process!.logTail(30).join('\n'));
});
process.exit();
