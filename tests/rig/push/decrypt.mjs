// The browser's half of RFC 8291: one record of aes128gcm, opened with the subscription's own keys.
// Written on node's primitives only, so that it shares nothing with the sender it checks.

import { createDecipheriv, createECDH, createHmac } from "node:crypto";

/** salt 16, record size 4, key length 1, key 65 (RFC 8188, 2.1; RFC 8291, 4) */
export const HEADER_SIZE = 16 + 4 + 1 + 65;
export const TAG_SIZE = 16;

const KEY_INFO = Buffer.from("WebPush: info\0");
const CEK_INFO = Buffer.from("Content-Encoding: aes128gcm\0\x01");
const NONCE_INFO = Buffer.from("Content-Encoding: nonce\0\x01");
const ONE = Buffer.from([1]);

export class Decrypter {
  #ecdh = createECDH("prime256v1"); // kept: making one anew costs a curve lookup each time

  /**
   * The plaintext of a message whose header bodyFault() has found right.
   * Throws an Error that says which step failed.
   * @param {Buffer} body
   * @param {{privateKey: Buffer, publicKey: Buffer, auth: Buffer}} keys
   */
  decrypt(body, { privateKey, publicKey, auth }) {
    const salt = body.subarray(0, 16);
    const sender = body.subarray(21, HEADER_SIZE);
    const shared = this.#shared(privateKey, sender);
    // HKDF with at most 32 bytes of output is two HMACs (RFC 5869); spelt out, since node's hkdf is slower.
    const ikm = hmac(hmac(auth, shared), KEY_INFO, publicKey, sender, ONE);
    const prk = hmac(salt, ikm);
    const cek = hmac(prk, CEK_INFO).subarray(0, 16);
    const nonce = hmac(prk, NONCE_INFO).subarray(0, 12);
    return withoutPadding(open(cek, nonce, body.subarray(HEADER_SIZE)));
  }

  #shared(privateKey, sender) {
    try {
      this.#ecdh.setPrivateKey(privateKey);
      return this.#ecdh.computeSecret(sender);
    } catch (error) {
      throw new Error(`the sender's key is not a point on P-256 (${error.code ?? error.message})`);
    }
  }
}

function hmac(key, ...parts) {
  const digest = createHmac("sha256", key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function open(key, nonce, sealed) {
  const cipher = createDecipheriv("aes-128-gcm", key, nonce);
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG_SIZE));
  const record = cipher.update(sealed.subarray(0, sealed.length - TAG_SIZE));
  try {
    cipher.final();
  } catch {
    throw new Error("the tag does not match: wrong keys, or a changed message");
  }
  return record;
}

// The last record ends in 0x02 and then zeros (RFC 8188, 2).
function withoutPadding(record) {
  let end = record.length - 1;
  while (end >= 0 && record[end] === 0) end -= 1;
  if (end < 0 || record[end] !== 2) throw new Error("the record does not end in the delimiter 0x02");
  return record.subarray(0, end);
}
