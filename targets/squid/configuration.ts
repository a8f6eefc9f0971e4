import { bracketed, type StartContext } from '#target';

/** The path of a file among the icons, which it serves itself. */
export const iconPath = (name: string): string => `/squid-internal-static/icons/${name}.txt`;

/**
 * squid.conf: a forward proxy. What is asked of the site `closewait` it answers itself: with icons, or by pages for what is
 * denied, before some of which it asks a helper.
 */
export function configure({ folder, addresses, ports }: StartContext): string {
  return `
${addresses.map((address) => `http_port ${bracketed(address)}:${ports['main']}`).join('\n')}
visible_hostname closewait
pid_filename ${folder}/squid.pid
coredump_dir ${folder}
cache_log ${folder}/cache.log
access_log none
netdb_filename none
pinger_enable off
hosts_file none
cache deny all
# The icons are held there.
cache_mem 32 MB
maximum_object_size_in_memory 16 MB
digest_generation off
memory_pools off
error_directory ${folder}/errors
mime_table ${folder}/mime.conf
icon_directory ${folder}/icons
dns_nameservers 127.0.0.1

request_start_timeout 2 seconds
request_timeout 2 seconds
client_idle_pconn_timeout 2 seconds
write_timeout 2 seconds
connect_timeout 2 seconds
# It ends one or two seconds after that.
shutdown_lifetime 0 seconds

# -n: an address is not looked up, whose name it might be.
acl self dstdomain -n closewait
deny_info ERR_hello self
acl icon urlpath_regex ^/squid-internal-static/icons/
http_access allow self icon
${Object.keys(HELPERS)
  .flatMap((name) => helper(folder, name))
  .join('\n')}
http_access deny self
http_access allow all
`;
}

/** mime.conf: a line for each icon. */
export function iconTable(names: readonly string[]): string {
  return names.map((name) => `${name}\\.txt$ text/plain ${name}.txt - image\n`).join('');
}

/** The last of an access rule's conditions that it looks at is the one whose page it gives. */
function helper(folder: string, name: string): string[] {
  const options = 'ttl=0 negative_ttl=0 cache=0 concurrency=1000 children-max=1 children-startup=1';
  return [
    `external_acl_type ${name} ${options} %SRC /bin/sh ${folder}/${name}.sh`,
    `acl ${name}-path urlpath_regex ^/${name}$`,
    `acl ${name} external ${name}`,
    `deny_info ERR_${name} ${name}`,
    `http_access deny self ${name}-path ${name}`,
  ];
}

/**
 * What each helper does for a line that it is asked; `message` comes out in the page, where it has %o. In the background: sh
 * starts others by vfork(), and a child that is stopped before its exec() keeps it from stopping too.
 */
export const HELPERS = {
  slow: 'while read -r id line; do { sleep 1 & wait; echo "$id OK"; } & done\n',
  run: 'while read -r id line; do echo run >>runs; echo "$id OK"; done\n',
  runs: 'while read -r id line; do echo "$id OK message=$(wc -l <runs)"; done\n',
};
