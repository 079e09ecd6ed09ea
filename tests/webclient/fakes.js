// A fake socket and a fake clock, moved by hand.
import { Wire } from "../../webclient/static/js/protocol.js";

export class Clock {
  t = 1000;
  due = [];
  now = () => this.t;
  after = (ms, fn) => {
    const entry = { at: this.t + ms, fn };
    this.due.push(entry);
    return () => { this.due = this.due.filter((e) => e !== entry); };
  };
  advance(ms) {
    const end = this.t + ms;
    for (;;) {
      const next = this.due.filter((e) => e.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.due = this.due.filter((e) => e !== next);
      this.t = next.at;
      next.fn();
    }
    this.t = end;
  }
}

class FakeSocket {
  sent = [];
  closed = false;
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.closed = true; }
  say(message) { this.onmessage({ data: JSON.stringify(message) }); }
  drop(code = 1006) { this.onclose({ code }); }
  ofType(type) { return this.sent.filter((m) => m.type === type); }
}

/** A wire that was started, with the hands that move its world. */
export function world() {
  const clock = new Clock();
  const sockets = [];
  let n = 0;
  const wire = new Wire("ws://here", {
    open: () => { const s = new FakeSocket(); sockets.push(s); return s; },
    timing: clock, random: () => 1, uuid: () => `c${++n}`,
  });
  const last = () => sockets.at(-1);
  const welcome = (now = 50_000, worker_epoch = 1) => {
    last().onopen({});
    last().say({ type: "welcome", role: "desa", seat_id: "s", grant: "g", room_id: "r", now, worker_epoch, ice_ready: true });
  };
  wire.start();
  return { clock, sockets, wire, last, welcome };
}
export const view = (seq, sections, epoch = 1) => ({ type: "view", epoch, seq, now: 0, sections });
