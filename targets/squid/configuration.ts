import { bracketed, type StartContext } from '#target';

/**
 * squid.conf: a forward proxy. What is asked of the site `closewait` it answers itself, by pages for what is denied; there
 * it asks a helper first, where that is to take a while or to be counted.
 */
export function configure({ folder, addresses, ports }: StartContext): string {
  const helpers = ['slow', 'run', 'runs'];
  const pages = ['64k', 'large'];
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
cache_mem 8 MB
digest_generation off
memory_pools off
error_directory ${folder}/errors
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
${pages.map((name) => `acl ${name} urlpath_regex ^/${name}$\ndeny_info ERR_${name} ${name}`).join('\n')}
${helpers.flatMap((name) => helper(folder, name)).join('\n')}
${pages.map((name) => `http_access deny self ${name}`).join('\n')}
http_access deny self
http_access allow all
`;
}

/** The last of an access rule's conditions that it looks at is the one whose page it gives. */
function helper(folder: string, name: string): string[] {
  const options = 'ttl=0 negative_ttl=0 cache=0 children-max=20 children-startup=0 children-idle=1';
  return [
    `external_acl_type ${name} ${options} %SRC /bin/sh ${folder}/${name}.sh`,
    `acl ${name}-path urlpath_regex ^/${name}$`,
    `acl ${name} external ${name}`,
    `deny_info ERR_${name} ${name}`,
    `http_access deny self ${name}-path ${name}`,
  ];
}

/** What each helper does for each line that it is asked; `message` comes out in the page, where it has %o. */
export const HELPERS = {
  'slow.sh': 'while read -r line; do sleep 1; echo OK; done\n',
  'run.sh': 'while read -r line; do echo run >> runs; echo OK; done\n',
  'runs.sh': 'while read -r line; do echo "OK message=$(wc -l < runs)"; done\n',
};
