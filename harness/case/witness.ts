import { CloseWaitError } from '#core';
import { netstat, ss, type Observer } from '#observe';
import type { Namespace } from '#sys';
import type { Endpoint } from '#tcp';

/** A tool that people know, whose lines are the evidence of a verdict. */
export interface Witness {
  /** `ss`, or `netstat` where there is none. */
  readonly name: string;
  readonly version: string;
  /** Its lines for one connection, verbatim; for every socket at the local end when `remote` is null. @throws CW_OBSERVER */
  lines(namespace: Namespace, local: Endpoint, remote: Endpoint | null): Promise<string[]>;
}

/** ss where there is one, else netstat. @throws CW_OBSERVER when there is neither */
export function chooseWitness(): Witness {
  const available = ss.available();
  if (available.ok) return witnessBy(ss, available.version);
  const second = netstat.available();
  if (second.ok) return witnessBy(netstat, second.version);
  throw new CloseWaitError('CW_OBSERVER', `${available.reason}, and ${second.reason}`, {
    remedy: available.remedy,
  });
}

function witnessBy(observer: Observer, version: string): Witness {
  return {
    name: observer.name,
    version,
    async lines(namespace, local, remote) {
      const rows = await observer.list(
        namespace,
        remote === null ? { local: { port: local.port } } : { local, remote },
      );
      const here = rows.filter((row) => [local.address, '0.0.0.0', '::'].includes(row.local.address));
      return here.map(({ line }) => line!);
    },
  };
}
