// AWS Signature Version 4 as a server checks it, written from its description: the test server
// behind it accepts any signature, and a client that signs wrongly must not pass our tests.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());

function canonicalQuery(query) {
  return query
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const [name, value = ""] = pair.split("=");
      return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value))];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");
}

// Null when the request is what its signer sent; otherwise the S3 error code.
export function refuse(request, body, keyId, secret) {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const parts = form.exec(request.headers.authorization ?? "");
  const date = request.headers["x-amz-date"] ?? "";
  const said = request.headers["x-amz-content-sha256"];
  if (!parts || !date.startsWith(parts[2])) return "AccessDenied";
  const [, id, day, region, signed, signature] = parts;
  if (id !== keyId) return "InvalidAccessKeyId";
  if (said !== sha256(body)) return "XAmzContentSHA256Mismatch";

  const names = signed.split(";");
  const sent = Object.keys(request.headers).filter((name) => name.startsWith("x-amz-"));
  if (![...sent, "host"].every((name) => names.includes(name))) return "AccessDenied";
  const [path, query = ""] = request.url.split("?");
  const headers = names.map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`).join("");
  const canonical = [request.method, path, canonicalQuery(query), headers, signed, said].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce(hmac, "AWS4" + secret);
  const right = hmac(key, toSign);
  return timingSafeEqual(right, Buffer.from(signature, "hex")) ? null : "SignatureDoesNotMatch";
}
