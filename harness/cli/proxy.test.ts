import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { main } from './main.ts';
import { fakeRegistry } from './testing/registry.ts';

/** Runs the command until it has printed a line, then asks its API, then sends it a signal. */
async function serve(
  argv: string[],
  during: (url: string) => Promise<void>,
  signal = 'SIGTERM',
): Promise<{ code: number; out: string; err: string }> {
  const signals = new EventEmitter();
  let [out, err] = ['', ''];
  const ended = new Promise<number>((resolve, reject) => {
    const write = (text: string): void => {
      out += text;
      const url = /listens at (\S+),/.exec(text)?.[1];
      if (url === undefined) return;
      void during(url).then(() => signals.emit(signal), reject);
    };
    const io = { stdout: { write }, stderr: { write: (text: string) => void (err += text) }, signals };
    main(['proxy', ...argv], fakeRegistry().registry, io).then(resolve, reject);
  });
  return { code: await ended, out, err };
}

const atAnyPort = ['--listen', '127.0.0.1:0'];

async function unreachable(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}

describe('closewait proxy', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'closewait-proxy-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const file = (text: string): string => {
    const path = join(folder, 'proxies.json');
    writeFileSync(path, text);
    return path;
  };

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`serves the API until ${signal}, and leaves no port open`, async () => {
      let asked = '';
      let listen = '';
      const { code, out, err } = await serve(
        [...atAnyPort, '--seed', '7'],
        async (url) => {
          asked = url;
          const body = JSON.stringify({ name: 'a', upstream: '127.0.0.1:1' });
          const created = await fetch(`${url}/proxies`, { method: 'POST', body });
          ({ listen } = (await created.json()) as { listen: string });
          expect((await fetch(`${url}/metrics`)).status).to.equal(404);
        },
        signal,
      );
      expect({ code, out, err }).to.deep.equal({
        code: 0,
        out: `the API listens at ${asked}, seed 7\n`,
        err: '',
      });
      expect(await unreachable(asked)).to.equal(true);
      expect(await unreachable(`http://${listen}`)).to.equal(true);
    });
  }

  it('begins with the proxies of a file, and says where they are', async () => {
    const config = file('[{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:9"}]');
    const { out } = await serve([...atAnyPort, '--config', config], async (url) => {
      expect(await (await fetch(`${url}/proxies`)).json()).to.have.all.keys('a');
    });
    expect(out).to.match(/^a: 127\.0\.0\.1:\d+ -> 127\.0\.0\.1:9$/m);
  });

  it('hands its flags on', async () => {
    await serve([...atAnyPort, '--strict', '--metrics'], async (url) => {
      expect((await fetch(`${url}/metrics`)).status).to.equal(200);
      expect((await fetch(`${url}/proxies/none`)).headers.get('content-type')).to.match(/^text\/plain/);
    });
  });

  it('prints a seed that gives the same again', async () => {
    const { out } = await serve(atAnyPort, async () => {});
    expect(out).to.match(/, seed \d+\n/);
  });

  it('warns on stderr where it is reachable from elsewhere', async () => {
    const { err } = await serve(['--listen', '0.0.0.0:0'], async () => {});
    expect(err).to.match(/^closewait: WARNING: the API listens at 0\.0\.0\.0:\d+, beyond/);
  });

  const failure = async (argv: string[]): Promise<{ code: number; err: string }> => {
    const { code, err } = await serve(argv, () => Promise.reject(new Error('it listens')));
    return { code, err };
  };

  it('exits 64 where its address is taken, or no address', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    for (const listen of [taken, 'nowhere']) {
      const { code, err } = await failure(['--listen', listen]);
      expect(code).to.equal(64);
      expect(err).to.include(listen).and.include('[CW_PROXY_API]');
    }
    other.close();
  });

  it('exits 64 for a file that is not there, or wrong', async () => {
    for (const [config, message] of [
      [join(folder, 'none.json'), 'ENOENT'],
      [file('[{"name":"a"}]'), 'missing required field: upstream at proxy 1'],
    ] as const) {
      const { code, err } = await failure([...atAnyPort, '--config', config]);
      expect(code).to.equal(64);
      expect(err).to.include(config).and.include(message).and.include('[CW_PROXY_CONFIG]');
    }
  });
});
