import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { expect } from 'chai';
import { loopbackHost, type Host } from '#lab';
import { attachTarget } from './attach.ts';
import type { Told } from './contract.ts';
import type { RunningTarget } from './running.ts';
import { startTarget } from './start.ts';

let runs = 0;

const ANSWERS: Readonly<Record<string, RequestListener>> = {
  '/': (_, response) => response.end('hello'),
  '/big': (_, response) => response.setHeader('Content-Length', 2 ** 21).end(Buffer.alloc(2 ** 21, 'x')),
  '/chunked': (_, response) => {
    for (let piece = 0; piece < 17; piece++) response.write(Buffer.alloc(2 ** 16, 'x'));
    response.end();
  },
  '/until-end': (request, response) => {
    request.socket.end(`HTTP/1.0 200 OK\r\n\r\n${'x'.repeat(1_500_000)}`);
    response.detachSocket(request.socket);
  },
  '/cut': (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\nx'),
  '/slow': (_, response) => setTimeout(() => response.end('late'), 1000),
  '/upload': (request, response) => request.resume().on('end', () => response.end('taken')),
  '/refuse': (_, response) => response.writeHead(413).end('no'),
  '/run': (_, response) => response.end(`done 99 ${++runs}`),
  '/count': (_, response) => response.end(JSON.stringify({ runs })),
  '/count-chunked': (_, response) => response.write('runs: ') && response.end(`${runs}\n`),
  '/constant': (_, response) => response.end('7'),
};

describe('paths that a user names', () => {
  const host: Host = loopbackHost();
  let server: Server;
  const others: TcpServer[] = [];

  before((done) => {
    server = createServer((request, response) => {
      const answer = ANSWERS[request.url ?? ''];
      if (answer === undefined) response.writeHead(404).end('nothing here');
      else answer(request, response);
    }).listen({ host: '127.0.0.1', port: 0 }, () => done());
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    for (const other of others) other.close();
    host.sockets?.close();
  });

  const take = (paths: NonNullable<Told['paths']>): Promise<RunningTarget> =>
    startTarget(
      attachTarget({ address: '127.0.0.1', port: (server.address() as AddressInfo).port }, { paths }),
      host,
    );

  it('become traits', async () => {
    const { traits } = await take({
      large: '/big',
      slow: '/slow',
      upload: '/upload',
      effect: '/run',
      effects: '/count',
    });
    expect(traits.large!.send).to.match(/^GET \/big HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/);
    expect(traits.large!.bytes).to.equal(1024 * 1024);
    expect(traits.slow!.afterMs).to.be.within(1000, 1500);
    const { send, reply } = traits.upload!(5);
    expect(send).to.match(/^POST \/upload [^]*Content-Length: 5\r\n\r\nxxxxx$/);
    expect(reply.test('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')).to.equal(true);
    expect(reply.test('HTTP/1.1 408 Request Timeout\r\nContent-Length: 2\r\n\r\nno')).to.equal(false);
    expect(traits.effect!.send).to.match(/^GET \/run /);
    expect(traits.effect!.read('HTTP/1.1 200 OK\r\nX: 5\r\n\r\n{"runs":12}')).to.equal(12);
    expect(traits.closesFirst).to.not.equal(undefined);
  });

  it('may answer chunked', async () => {
    const { traits } = await take({ large: '/chunked', effect: '/run', effects: '/count-chunked' });
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(traits.effect!.read(`${head}6\r\nruns: \r\n2\r\n3\n\r\n0\r\n\r\n`)).to.equal(3);
    const most = `${head}100000\r\n${'x'.repeat(2 ** 20)}\r\n`;
    expect(traits.large!.reply.test(most)).to.equal(false);
    expect(traits.large!.reply.test(`${most}0\r\n\r\n`)).to.equal(true);
  });

  it('may end their answer by closing, of which the length is then known', async () => {
    const { traits } = await take({ large: '/until-end' });
    expect(traits.large!.bytes).to.equal(1_500_000);
  });

  const wrong: [NonNullable<Told['paths']>, RegExp][] = [
    [{ large: '/' }, /GET \/, the path 'large', is to answer 1 MiB or more; .*200 OK', a body of 5 bytes$/],
    [{ large: '/none' }, /GET \/none, the path 'large', is to .*; it answered 'HTTP\/1\.1 404 Not Found'$/],
    [
      { large: '/cut' },
      /GET \/cut, the path 'large', is to .*; it answered 'HTTP\/1\.1 200 OK', and closed$/,
    ],
    [{ slow: '/' }, /GET \/, the path 'slow', is to take 1 s or more to answer; .*200 OK', after \d+ ms$/],
    [
      { upload: '/refuse' },
      /POST \/refuse, the path 'upload', is to take a body by POST; it answered '.* 413 /,
    ],
    [
      { effect: '/none', effects: '/count' },
      /GET \/none, the path 'effect', is to answer with success; .* 404 /,
    ],
    [
      { effect: '/run', effects: '/' },
      /GET \/, the path 'effects', is to answer with a number; .*no number in it$/,
    ],
    [{ effect: '/run', effects: '/constant' }, /how often GET \/run was done; .*, 7 before it and 7 after$/],
  ];
  for (const [paths, message] of wrong) {
    it(`are refused where ${JSON.stringify(paths)} does not do what it is named for`, async () => {
      const error: unknown = await take(paths).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).to.include({ code: 'CW_TARGET_PATH' });
      expect((error as Error).message).to.match(message);
    });
  }

  it('are refused for a server of something else', async () => {
    const echo = createTcpServer((socket) => socket.on('error', () => undefined).pipe(socket));
    others.push(echo);
    await new Promise<void>((resolve) => echo.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const address = { address: '127.0.0.1', port: (echo.address() as AddressInfo).port };
    const failure = (told: Told): Promise<string> =>
      startTarget(attachTarget(address, told), host).then(
        () => '',
        ({ code, message }: Error & { code: string }) => `${code}: ${message}`,
      );
    expect(await failure({ paths: { slow: '/slow' } })).to.match(
      /^CW_TARGET_PATH: .* does not speak HTTP, .*\/slow$/,
    );
    expect(await failure({ speaks: 'http' })).to.match(
      /^CW_TARGET_GREETING: .* is said to speak HTTP, and answers something else$/,
    );
  });
});
