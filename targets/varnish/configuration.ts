import type { StartContext } from '#target';

/**
 * VCL: it answers by itself, from files and after a while, and passes on what is asked of where it is to dial. What it counts
 * are hits in its cache. /run looks one object up; /runs looks up another, then that one: by so much more have hits of the
 * one come to than of the other.
 */
export function configure({ folder, dialTo }: StartContext): string {
  const families = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    return to === undefined ? [] : [{ name: `dial${family}`, to }];
  });
  const backends = families.map(
    ({ name, to }) =>
      `backend ${name} { .host = "${to.address}"; .port = "${to.port}"; .connect_timeout = 2s; .first_byte_timeout = 10s; }`,
  );
  const passes = families.map(
    ({ name }) => `if (req.url == "/${name}") { set req.backend_hint = ${name}; return (pass); }`,
  );
  return `vcl 4.1;
import std;
import vtc;

backend default none;
${backends.join('\n')}

sub vcl_recv {
  ${passes.join('\n  ')}
  if (req.url == "/slow") { vtc.sleep(1s); }
  if (req.url == "/upload" && !std.cache_req_body(64MB)) { return (synth(400)); }
  if (req.url ~ "^/runs?$") {
    if (req.http.Content-Length && !std.cache_req_body(1KB)) { return (synth(400)); }
    if (req.restarts == 0) { unset req.http.Asked; }
    return (hash);
  }
  return (synth(200));
}

sub vcl_hash {
  if (req.url == "/runs" && req.restarts == 0) { hash_data("asked"); } else { hash_data("looked up"); }
  return (lookup);
}

sub vcl_backend_error {
  set beresp.ttl = 1d;
  return (deliver);
}

sub vcl_deliver {
  if (req.url == "/runs" && req.restarts == 0) {
    set req.http.Asked = obj.hits;
    return (restart);
  }
  if (req.url == "/runs") { set req.http.Runs = obj.hits - std.integer(req.http.Asked, 0); }
  if (req.url ~ "^/runs?$") { return (synth(200)); }
}

sub vcl_synth {
  set resp.http.Content-Type = "text/plain";
  if (req.url == "/64k") { set resp.body = std.fileread("${folder}/64k"); }
  else if (req.url == "/large") { set resp.body = std.fileread("${folder}/large"); }
  else if (req.url == "/runs") { set resp.body = req.http.Runs + {"
"}; }
  else { set resp.body = {"hello
"}; }
  return (deliver);
}
`;
}
