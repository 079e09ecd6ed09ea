/**
 * Camera, microphone and loudspeaker of this device: opened with plain-word fallbacks, metered, watched.
 *
 * A camera that is denied or absent never keeps anybody out: sound alone, then listening alone. Nor does one that
 * stays silent: a browser may leave the question unanswered for as long as a driver hangs or nobody has permitted it.
 */

/** @typedef {"lengkap" | "suara_saja" | "gambar_saja" | "menyimak"} Reach */
/** @typedef {"ditolak" | "tidak_ada" | "terpakai" | "tidak_aman" | "belum_menjawab" | null} Trouble
 *  why something is missing; belum_menjawab: asked, and it may still come; terpakai: it is there, and did not open */
/** @typedef {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null, reach: Reach, trouble: Trouble }} Opened */
/** @typedef {"ruangan" | "mixer" | "headset"} SoundSource */
/** @typedef {{ wide?: boolean, source?: SoundSource, cameraId?: string, microphoneId?: string }} Wish
 *  wide: the hall's 720p; source: what the sound is taken from, a microphone in a room if nothing is said */

/**
 * What is done to the sound of each source, and how many bits per second it is worth. A mixing desk's sound is
 * left as it is: what suppresses noise takes an anthem for noise. A headset hears no loudspeaker. Always one channel.
 * @type {Record<SoundSource, { echo: boolean, noise: boolean, gain: boolean, bitrate: number }>}
 */
export const SOURCES = {
  ruangan: { echo: true, noise: true, gain: true, bitrate: 64_000 },
  mixer: { echo: false, noise: false, gain: false, bitrate: 96_000 },
  headset: { echo: false, noise: true, gain: true, bitrate: 48_000 },
};

/** @param {Wish} wish @returns {{ audio: MediaTrackConstraints, video: MediaTrackConstraints }} */
export function constraints(wish) {
  const { echo, noise, gain } = SOURCES[wish.source ?? "ruangan"];
  return {
    audio: {
      echoCancellation: echo, noiseSuppression: noise, autoGainControl: gain, channelCount: 1,
      ...(wish.microphoneId ? { deviceId: { exact: wish.microphoneId } } : {}),
    },
    video: {
      width: { ideal: wish.wide ? 1280 : 640 }, height: { ideal: wish.wide ? 720 : 360 },
      frameRate: { ideal: wish.wide ? 25 : 20, max: wish.wide ? 25 : 20 },
      ...(wish.cameraId ? { deviceId: { exact: wish.cameraId } } : {}),
    },
  };
}

/** Opens what there is; never throws, but may never answer. @param {Wish} [wish] @returns {Promise<Opened>} */
export async function openDevices(wish = {}) {
  const media = navigator.mediaDevices;
  if (!media?.getUserMedia) return { audio: null, video: null, reach: "menyimak", trouble: "tidak_aman" };
  const { audio, video } = constraints(wish);
  /** @type {Trouble} */
  let trouble = null;
  for (const ask of [{ audio, video }, { audio }, { video }]) {
    try {
      const stream = await media.getUserMedia(ask);
      const opened = { audio: stream.getAudioTracks()[0] ?? null, video: stream.getVideoTracks()[0] ?? null };
      return { ...opened, reach: reachOf(opened.audio, opened.video), trouble };
    } catch (why) {
      // The one that was chosen is not there; any other is better than none.
      const chose = wish.cameraId || wish.microphoneId;
      if (chose && nameOf(why) === "OverconstrainedError") return openDevices({ ...wish, cameraId: "", microphoneId: "" });
      trouble ??= troubleOf(why);
    }
  }
  return { audio: null, video: null, reach: "menyimak", trouble };
}

/** What is missing of `opened`, which goes on; never throws. @param {Wish} wish @param {Opened} opened @returns {Promise<Opened>} */
export async function openMissing(wish, opened) {
  if (!opened.audio && !opened.video) return openDevices(wish);
  const { audio, video } = constraints(wish);
  try {
    const stream = await navigator.mediaDevices.getUserMedia(opened.audio ? { video } : { audio });
    const [track] = stream.getTracks();
    return { audio: opened.audio ?? track ?? null, video: opened.video ?? track ?? null, reach: "lengkap", trouble: null };
  } catch (why) {
    return { ...opened, trouble: troubleOf(why) };
  }
}

/** The microphone alone, beside one that may be in use; null when there is none. @param {Wish} wish */
export async function openMicrophone(wish) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints(wish).audio });
    return stream.getAudioTracks()[0] ?? null;
  } catch (why) {
    console.warn("microphone:", why);
    return null;
  }
}

/** @param {MediaStreamTrack | null} audio @param {MediaStreamTrack | null} video @returns {Reach} */
function reachOf(audio, video) {
  if (audio && video) return "lengkap";
  if (audio) return "suara_saja";
  return video ? "gambar_saja" : "menyimak";
}

/** @param {unknown} why */
function nameOf(why) {
  return why instanceof DOMException || (why instanceof Error && why.name === "OverconstrainedError") ? why.name : "";
}

/** @param {unknown} why @returns {Trouble} */
function troubleOf(why) {
  switch (nameOf(why)) {
    case "NotAllowedError":
    case "SecurityError":
      return "ditolak";
    case "NotFoundError":
    case "OverconstrainedError":
      return "tidak_ada";
    default:
      return "terpakai";
  }
}

/** @param {Opened | null} opened */
export function closeDevices(opened) {
  opened?.audio?.stop();
  opened?.video?.stop();
}

/** @returns {Promise<{ cameras: MediaDeviceInfo[], microphones: MediaDeviceInfo[] }>} */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const named = all.filter((d) => d.deviceId !== "");
  return {
    cameras: named.filter((d) => d.kind === "videoinput"),
    microphones: named.filter((d) => d.kind === "audioinput"),
  };
}

/** @type {AudioContext | null} */
let context = null;

/** The page's one audio context; it may sound once the person has tapped. */
export function audioContext() {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
  return context;
}

/**
 * Watches how loud a microphone is.
 * @param {MediaStreamTrack} track
 * @param {(level: number) => void} fn 0..1, about 15 times a second
 * @returns {() => void} stops watching
 */
export function meter(track, fn) {
  const audio = audioContext();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const v of samples) sum += v * v;
    const decibels = 20 * Math.log10(Math.sqrt(sum / samples.length) + 1e-6);
    fn(Math.min(1, Math.max(0, (decibels + 60) / 50)));
  }, 66);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

/** Notes of a chime: [frequency in Hz, start in s]. @typedef {[number, number][]} Notes */
/** @type {Record<"uji" | "bersiap" | "giliran" | "ditahan" | "selesai", Notes>} */
const CHIMES = {
  uji: [[392, 0], [494, 0.25], [587, 0.5], [784, 0.75]],
  bersiap: [[523, 0], [659, 0.22]],
  giliran: [[523, 0], [659, 0.14], [784, 0.28]],
  ditahan: [[440, 0], [349, 0.22]],
  selesai: [[587, 0], [440, 0.2]],
};

/** Plays soft bell notes. @param {keyof typeof CHIMES} name @param {number} [loudness] 0..1 */
export function chime(name, loudness = 0.16) {
  const audio = audioContext();
  for (const [frequency, start] of CHIMES[name]) {
    const at = audio.currentTime + 0.03 + start;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = "triangle";
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.65);
  }
}
