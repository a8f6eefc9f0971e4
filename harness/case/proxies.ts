import { namespacedControl, remoteControl, type NewToxic, type ProxyControl } from '#proxy';
import type { Endpoint } from '#tcp';
import type { BaseCase } from './base-case.ts';
import { Trace } from '#trace';
import { Client, FullBacklog } from '#wire';
import { CaseProxy } from './proxied.ts';

const controls = new WeakMap<BaseCase, ProxyControl>();
let made = 0;

/**
 * A fault proxy in front of the server: an embedded one beside it, or that of `--proxy`. Gone when the case ends.
 * @param upstream another one than the server
 */
export async function proxyBefore(
  t: BaseCase,
  toxics: readonly NewToxic[] = [],
  upstream: Endpoint = t.server,
): Promise<CaseProxy> {
  const { family, trace, server } = t;
  const { host } = t.target;
  if (host.sockets === null)
    return t.skip(
      'the sockets of a proxy are looked up by sock_diag, which this system does not have',
      'Run it on Linux.',
    );
  const around = {
    host,
    family,
    trace,
    server,
    control: controlOf(t),
    cleanup: (undo: () => void) => t.cleanup(undo),
  };
  return CaseProxy.make(around, `closewait-${process.pid}-${++made}`, toxics, upstream);
}

/** A client of the server itself, to compare with. Gone when the case ends. */
export function directClient(t: BaseCase): Client {
  const client = new Client(t.target.host, { family: t.family, remote: t.server, trace: new Trace() });
  t.cleanup(() => client.dispose());
  return client;
}

/** A listener beside the server whose accept queue is full: who connects to it waits. Gone when the case ends. */
export function fullBacklog(t: BaseCase): FullBacklog {
  const full = new FullBacklog(t.target.host, t.family);
  t.cleanup(() => full.close());
  return full;
}

/** Whether the proxy is Toxiproxy's own, which passes on neither a half-close nor a reset. */
export async function isOriginal(t: BaseCase, proxy: CaseProxy): Promise<boolean> {
  return (await controlOf(t).connections(proxy.name)) === null;
}

function controlOf(t: BaseCase): ProxyControl {
  const known = controls.get(t);
  if (known !== undefined) return known;
  const { proxy, seed } = t.options;
  if (proxy !== undefined && t.target.host.link !== null)
    return t.unsupported(`the proxy at ${proxy} reaches servers on loopback alone; add --plane loopback`);
  const control =
    proxy === undefined
      ? namespacedControl(t.target.host.namespace, { seed, strict: false })
      : remoteControl(proxy);
  controls.set(t, control);
  t.cleanup(async () => {
    await control[Symbol.asyncDispose]();
  });
  return control;
}
