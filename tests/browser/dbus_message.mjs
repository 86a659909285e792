// The D-Bus wire: one message to bytes and back (D-Bus specification, "Message Protocol"; little-endian to write, both to read).
// Values are plain JavaScript: arrays, strings, numbers; a dictionary is a Map, a variant is {signature, value}.

const kAlign = { y: 1, b: 4, n: 2, q: 2, i: 4, u: 4, x: 8, t: 8, d: 8, s: 4, o: 4, g: 1, a: 4, v: 1, h: 4, "(": 8, "{": 8 };
const kHeader = "yyyyuua(yv)";

/** Method call, its answer, its refusal, and a signal. */
export const kType = { call: 1, answer: 2, error: 3, signal: 4 };
const kField = { path: 1, interface: 2, member: 3, error: 4, replyTo: 5, destination: 6, sender: 7, signature: 8 };
const kFieldSignature = { path: "o", replyTo: "u", signature: "g" };

/** Cuts the first complete type off a signature. */
function first(signature) {
  if (signature[0] === "a") return `a${first(signature.slice(1))}`;
  if (signature[0] !== "(" && signature[0] !== "{") return signature[0];
  let depth = 0;
  for (let at = 0; at < signature.length; at += 1) {
    if ("({".includes(signature[at])) depth += 1;
    if (")}".includes(signature[at])) depth -= 1;
    if (depth === 0) return signature.slice(0, at + 1);
  }
  throw new Error(`D-Bus signature ${signature}: not closed`);
}

function types(signature) {
  const found = [];
  for (let rest = signature; rest;) {
    const one = first(rest);
    found.push(one);
    rest = rest.slice(one.length);
  }
  return found;
}

class Reader {
  constructor(bytes, little) {
    this.bytes = bytes;
    this.little = little;
    this.at = 0;
  }

  align(to) {
    this.at = Math.ceil(this.at / to) * to;
  }

  number(type) {
    const size = kAlign[type];
    this.align(size);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, size);
    this.at += size;
    const take = { y: "getUint8", n: "getInt16", q: "getUint16", i: "getInt32", u: "getUint32", b: "getUint32", h: "getUint32",
      x: "getBigInt64", t: "getBigUint64", d: "getFloat64" }[type];
    const value = view[take](0, this.little);
    return type === "b" ? value === 1 : value;
  }

  text(length) {
    const value = this.bytes.toString("utf8", this.at, this.at + length);
    this.at += length + 1;  // a zero follows
    return value;
  }

  array(element) {
    const length = this.number("u");
    this.align(kAlign[element[0]]);
    const end = this.at + length;
    if (element === "y") {
      this.at = end;
      return this.bytes.subarray(end - length, end);
    }
    const values = [];
    while (this.at < end) values.push(this.value(element));
    return element[0] === "{" ? new Map(values) : values;
  }

  value(type) {
    switch (type[0]) {
      case "s": case "o": return this.text(this.number("u"));
      case "g": return this.text(this.number("y"));
      case "a": return this.array(type.slice(1));
      case "v": {
        const signature = this.value("g");
        return { signature, value: this.value(signature) };
      }
      case "(": case "{":
        this.align(8);
        return types(type.slice(1, -1)).map((one) => this.value(one));
      default: return this.number(type[0]);
    }
  }
}

class Writer {
  bytes = [];

  align(to) {
    while (this.bytes.length % to) this.bytes.push(0);
  }

  number(type, value) {
    const size = kAlign[type];
    this.align(size);
    for (let at = 0; at < size; at += 1) this.bytes.push((Number(value) >>> (8 * at)) & 255);
  }

  value(type, value) {
    switch (type[0]) {
      case "s": case "o": case "g": {
        const text = Buffer.from(value);
        this.number(type[0] === "g" ? "y" : "u", text.length);
        this.bytes.push(...text, 0);
        return;
      }
      case "a": {
        const element = type.slice(1);
        this.number("u", 0);
        const length = this.bytes.length - 4;
        this.align(kAlign[element[0]]);
        const start = this.bytes.length;
        for (const one of value) this.value(element, one);
        this.bytes.splice(length, 4, ...new Uint8Array(Uint32Array.of(this.bytes.length - start).buffer));
        return;
      }
      case "v":
        this.value("g", value.signature);
        this.value(value.signature, value.value);
        return;
      case "(": case "{":
        this.align(8);
        types(type.slice(1, -1)).forEach((one, index) => this.value(one, value[index]));
        return;
      case "x": case "t": case "d": throw new Error(`D-Bus type ${type}: not written here`);
      default: this.number(type[0], value);
    }
  }
}

/** A message as bytes. `fields` by the names of kField; `body` is a list of values for `fields.signature`. */
export function packMessage({ type, serial, fields, body = [] }) {
  const content = new Writer();
  types(fields.signature ?? "").forEach((one, index) => content.value(one, body[index]));
  const header = new Writer();
  const list = Object.entries(fields).map(([name, value]) => [kField[name], { signature: kFieldSignature[name] ?? "s", value }]);
  const values = ["l".charCodeAt(0), type, 0, 1, content.bytes.length, serial, list];
  types(kHeader).forEach((one, index) => header.value(one, values[index]));
  header.align(8);
  return Buffer.from([...header.bytes, ...content.bytes]);
}

/** The first message in `bytes`: {message, length}; undefined when it is not all there yet. */
export function unpackMessage(bytes) {
  if (bytes.length < 16) return undefined;
  const reader = new Reader(bytes, bytes[0] === "l".charCodeAt(0));
  reader.at = 4;
  const bodyLength = reader.number("u");
  reader.at = 12;
  const length = Math.ceil((16 + reader.number("u")) / 8) * 8 + bodyLength;
  if (bytes.length < length) return undefined;

  reader.at = 0;
  const [, type, flags, , , serial, list] = types(kHeader).map((one) => reader.value(one));
  reader.align(8);
  const names = Object.keys(kField);
  const fields = Object.fromEntries(list.map(([code, { value }]) => [names[code - 1] ?? `field${code}`, value]));
  const whole = new Reader(bytes.subarray(reader.at, length), reader.little);
  return { message: { type, flags, serial, fields, body: types(fields.signature ?? "").map((one) => whole.value(one)) }, length };
}
