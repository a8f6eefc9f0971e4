import type { StartContext } from '#target';

/** Seconds for which it waits for a command. */
export const IDLE_S = 3;

/** The password with which nobody is let in. */
export const BANNED = 'banned';

/** vsftpd.conf, for one address: it listens on one alone, or on all. */
export function configure({ folder, ports }: StartContext, address: string): string {
  const listen = address.includes(':')
    ? `listen_ipv6=YES\nlisten_address6=${address}`
    : `listen=YES\nlisten_ipv6=NO\nlisten_address=${address}`;
  return `
${listen}
listen_port=${ports['main']}
background=NO
run_as_launching_user=YES
seccomp_sandbox=NO
anonymous_enable=YES
ftp_username=nobody
anon_root=${folder}/files
deny_email_enable=YES
banned_email_file=${folder}/banned
hide_ids=YES
max_per_ip=0
max_clients=0
idle_session_timeout=${IDLE_S}
xferlog_enable=NO
`;
}
