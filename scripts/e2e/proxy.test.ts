import { expect } from 'chai';
import { Call } from './testing/command.ts';

/** Starts `closewait proxy` at a free port with a proxy in it. */
async function serve(): Promise<{ call: Call; url: string; listen: string }> {
  const call = new Call(['proxy', '--listen', '127.0.0.1:0']);
  expect(await call.said(/listens at \S+,.*\n/)).to.equal(true);
  const [url = ''] = /http:\S+(?=,)/.exec(call.stdout) ?? [];
  const body = JSON.stringify({ name: 'a', upstream: '127.0.0.1:1' });
  const created = await fetch(`${url}/proxies`, { method: 'POST', body });
  const { listen } = (await created.json()) as { listen: string };
  return { call, url, listen };
}

async function refuses(address: string): Promise<boolean> {
  return fetch(`http://${address}`).then(
    () => false,
    (error: Error & { cause?: { code?: string } }) => error.cause?.code === 'ECONNREFUSED',
  );
}

describe('closewait proxy', function () {
  this.timeout(60_000);

  for (const [signal, code] of [
    ['SIGINT', 0],
    ['SIGTERM', 0],
    ['SIGKILL', null],
  ] as const) {
    it(`leaves nothing behind when it gets ${signal}`, async () => {
      const { call, url, listen } = await serve();
      call.signal(signal);
      const { code: exitCode, stderr, remains } = await call.ended;
      expect({ exitCode, stderr, remains }).to.deep.equal({ exitCode: code, stderr: '', remains: [] });
      for (const address of [new URL(url).host, listen])
        expect(await refuses(address), address).to.equal(true);
    });
  }
});
