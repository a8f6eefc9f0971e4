import type { StartContext } from '#target';

/** Milliseconds after which it ends a connection: one that does not log in, is idle, or acknowledges nothing. */
export const TIMEOUT_MS = 2000;

/** How long it dials, milliseconds. */
export const DIAL_MS = 1500;

/** postgresql.conf: as small as it can be, and everything under the start's folder. */
export function configure({ addresses, ports }: StartContext): string {
  return `
listen_addresses = '${addresses.join(',')}'
port = ${ports['main']}
unix_socket_directories = ''
max_connections = 300
authentication_timeout = ${TIMEOUT_MS}ms
idle_session_timeout = ${TIMEOUT_MS}ms
tcp_user_timeout = ${TIMEOUT_MS}ms

# Nothing here is to outlive a crash, and files that are mapped stay in the folder.
fsync = off
dynamic_shared_memory_type = mmap
shared_buffers = 4MB
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
max_worker_processes = 0
wal_writer_delay = 10ms
`;
}

/** pg_hba.conf: whoever comes. */
export const HBA = 'host all all all trust\n';
