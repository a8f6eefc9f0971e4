import type { Namespace } from '#sys';
import type { Endpoint } from '#tcp';
import type { Availability, Observer, SocketFilter } from './contract.ts';
import { rowFilter } from './filter.ts';
import { parseSs } from './parse-ss.ts';
import { askTool, runTool } from './run-tool.ts';

let availability: Availability | undefined;

/** `ss` of iproute2: the witness that people know. About 5 ms a list. */
export const ss: Observer = {
  name: 'ss',
  available: () => (availability ??= look()),
  list: async (namespace, filter = {}) =>
    parseSs(await runTool(namespace, ['ss', '-Htanpo', ...portExpression(filter)])).filter(rowFilter(filter)),
};

/**
 * The lines that ss prints for one connection, verbatim but for blanks at the end; without `remote`, all of the local port:
 * its listener and every connection of it.
 * @throws CW_OBSERVER
 */
export async function witness(
  namespace: Namespace,
  { local, remote }: { readonly local: Endpoint; readonly remote?: Endpoint },
): Promise<string[]> {
  const rows = await ss.list(
    namespace,
    remote === undefined ? { local: { port: local.port } } : { local, remote },
  );
  return rows.map(({ line }) => line!);
}

function look(): Availability {
  const said = askTool('ss', ['-V']);
  if (said === null) {
    return { ok: false, reason: 'there is no `ss` command', remedy: 'install iproute2 (on Linux)' };
  }
  return { ok: true, version: /iproute2-\S+/.exec(said)?.[0] ?? said.trim() };
}

/**
 * What the kernel shall sort out, so that ss prints little. Ports alone: they narrow enough, and have one spelling. Never a
 * state: ss drops the State column of a list of one state.
 */
function portExpression({ local, remote }: SocketFilter): string[] {
  const terms: string[] = [];
  if (isPort(local?.port)) terms.push(`sport = :${local!.port}`);
  if (isPort(remote?.port)) terms.push(`dport = :${remote!.port}`);
  return terms.length === 0 ? [] : [terms.join(' and ')];
}

/** ss takes `:0` for any port. */
function isPort(port: number | undefined): boolean {
  return port !== undefined && port !== 0;
}
