import type { StartContext } from '#target';

/** VCL: it answers by itself, from files and after a while, and passes on what is asked of where it is to dial. */
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
  return (synth(200));
}

sub vcl_synth {
  set resp.http.Content-Type = "text/plain";
  if (req.url == "/64k") { set resp.body = std.fileread("${folder}/64k"); }
  else if (req.url == "/large") { set resp.body = std.fileread("${folder}/large"); }
  else { set resp.body = {"hello
"}; }
  return (deliver);
}
`;
}
