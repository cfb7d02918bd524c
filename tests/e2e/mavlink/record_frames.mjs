// Records frames of an independent MAVLink implementation (npm's node-mavlink) for the tests of Swiftlet's own:
//   npm ci && node record_frames.mjs > ../../dispatch/mavlink/recorded_frames.json
// For every message that Swiftlet knows: its CRC_EXTRA, and frames with nothing, everything and random values in them.
// Signed frames carry what they were signed with. The same bytes every time.
import mavlink from "node-mavlink";

const { MavLinkProtocolV1, MavLinkProtocolV2, minimal, common } = mavlink;
const kMessages = [0, 1, 33, 40, 41, 42, 43, 44, 46, 47, 51, 73, 76, 77, 147, 242, 245, 253];
const registry = { ...common.REGISTRY, ...minimal.REGISTRY };

let state = 20261122n;
function random() {  // splitmix64
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return z ^ (z >> 31n);
}

const kBits = { uint8_t: 8, int8_t: 8, uint16_t: 16, int16_t: 16, uint32_t: 32, int32_t: 32, uint64_t: 64 };
const base = (field) => field.type.replace("[]", "").replace("_mavlink_version", "");

function value(type, kind) {
  if (type === "float") return kind === "zero" ? 0 : kind === "most" ? 3.4028234663852886e38
    : Math.fround(Number(random() % 2000001n - 1000000n) / 128);
  const bits = kBits[type];
  const signed = type.startsWith("int");
  const all = (1n << BigInt(bits)) - 1n;
  let number = kind === "zero" ? 0n : kind === "most" ? (signed ? all >> 1n : all) : random() & all;
  if (signed && number > all >> 1n) number -= all + 1n;
  return bits === 64 ? number : Number(number);
}

function filled(id, kind) {
  const message = new registry[id]();
  const values = {};
  for (const field of registry[id].FIELDS) {
    const type = base(field);
    if (type === "char") {
      values[field.source] = message[field.name] = kind === "zero" ? "" : kind === "most" ? "x".repeat(field.length) : "PreArm: GPS 1: Bad fix";
      continue;
    }
    const one = () => (field.type === "uint8_t_mavlink_version" ? 3 : value(type, kind));
    const made = field.length ? Array.from({ length: field.length }, one) : one();
    message[field.name] = made;
    values[field.source] = Array.isArray(made) ? made : typeof made === "bigint" ? made.toString() : made;
  }
  return { message, values };
}

const recorded = { made_with: "node-mavlink 2.3.0", messages: [] };
for (const id of kMessages) {
  const clazz = registry[id];
  const entry = { id, name: clazz.MSG_NAME, crc_extra: clazz.MAGIC_NUMBER, frames: [] };
  for (const kind of ["zero", "most", "random", "random", "random"]) {
    const [system, component, sequence] = [1 + Number(random() % 255n), Number(random() % 256n), Number(random() % 256n)];
    const { message, values } = filled(id, kind);
    const bytes = new MavLinkProtocolV2(system, component).serialize(message, sequence);
    entry.frames.push({ system, component, sequence, values, bytes: bytes.toString("hex") });
  }
  const { message } = filled(id, "random");
  entry.version_1 = new MavLinkProtocolV1(1, 1).serialize(message, 7).toString("hex");
  recorded.messages.push(entry);
}

const key = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256));
const protocol = new MavLinkProtocolV2(1, 1, MavLinkProtocolV2.IFLAG_SIGNED);
recorded.signed = { key: key.toString("hex"), frames: [] };
for (let i = 0; i < 3; ++i) {
  const when = Date.UTC(2026, 10, 22, 10, 0, i);
  const frame = protocol.sign(protocol.serialize(filled(33, "random").message, i), 0, key, when);
  recorded.signed.frames.push({ unix_ms: when, bytes: frame.toString("hex") });
}
console.log(JSON.stringify(recorded, null, 1));
