/**
 * Sharing this device's screen: asked of the person, then of the meeting, and sent only while that grants it.
 *
 * However it ends (the browser's own button, this page's, a turn that is over, the desk, the line) the capture ends
 * with it and the screen says why. Only after a cut line is it taken up again, if the stage is still this seat's.
 */
import { announce, byId, icon, show } from "../dom.js";
import { Refusal } from "../protocol.js";
import { t } from "../t.js";

/** @typedef {import("./shapes.js").Own} Own */
/** @typedef {import("./shapes.js").ScreenEnd} ScreenEnd */

/** Text wants sharpness, not motion. */
const CAPTURE = {
  video: { frameRate: { ideal: 5, max: 5 }, width: { max: 1920 }, height: { max: 1080 } },
  audio: false,
  // Browsers that know these offer other windows first, and a change of window without a new question.
  selfBrowserSurface: "exclude",
  surfaceSwitching: "include",
};

/** Whether this browser can capture a screen at all. Telephones cannot; Firefox of Android says that it can, and refuses. */
export function canCapture() {
  const able = typeof navigator.mediaDevices?.getDisplayMedia === "function";
  return able && !/Android/.test(navigator.userAgent);
}

export class SharedScreen {
  /** The capture, from the person's yes to its end. @type {MediaStreamTrack | null} */
  track = null;
  /** Why the last one ended, as long as nobody has read it. */
  words = "";
  /** Whether the meeting has granted it. */
  #granted = false;
  #asking = false;
  /** @type {(() => void)[]} */
  #followers = [];

  /** @param {import("../protocol.js").Wire} wire @param {import("../call.js").Call} call
   *  @param {import("./device.js").SeatDevice} device @param {string} seat */
  constructor(wire, call, device, seat) {
    this.wire = wire;
    this.call = call;
    this.device = device;
    this.seat = seat;
    wire.on("view", () => this.#follow());
    call.onState(() => this.#follow());
  }

  /** @param {() => void} fn after each change */
  onChange(fn) {
    this.#followers.push(fn);
  }

  /** Asks the person which screen, then the meeting. */
  async start() {
    if (this.track) return;
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia(/** @type {DisplayMediaStreamOptions} */ (CAPTURE));
    } catch (why) {
      // Who closes the browser's question has changed their mind.
      const refused = why instanceof DOMException && why.name === "NotAllowedError";
      return this.#end(refused ? "" : t("Layar perangkat ini tidak dapat dibagikan."));
    }
    const track = /** @type {MediaStreamTrack} */ (stream.getVideoTracks()[0]);
    track.contentHint = "detail";
    track.addEventListener("ended", () => track === this.track && this.stop());
    this.track = track;
    this.words = "";
    this.#changed();
    await this.#ask();
  }

  /** Ends it from here. */
  stop() {
    this.#end("");
    this.#tell();
  }

  /** Somebody has read why it ended. */
  read() {
    this.words = "";
    this.#changed();
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.wire.command("share_screen", { seat_id: this.seat, shared: true });
    } catch (why) {
      this.#end(why instanceof Refusal ? why.message : t("Layar belum dapat dibagikan. Coba lagi."));
    } finally {
      this.#asking = false;
    }
  }

  #tell() {
    this.wire.command("share_screen", { seat_id: this.seat, shared: false }).catch(() => {});
  }

  /** What the meeting says now. */
  #follow() {
    /** @type {Own | undefined} */
    const own = this.wire.get("own");
    if (!own) return;
    const { may, shared, ended } = own.screen;
    // Another device has taken the seat.
    if (this.track && !this.device.held) this.#end("");
    if (shared && this.track) {
      this.#granted = true;
      this.call.send({ screen: this.track });
    } else if (shared && this.device.held) {
      // Another device had begun it, or this page before it was loaded anew.
      this.#tell();
    } else if (!shared && this.#granted) {
      this.#granted = false;
      if (ended === "putus" && (may || this.#mayComeBack(own))) this.call.send({ screen: null });
      else this.#end(endWords(ended));
    }
    if (this.track && !shared && !this.#granted && ended === "putus") {
      if (may) void this.#ask();
      else if (!this.#mayComeBack(own)) this.#end(endWords(ended));
    }
    this.#changed();
  }

  /** Whether the stage waits for this seat while its line is down. @param {Own} own */
  #mayComeBack(own) {
    return own.kind === "aula" ? this.wire.get("session").status !== "ditutup" : own.state === "terputus";
  }

  /** @param {string} words */
  #end(words) {
    this.#granted = false;
    this.track?.stop();
    this.track = null;
    this.call.send({ screen: null });
    this.words = words;
    if (words) announce(words);
    this.#changed();
  }

  #changed() {
    for (const fn of this.#followers) fn();
  }
}

/** @param {ScreenEnd | null} ended */
function endWords(ended) {
  switch (ended) {
    case "dihentikan": return t("Meja petugas menghentikan tampilan layar ini.");
    case "diganti": return t("Ruang lain sekarang membagikan layarnya; layar ini tidak dibagikan lagi.");
    case "turun": return t("Giliran sudah beralih; layar ini tidak dibagikan lagi.");
    case "putus": return t("Sambungan sempat terputus; layar ini tidak dibagikan lagi.");
    default: return "";
  }
}

/** The button in the controls and the strip that says what is shared, or why no longer.
 *  @param {SharedScreen} screen @param {boolean} always whether the button stands there also while it may not be pressed */
export function showSharing(screen, always) {
  const button = byId("layar", HTMLButtonElement);
  const strip = byId("berbagi", HTMLElement);
  const stop = byId("berbagi-henti", HTMLButtonElement);
  const words = /** @type {HTMLElement} */ (strip.querySelector("span"));
  const press = () => (screen.track ? screen.stop() : void screen.start());
  const draw = () => {
    const on = screen.track !== null;
    const may = screen.device.held && /** @type {Own | undefined} */ (screen.wire.get("own"))?.screen.may === true;
    show(button, canCapture() && (always || on || may));
    button.disabled = !on && !may;
    button.toggleAttribute("data-on", on);
    const label = on ? t("Berhenti berbagi") : t("Bagikan layar");
    if (button.textContent !== label) {
      const word = document.createElement("span");
      word.textContent = label;
      button.replaceChildren(icon(on ? "stop" : "screen"), word);
    }
    words.textContent = on ? sharedWords(screen) : screen.words;
    stop.textContent = on ? t("Berhenti berbagi") : t("Mengerti");
    show(strip, on || screen.words !== "");
  };
  // Who looks for the button in vain reads why beside the other choices about pictures.
  show(byId("layar-tanpa", HTMLElement), !canCapture());
  button.addEventListener("click", press);
  stop.addEventListener("click", () => (screen.track ? screen.stop() : screen.read()));
  screen.onChange(draw);
  screen.wire.on("applied", draw);
  draw();
}

/** @param {SharedScreen} screen */
function sharedWords({ wire, seat }) {
  /** @type {string | null} */
  const seen = wire.get("stage").slots.screen;
  if (seen === seat) return t("Layar perangkat ini sedang dilihat semua ruang.");
  /** @type {import("./shapes.js").Seat[]} */
  const seats = wire.get("seats") ?? [];
  const label = seats.find((one) => one.seat_id === seen)?.label;
  if (label) return t("Layar dari {tempat} sedang tampil; sesudahnya layar perangkat ini tampil lagi.", { tempat: label });
  return t("Layar perangkat ini disiapkan…");
}
