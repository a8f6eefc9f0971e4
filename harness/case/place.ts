import type { Random } from '#core';
import { createLab, loopbackHost, NOBODY, type Host } from '#lab';
import type { Endpoint, Family } from '#tcp';
import type { Plane } from '#trace';
import { FullBacklog, Wire } from '#wire';

/** Where a server is put for its cases: a lab of its own with the wire, or this machine's loopback. */
export interface Place {
  readonly plane: Plane;
  readonly host: Host;
  readonly link: 'tun' | 'veth' | 'none';
  /** null on loopback. */
  readonly wire: Wire | null;
  /** Full listeners to dial, on loopback. */
  readonly backlogs: Readonly<Partial<Record<Family, FullBacklog>>>;
  /** Where a server is told to dial: nobody answers there by itself. */
  readonly dialTo: Readonly<Partial<Record<Family, Endpoint>>>;
  close(): void;
}

/** Makes a place. @throws SystemCallError where the wire is asked for and this process may make no namespace */
export function openPlace(plane: Plane, random: Random): Place {
  return plane === 'wire' ? openWire(random) : openLoopback();
}

function openWire(random: Random): Place {
  const lab = createLab();
  const wire = new Wire(lab, random);
  return {
    plane: 'wire',
    host: lab.server,
    link: lab.linkKind,
    wire,
    backlogs: {},
    dialTo: NOBODY,
    close: () => lab.close(),
  };
}

function openLoopback(): Place {
  const host = loopbackHost();
  const families = ([4, 6] as const).filter((family) => host.addresses[family] !== undefined);
  const backlogs = Object.fromEntries(families.map((family) => [family, new FullBacklog(host, family)]));
  return {
    plane: 'loopback',
    host,
    link: 'none',
    wire: null,
    backlogs,
    dialTo: Object.fromEntries(Object.entries(backlogs).map(([family, { endpoint }]) => [family, endpoint])),
    close: () => {
      for (const backlog of Object.values(backlogs)) backlog.close();
      host.sockets?.close();
    },
  };
}
