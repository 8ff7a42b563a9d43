// Time-based one-time codes (RFC 6238), computed here so that the server's
// own arithmetic is not its judge.

import { createHmac } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_S = 30;

function bytesOf(base32) {
    let bits = "";
    for (const letter of base32.replace(/[=\s]/g, "").toUpperCase()) {
        bits += ALPHABET.indexOf(letter).toString(2).padStart(5, "0");
    }
    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** `ahead` counts steps from now: a code that was used is not taken again. */
export function totpCode(secret, ahead = 0, now = Date.now()) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / STEP_S) + ahead));
    const digest = createHmac("sha1", bytesOf(secret)).update(counter).digest();
    const offset = digest[19] & 15;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
