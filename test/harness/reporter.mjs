// A reporter for node's test runner: one JSON line per result, for test/harness/outcome.py.
// eslint-free, dependency-free: Debian 12's node 18 must run it.

function line(event, ok) {
  const { name, nesting, skip, todo, details } = event.data;
  const cause = details?.error?.cause ?? details?.error;
  const message = ok ? "" : String(cause?.stack ?? cause?.message ?? cause ?? "");
  return `${JSON.stringify({
    loa: 1,
    name,
    nesting,
    ok,
    skip: skip !== undefined && skip !== false ? true : todo !== undefined && todo !== false,
    seconds: (details?.duration_ms ?? 0) / 1000,
    message,
  })}\n`;
}

export default async function* reporter(source) {
  for await (const event of source) {
    if (event.type === "test:pass") {
      yield line(event, true);
    } else if (event.type === "test:fail") {
      yield line(event, false);
    } else if (event.type === "test:stderr" || event.type === "test:stdout") {
      yield event.data.message;
    }
  }
}
