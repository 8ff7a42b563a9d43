// An S3-speaking server for tests: a free loopback port, one bucket, its data in a folder that the
// test removes. Says "port <n>" when it is ready and ends when its standard input does, so that it
// never outlives the test that started it. Signatures are checked in front (signature.mjs).
//
//   node server.mjs <folder> <bucket>
import { createServer, request as forward } from "node:http";
import S3rver from "s3rver";
import { refuse } from "./signature.mjs";

const KEY_ID = "S3RVER";
const SECRET = "S3RVER";
const [folder, bucket] = process.argv.slice(2);

const inner = new S3rver({
  address: "127.0.0.1",
  port: 0,
  silent: true,
  directory: folder,
  configureBuckets: [{ name: bucket }],
});
const { port: innerPort } = await inner.run();

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function handle(request, response) {
  const body = await bodyOf(request);
  const code = refuse(request, body, KEY_ID, SECRET);
  if (code) {
    response.writeHead(403, { "Content-Type": "application/xml" });
    response.end(`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>refused</Message></Error>`);
    return;
  }
  const passed = forward(
    { host: "127.0.0.1", port: innerPort, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  passed.on("error", () => response.destroy());
  passed.end(body);
}

const outer = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy());
});
outer.listen(0, "127.0.0.1", () => process.stdout.write(`port ${outer.address().port}\n`));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
