import { accessSync, constants } from 'node:fs';
import { bestLinkKind, labPrivilege, loopbackHost, userNamespacePrivilege } from '#lab';
import { netstat, ss, type Observer } from '#observe';
import type { DoctorItem, DoctorReport } from './contract.ts';

/** What this machine lets a run do, by trying it. Nothing is changed. */
export function examineMachine(): DoctorReport {
  const root = process.getuid?.() === 0;
  const privilege = root || process.platform !== 'linux' ? labPrivilege() : userNamespacePrivilege();
  const items: DoctorItem[] = [
    {
      name: 'network namespaces',
      ok: privilege.ok,
      detail: privilege.ok
        ? root
          ? 'can be made, as root'
          : 'can be made, in a user namespace'
        : privilege.reason,
      remedy: privilege.ok ? '' : privilege.remedy,
    },
    ...(privilege.ok ? [describeLink()] : []),
    describeTool(ss, 'its lines are the evidence of a verdict'),
    describeTool(netstat, 'the witness where there is no ss'),
    describeLoopback(),
  ];
  const witness = items.some(({ name, ok }) => ok && (name === ss.name || name === netstat.name));
  return { items, plane: !witness ? null : privilege.ok ? 'wire' : 'loopback' };
}

function describeLink(): DoctorItem {
  const kind = bestLinkKind();
  if (kind === 'tun')
    return { name: 'link', ok: true, detail: 'TUN, since /dev/net/tun can be opened', remedy: '' };
  const detail = canSee('/dev/net/tun') ? '/dev/net/tun is not for this user' : 'there is no /dev/net/tun';
  return {
    name: 'link',
    ok: true,
    detail: `${detail}: veth and AF_PACKET do the same, a little slower`,
    remedy: '',
  };
}

function describeTool(observer: Observer, use: string): DoctorItem {
  const found = observer.available();
  if (found.ok) return { name: observer.name, ok: true, detail: `${found.version}; ${use}`, remedy: '' };
  return { name: observer.name, ok: false, detail: found.reason, remedy: found.remedy };
}

function describeLoopback(): DoctorItem {
  const host = loopbackHost();
  host.sockets?.close();
  const six = host.addresses[6] !== undefined;
  return {
    name: 'loopback addresses',
    ok: true,
    detail: six ? '127.0.0.1 and ::1' : '127.0.0.1; no ::1, so that IPv6 is skipped on the loopback plane',
    remedy: '',
  };
}

function canSee(path: string): boolean {
  try {
    accessSync(path, constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
