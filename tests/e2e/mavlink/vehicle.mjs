// A vehicle for tests: MAVLink 2 over UDP by an independent codec (npm's node-mavlink), the public mission and command
// protocols, and a point that flies the items of its mission. It is no autopilot: it knows no wind, no estimator, no
// failsafe, and takes corners at full speed. What it is strict about is what PX4 and ArduPilot are strict about.
//
//   node vehicle.mjs '{"autopilot":"px4","to":14550,"lat":22.44,"lon":115.09,"times":40,"loss":0.2,"seed":1}'
//
// Lines of JSON on standard input change it: {"mute":true} {"mode":"pilot"} {"refuse_arming":"PreArm: …"}
// {"pad":[1,0.7]} {"battery":0.5} {"gust_m":[east,north]}; {"mode":"mission"} gives it back. It tells what happens in lines of JSON on standard output.
import dgram from "node:dgram";
import readline from "node:readline";
import mavlink from "node-mavlink";

const { MavLinkProtocolV2, MavLinkPacketSignature, minimal, common } = mavlink;
const wanted = { autopilot: "px4", to: 14550, lat: 0, lon: 0, times: 1, loss: 0, seed: 1, payload: false,
  ...JSON.parse(process.argv[2] ?? "{}") };
const px4 = wanted.autopilot === "px4";
const registry = { ...common.REGISTRY, ...minimal.REGISTRY };
const key = wanted.key ? Buffer.from(wanted.key, "hex") : null;  // then it hears and says only what is signed
const protocol = new MavLinkProtocolV2(1, 1, key ? MavLinkProtocolV2.IFLAG_SIGNED : 0);
const kMetresPerDegree = 111318.84502145034;
const kOwnSeaLevel_m = 41.3;  // its geoid's, which is nobody else's
const kTurn_ms = 10;
const kAgain_ms = 250;
const [kGround, kInAir, kTakeOff, kLanding] = [1, 2, 3, 4];
const kModes = px4
  ? { stabilize: [1, 0], hold: [4, 3], mission: [4, 4], back: [4, 5], land: [4, 6] }
  : { stabilize: 0, mission: 3, ready: 4, back: 6, land: 9, hold: 17 };

let state = BigInt(wanted.seed);
function chance() {  // splitmix64, 0 to 1
  state = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53;
}

const tell = (what) => console.log(JSON.stringify({ ...what, at_s: Math.round(performance.now()) / 1000 }));
const place = (lat, lon) => ({ east: (lon - wanted.lon) * kMetresPerDegree * Math.cos(wanted.lat * Math.PI / 180),
  north: (lat - wanted.lat) * kMetresPerDegree });
const me = { east: 0, north: 0, up: 0, v: [0, 0, 0], armed: false, landed: kGround, mode: px4 ? "hold" : "stabilize",
  home: { east: 0, north: 0, up: 0 }, battery: 1, stood_s: 0, current: 0, speed: 10, mission: [], fence: [], rally: [], mute: false,
  refuse_arming: "", began: false };
const degrees = (p) => ({ lat: Math.round((wanted.lat + p.north / kMetresPerDegree) * 1e7),
  lon: Math.round((wanted.lon + p.east / (kMetresPerDegree * Math.cos(wanted.lat * Math.PI / 180))) * 1e7) });

// ---- the air: a share of all datagrams is lost, doubled or overtaken ----
const socket = dgram.createSocket("udp4");
const air = { lost: 0, doubled: 0, overtaken: 0, sent: 0 };
function through_air(pass) {
  ++air.sent;
  const drawn = chance();
  if (drawn < wanted.loss * 0.5) return void ++air.lost;
  if (drawn < wanted.loss * 0.75) { ++air.doubled; pass(); return pass(); }
  if (drawn < wanted.loss) { ++air.overtaken; return void setTimeout(pass, 5 + 40 * chance()); }
  pass();
}
let sequence = 0;
let signing_ms = 0;
function send(id, fields) {
  if (me.mute) return;
  const message = Object.assign(new registry[id](), fields);
  const plain = protocol.serialize(message, sequence++ & 0xff);
  const bytes = key ? protocol.sign(plain, 1, key, signing_ms = Math.max(signing_ms + 0.01, Date.now())) : plain;
  through_air(() => socket.send(bytes, wanted.to, "127.0.0.1"));
}
// Who asks is answered; the ids of the bridge that a datagram came from last.
const to_bridge = { targetSystem: 0, targetComponent: 0 };

// ---- the pad's own system: a component of the vehicle behind a socket of its own ----
const kPadComponent = 191;
const pad_socket = dgram.createSocket("udp4");
const pad_protocol = new MavLinkProtocolV2(1, kPadComponent, key ? MavLinkProtocolV2.IFLAG_SIGNED : 0);
let pad = null;
let pad_sequence = 0;
function pad_says(signal, kg) {
  const message = Object.assign(new registry[76](), { ...to_bridge, command: 31010, _param1: signal, _param2: kg });
  const plain = pad_protocol.serialize(message, pad_sequence++ & 0xff);
  const bytes = key ? pad_protocol.sign(plain, 2, key, signing_ms = Math.max(signing_ms + 0.01, Date.now())) : plain;
  pad_socket.send(bytes, wanted.to, "127.0.0.1");
}
pad_socket.on("message", (datagram) => {
  const id = datagram.readUIntLE(7, 3);
  if (id !== 77) return tell({ fault: `the pad's system is told ${id}` });
  const answer = protocol.data(protocol.payload(datagram), registry[77]);
  if (answer.targetComponent !== kPadComponent) tell({ fault: `the pad's answer goes to component ${answer.targetComponent}` });
  tell({ pad_answer: answer.result });
  pad = null;
});

// ---- what it says of itself ----
const intervals = new Map([[0, 1000]]);  // ms by message id; the rest only once asked for
const due = new Map();
const says = {
  0: () => ({ type: 13, autopilot: px4 ? 12 : 3, baseMode: (me.armed ? 0x80 : 0) | 1, systemStatus: me.armed ? 4 : 3,
    customMode: px4 ? (kModes[me.mode][0] << 16) | (kModes[me.mode][1] << 24) : kModes[me.mode] }),
  33: () => {
    const at = degrees(me);
    return { timeBootMs: Math.round(performance.now()), ...at, alt: Math.round((me.up + kOwnSeaLevel_m) * 1000),
      relativeAlt: Math.round((me.up - me.home.up) * 1000), vx: Math.round(me.v[1] * 100), vy: Math.round(me.v[0] * 100),
      vz: Math.round(-me.v[2] * 100), hdg: 65535 };
  },
  42: () => ({ seq: me.current, total: me.mission.length }),
  147: () => ({ id: 0, batteryRemaining: Math.round(me.battery * 100), currentConsumed: -1, energyConsumed: -1,
    voltages: new Array(10).fill(65535), currentBattery: -1, temperature: 32767 }),
  242: () => { const at = degrees(me.home); return { latitude: at.lat, longitude: at.lon,
    altitude: Math.round((me.home.up + kOwnSeaLevel_m) * 1000), q: [1, 0, 0, 0] }; },
  245: () => ({ vtolState: 0, landedState: me.landed }),
};
const say = (id) => send(id, says[id]());
const complain = (text) => send(253, { severity: 4, text });

// ---- the mission protocol ----
const kMission = 0, kFence = 1;
const list = (type) => ["mission", "fence", "rally"][type];
let upload = null;  // { type, count, items, asked_at, tries }
function ask_for_item() {
  upload.asked_at = performance.now();
  send(51, { ...to_bridge, seq: upload.items.length, missionType: upload.type });
}
const answer_mission = (type, of = kMission) => send(47, { ...to_bridge, type, missionType: of });
function refusal_of(item) {
  const { command, frame } = item;
  if (item.missionType === kFence) return command !== 5001 ? 3 : frame !== 0 ? 2 : item.param1 !== upload.count ? 6 : 0;
  if (item.missionType !== kMission) return command !== 5100 ? 3 : frame !== 3 ? 2 : 0;
  const moves = [16, 21, 22].includes(command);
  if (!moves && command !== 178) return 3;
  if (px4 && (moves ? ![0, 3, 6].includes(frame) : frame !== 2)) return 2;
  const numbers = [item.param1, item.param2, item.param3, item.param4];
  if (!px4 && numbers.some(Number.isNaN)) return 6 + numbers.findIndex(Number.isNaN);
  return 0;
}
function take_item(item) {
  const type = item.missionType;
  if (!upload || upload.type !== type) return px4 ? undefined : answer_mission(1, type);
  if (item.seq !== upload.items.length) return px4 ? undefined : answer_mission(13, type);
  const refusal = refusal_of(item);
  if (refusal) { upload = null; return answer_mission(refusal, type); }
  upload.items.push(item);
  upload.tries = 0;
  if (upload.items.length < upload.count) return ask_for_item();
  me[list(type)] = upload.items;
  upload = null;
  if (type !== kMission) {
    answer_mission(0, type);
    return tell({ [list(type)]: me[list(type)].length });
  }
  me.began = false;
  if (!px4) me.mission[0] = Object.assign(new registry[73](), me.mission[0], { x: degrees(me.home).lat, y: degrees(me.home).lon });
  me.current = 0;
  answer_mission(0);
  tell({ mission: me.mission.length });
}

// ---- commands ----
function mode_of(command) {
  return Object.keys(kModes).find((name) => px4
    ? kModes[name][0] === command._param2 && kModes[name][1] === command._param3 : kModes[name] === command._param2);
}
const first = () => (px4 ? 0 : 1);
function change_mode(mode) {
  if (me.mode !== mode) tell({ mode });
  me.mode = mode;
  say(0);
}
function obey(command) {
  switch (command.command) {
    case 176: {
      const mode = mode_of(command);
      if (!mode || (mode === "mission" && me.mission.length <= first())) return 2;
      change_mode(mode);
      return 0;
    }
    case 400:
      if (command._param1 === 1) {
        if (me.refuse_arming) { complain(me.refuse_arming); return 1; }
        if (!px4 && me.mode !== "ready") { complain("Arm: mode not armable"); return 4; }
        if (!me.armed) me.home = { east: me.east, north: me.north, up: me.up };
        me.armed = true;
        say(242);
      } else if (me.landed !== kGround) {
        return 2;
      } else {
        me.armed = false;
      }
      say(0);
      return 0;
    case 300:
      if (px4 || !me.armed || me.mission.length <= 1) return 4;
      if (me.current < 1) me.current = 1;
      change_mode("mission");
      return 0;
    case 511:
      if (!says[command._param1]) return 3;
      intervals.set(command._param1, Math.max(10, command._param2 / 1000));
      return 0;
    case 512:
      if (!says[command._param1]) return 3;
      say(command._param1);
      return 0;
    case 211:
      if (me.landed !== kGround) return 2;
      tell({ released: true });
      return 0;
    default:
      return 3;
  }
}

// ---- what is heard ----
function hear(id, message) {
  if (message.targetSystem !== undefined && message.targetSystem !== 1) return;
  switch (id) {
    case 41:
      if (message.seq < me.mission.length) { me.current = message.seq; me.began = false; say(42); }
      break;
    case 43:
      send(44, { ...to_bridge, count: me[list(message.missionType)].length, missionType: message.missionType });
      break;
    case 44:
      upload = { type: message.missionType, count: message.count, items: [], asked_at: 0, tries: 0 };
      ask_for_item();
      break;
    case 51:
      if (message.seq < me[list(message.missionType)].length) {
        // ArduPilot keeps heights of rally points in whole metres.
        const item = me[list(message.missionType)][message.seq];
        if (!px4 && item.command === 5100) item.z = Math.trunc(item.z);
        send(73, Object.assign(item, { ...to_bridge, seq: message.seq, missionType: message.missionType }));
      }
      break;
    case 73:
      take_item(message);
      break;
    case 76:
      send(77, { command: message.command, result: obey(message), ...to_bridge });
      break;
    case 77:
      tell({ fault: `the autopilot is answered what it has not said: ${message.command}` });
      break;
  }
}
socket.on("message", (datagram) => through_air(() => {
  if (me.mute || datagram[0] !== 0xfd) return;
  const id = datagram.readUIntLE(7, 3);
  if (!registry[id]) return;
  const length = datagram[1];
  if (mavlink.x25crc(datagram.subarray(0, 12 + length), 1, 2, registry[id].MAGIC_NUMBER) !== datagram.readUInt16LE(10 + length)) {
    return tell({ fault: `message ${id} with a wrong checksum` });
  }
  if (key && !((datagram[2] & 1) && new MavLinkPacketSignature(datagram).matches(key))) {
    return tell({ fault: `message ${id} is not signed` });
  }
  [to_bridge.targetSystem, to_bridge.targetComponent] = [datagram[5], datagram[6]];
  hear(id, protocol.data(protocol.payload(datagram), registry[id]));
}));

// ---- flight ----
function step_towards(target, speed_m_s, dt) {
  const d = [target.east - me.east, target.north - me.north, target.up - me.up];
  const away = Math.hypot(...d);
  const step = Math.min(away, speed_m_s * dt);
  if (away > 0) {
    me.v = d.map((x) => (x / away) * (step / dt));
    [me.east, me.north, me.up] = [me.east + d[0] * step / away, me.north + d[1] * step / away, me.up + d[2] * step / away];
  }
  return away <= step + 1e-9 ? dt - step / speed_m_s : 0;  // what is left of dt once it is there
}
function touch_down() {
  Object.assign(me, { landed: kGround, v: [0, 0, 0], armed: false, stood_s: 0 });
  if (!px4) change_mode("ready");
  say(245); say(0);
  tell({ landed: degrees(me), up: me.up });
}
function fly_mission(dt) {
  while (dt > 0 && me.mode === "mission") {
    const item = me.mission[me.current];
    if (!item) return change_mode("hold");
    const home_up = item.frame === 0 ? -kOwnSeaLevel_m : me.home.up;
    if (item.command === 178) {
      if (item.param2 > 0) me.speed = item.param2;
    } else if (item.command === 22) {
      dt = step_towards({ east: me.east, north: me.north, up: home_up + item.z }, 3, dt);
      if (!(dt > 0)) return;
    } else if (item.command === 16) {
      const p = place(item.x / 1e7, item.y / 1e7);
      dt = step_towards({ ...p, up: home_up + item.z }, me.speed, dt);
      if (!(dt > 0)) return;
    } else if (item.command === 21) {
      const p = place(item.x / 1e7, item.y / 1e7);
      const over = { ...p, up: Math.max(me.up, home_up + item.z) };
      if (Math.hypot(p.east - me.east, p.north - me.north) > 0.01) dt = step_towards(over, me.speed, dt);
      if (!(dt > 0)) return;
      me.landed = kLanding;
      dt = step_towards({ ...p, up: home_up + item.z }, me.up - home_up - item.z > 10 ? 2 : 0.6, dt);
      if (dt > 0) touch_down();
      return;
    }
    send(46, { seq: me.current });
    me.current += 1;
    tell({ item: me.current, up_m: Math.round(me.up - me.home.up) });
    say(42);
  }
}
let outside = false;
/// Whether it is to the same side of all edges of its fence, which is convex.
function watch_fence() {
  const at = degrees(me);
  const sides = me.fence.map((a, i) => {
    const b = me.fence[(i + 1) % me.fence.length];
    return (b.y - a.y) * (at.lat - a.x) > (b.x - a.x) * (at.lon - a.y);
  });
  const is_out = sides.some((side) => side !== sides[0]);
  if (is_out && !outside && me.mode === "mission") tell({ fault: `it leaves its fence at ${at.lat}, ${at.lon}` });
  outside = is_out;
}
function fly(dt) {
  me.v = [0, 0, 0];
  if (!me.armed) {
    me.stood_s += dt;
    const at_home = Math.hypot(me.east, me.north) < 5;
    if (at_home && me.stood_s > 30) me.battery = 1;  // somebody has changed it
    return;
  }
  if (me.landed === kGround && me.mode === "mission") { me.landed = kTakeOff; say(245); tell({ takeoff: true }); }
  if (me.landed === kGround) return;
  watch_fence();
  me.battery = Math.max(0, me.battery - dt / 1500);
  if (me.mode === "mission") {
    fly_mission(dt);
    if (me.landed === kTakeOff && me.up - me.home.up > 2) { me.landed = kInAir; say(245); }
  } else if (me.mode === "land") {
    if (step_towards({ east: me.east, north: me.north, up: me.home.up }, 2, dt) > 0) touch_down();
  }
}
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  fly((now - before) / 1000 * wanted.times);
  before = now;
  for (const [id, interval] of intervals) {
    if (now < (due.get(id) ?? 0)) continue;
    due.set(id, now + interval);
    say(id);
  }
  if (upload && now > upload.asked_at + kAgain_ms) {
    if (++upload.tries > 20) { answer_mission(15, upload.type); upload = null; } else ask_for_item();
  }
  if (pad && now > pad.again) {
    pad.again = now + 500;
    pad_says(pad.signal, pad.kg);
  }
}, kTurn_ms);

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { pad: signal, mode, gust_m, ...changes } = JSON.parse(line);
  Object.assign(me, changes);
  if (mode) change_mode(mode === "pilot" ? "stabilize" : mode);
  if (signal) pad = { signal: signal[0], kg: signal[1], again: 0 };
  if (gust_m) { me.east += gust_m[0]; me.north += gust_m[1]; }
}).on("close", () => { tell({ air }); process.exit(0); });
