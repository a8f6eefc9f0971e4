import { createServer, type AddressInfo, type Server } from 'node:net';
import { CloseWaitError } from '#core';
import type { FaultProxy, MakeProxy, Stream, Toxic, ToxicChange } from '#proxy';

const NONE: Readonly<Record<Stream, number>> = { upstream: 0, downstream: 0 };

/** A proxy that binds its address and passes nothing on. */
class FakeProxy implements FaultProxy {
  readonly name: string;
  listen: string;
  upstream: string;
  toxics: readonly Toxic[] = [];
  readonly counters = { connections: 0, received: NONE, sent: NONE };
  #server: Server | null = null;

  constructor(name: string, listen: string, upstream: string) {
    this.name = name;
    this.listen = listen;
    this.upstream = upstream;
  }

  get enabled(): boolean {
    return this.#server !== null;
  }

  connections() {
    return [];
  }

  async addToxic(toxic: Toxic): Promise<Toxic> {
    this.toxics = [...this.toxics, toxic];
    return toxic;
  }

  async updateToxic(name: string, { attributes, toxicity }: ToxicChange): Promise<Toxic> {
    const old = this.toxics.find((toxic) => toxic.name === name)!;
    const toxic = {
      ...old,
      toxicity: toxicity ?? old.toxicity,
      attributes: { ...old.attributes, ...attributes },
    };
    this.toxics = this.toxics.map((one) => (one === old ? toxic : one));
    return toxic;
  }

  async removeToxic(name: string): Promise<void> {
    this.toxics = this.toxics.filter((toxic) => toxic.name !== name);
  }

  async removeAllToxics(): Promise<void> {
    this.toxics = [];
  }

  async update(change: { listen?: string; upstream?: string; enabled?: boolean }): Promise<void> {
    const enabled = change.enabled ?? this.enabled;
    const moved = change.listen !== undefined && change.listen !== this.listen;
    if (moved || !enabled) await this.stop();
    this.listen = change.listen ?? this.listen;
    this.upstream = change.upstream ?? this.upstream;
    if (enabled && !this.enabled) await this.start();
  }

  async start(): Promise<void> {
    const server = createServer((socket) => socket.destroy());
    const at = this.listen.lastIndexOf(':');
    const host = this.listen.slice(0, at).replace(/^\[|\]$/g, '');
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new CloseWaitError('CW_PROXY_LISTEN', `${this.listen}: ${cause.message}`, { cause })),
      );
      server.listen(Number(this.listen.slice(at + 1)), host === 'localhost' ? '127.0.0.1' : host, resolve);
    });
    const { address, port } = server.address() as AddressInfo;
    this.listen = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

export const fakeProxy: MakeProxy = ({ name, listen, upstream }) => new FakeProxy(name, listen, upstream);
