import type { FaultProxy, Toxic } from './contract.ts';

/** A proxy as the API shows it, keys in the original's order. */
export function proxyJson(proxy: FaultProxy, strict: boolean): string {
  const { name, listen, upstream, enabled, toxics } = proxy;
  const settings = { name, listen, upstream, enabled, ...(strict ? { Logger: {} } : {}) };
  return `${JSON.stringify(settings).slice(0, -1)},"toxics":${toxicsJson(toxics)}}`;
}

/** By name. Written by hand: an object of JavaScript has an order of its own for names that are numbers. */
export function proxiesJson(proxies: readonly FaultProxy[], strict: boolean): string {
  return `{${proxies.map((proxy) => `${JSON.stringify(proxy.name)}:${proxyJson(proxy, strict)}`).join(',')}}`;
}

export function toxicJson({ attributes, name, type, stream, toxicity }: Toxic): string {
  return JSON.stringify({ attributes, name, type, stream, toxicity });
}

/** Upstream first, each in the order in which they act. */
export function toxicsJson(toxics: readonly Toxic[]): string {
  const ordered = (['upstream', 'downstream'] as const).flatMap((way) =>
    toxics.filter(({ stream }) => stream === way),
  );
  return `[${ordered.map(toxicJson).join(',')}]`;
}

/** The answer of /populate; of none the list is null, as in the original. */
export function populatedJson(
  proxies: readonly FaultProxy[] | null,
  strict: boolean,
  error?: { readonly message: string; readonly status: number },
): string {
  const none = strict || error !== undefined ? 'null' : '[]';
  const list =
    proxies === null || proxies.length === 0
      ? none
      : `[${proxies.map((proxy) => proxyJson(proxy, strict)).join(',')}]`;
  const head =
    error === undefined ? '' : `"error":${JSON.stringify(error.message)},"status":${error.status},`;
  return `{${head}"proxies":${list}}`;
}
