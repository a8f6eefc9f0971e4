import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { random } from '#core';
import type { NewToxic } from './control.ts';
import { dataPlane, pattern, toxicOf, until } from './testing/data-plane.ts';
import type { End } from './testing/wires.ts';

const CONNECTIONS = 200;
const BYTES = 60_000;
const STEPS = 150;
/** The toxicity of those that cut. */
const CUT = 0.04;
/** `npm run prove:proxy` does 50, each with another seed. */
const ROUNDS = Number(process.env['CLOSEWAIT_RANDOM_ROUNDS'] ?? 1);

/** Toxics that keep every byte. */
const LOSSLESS: readonly NewToxic[] = [
  { type: 'noop' },
  { type: 'latency', attributes: { latency: 20, jitter: 20 } },
  { type: 'bandwidth', attributes: { rate: 500 } },
  { type: 'bandwidth', attributes: { rate: 0 } },
  { type: 'slicer', attributes: { average_size: 900, size_variation: 800, delay: 50 } },
  { type: 'slow_close', attributes: { delay: 20 } },
  { type: 'hold_fin', attributes: { timeout: 0 } },
];

/** Toxics that say of themselves that they cut. */
const CUTTING: readonly NewToxic[] = [
  { type: 'limit_data', attributes: { bytes: 20_000 } },
  { type: 'timeout', attributes: { timeout: 10 } },
  { type: 'reset_peer', attributes: { timeout: 5 } },
  { type: 'reset', attributes: { at: 'bytes', bytes: 30_000 } },
  { type: 'reset', attributes: { at: 'FIN' } },
  { type: 'half_close', attributes: { bytes: 10_000 } },
  { type: 'close_after', attributes: { timeout: 30 } },
];

describe('toxics at random', function () {
  this.timeout(30_000);
  const at = dataPlane();

  for (let seed = 20_260; seed < 20_260 + ROUNDS; seed++)
    it(`${CONNECTIONS} connections get every byte in order, or are cut by a toxic that says so (seed ${seed})`, async () => {
      const draw = random(seed);
      const proxy = await at.start({ seed });
      const pairs: { client: End; far: End; sent: Record<'client' | 'far', Buffer>; cutBy: Set<string> }[] =
        [];
      const byClient = new Map<string, Set<string>>();
      for (let n = 0; n < CONNECTIONS; n++) {
        const sent = { client: pattern(BYTES, n), far: pattern(BYTES, -n) };
        const pair = { ...(await at.pair(proxy)), sent, cutBy: new Set<string>() };
        pairs.push(pair);
        byClient.set(`127.0.0.1:${pair.client.socket.localPort}`, pair.cutBy);
      }

      for (let step = 0; step < STEPS; step++) {
        const { toxics } = proxy;
        const what = draw.below(10);
        if (toxics.length > 0 && (what < 4 || toxics.length > 6)) {
          await proxy.removeToxic(toxics[draw.below(toxics.length)]!.name);
        } else if (toxics.length > 0 && what === 4) {
          const { name } = toxics[draw.below(toxics.length)]!;
          await proxy.updateToxic(name, { toxicity: name.startsWith('cuts') ? CUT : draw.fraction() });
        } else {
          const cuts = draw.below(4) === 0;
          const kinds = cuts ? CUTTING : LOSSLESS;
          const stream = draw.below(2) === 0 ? 'upstream' : 'downstream';
          const name = `${cuts ? 'cuts' : 'keeps'} ${step}`;
          const toxicity = cuts ? CUT : draw.fraction();
          await proxy.addToxic(toxicOf({ ...kinds[draw.below(kinds.length)]!, name, stream, toxicity }));
        }
        // Toxics act, and are shown, before anything else can happen.
        for (const { client, toxics: acting } of proxy.connections())
          for (const name of [...acting.upstream, ...acting.downstream])
            if (name.startsWith('cuts')) byClient.get(client)!.add(name);
        const [from, to] = [(BYTES / STEPS) * step, (BYTES / STEPS) * (step + 1)];
        for (const { client, far, sent } of pairs) {
          if (!client.socket.destroyed) client.socket.write(sent.client.subarray(from, to));
          if (!far.socket.destroyed) far.socket.write(sent.far.subarray(from, to));
        }
        await delay(draw.below(4));
      }
      for (const { client, far } of pairs) {
        client.socket.end();
        far.socket.end();
      }
      await proxy.removeAllToxics();
      await Promise.all(pairs.flatMap(({ client, far }) => [client.untilEnd(20_000), far.untilEnd(20_000)]));

      let whole = 0;
      for (const [n, { client, far, sent, cutBy }] of pairs.entries()) {
        expect(sent.client.subarray(0, far.bytes.length).equals(far.bytes), `order of ${n}`).to.equal(true);
        expect(sent.far.subarray(0, client.bytes.length).equals(client.bytes), `order of ${n}`).to.equal(
          true,
        );
        const isWhole = client.bytes.length === BYTES && far.bytes.length === BYTES;
        if (isWhole) whole++;
        if (cutBy.size === 0)
          expect([isWhole, client.end, far.end], `connection ${n}`).to.deep.equal([true, 'FIN', 'FIN']);
      }
      // The test is of both.
      expect(whole).to.be.within(CONNECTIONS / 10, CONNECTIONS - 10);
      await until(() => proxy.connections().length === 0);
      const { received, sent } = proxy.counters;
      expect(sent.upstream).to.be.at.most(received.upstream);
      expect(sent.downstream).to.be.at.most(received.downstream);
    });
});
