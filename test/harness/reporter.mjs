// A reporter for node's test runner: one JSON line per result, for test/harness/outcome.py.
// Debian 12's node 18 must run it.

import { inspect } from "node:util";

/** What went wrong, with what was found: a message of the test's own hides that from the stack. */
function explain(error) {
  const cause = error?.cause ?? error;
  const said = String(cause?.stack ?? cause?.message ?? cause ?? "");
  if (cause?.code !== "ERR_ASSERTION" || cause.generatedMessage) {
    return said;
  }
  const found = inspect(cause.actual, { depth: 4, breakLength: 120 }).slice(0, 3000);
  return `${said}\nfound: ${found}`;
}

function line(event, ok) {
  const { name, nesting, skip, todo, details } = event.data;
  const message = ok ? "" : explain(details?.error);
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
