/**
 * Types of the view's sections, as PROTOCOL.md names them. Types only.
 */

/** @typedef {{ title: string, status: "disiapkan" | "berlangsung" | "diskors" | "ditutup", item_id: string | null,
 *   item_kind: string | null, queue_open: boolean, off_record: boolean, chair?: Chair,
 *   settings: { turn_limit_s: number, warn_before_s: number, grace_s: number, bersiap: number } }} Session */
/** @typedef {{ holder: "pimpinan" | "protokol" | "pengganti", nama: string | null }} Chair */
/** @typedef {{ item_id: string, kind: string, title: string, state: "belum" | "berjalan" | "selesai" }} AgendaItem */
/** @typedef {{ seq: number, slots: Record<import("../call.js").Slot, string | null> }} StageView */
/** @typedef {{ turn_id: string, seat_id: string, label: string, nama: string, jabatan: string, topic: string,
 *   state: "bicara" | "disela" | "ditahan" | "jeda", media: string, limit_s: number, spoken_ms: number,
 *   running_since: number | null, limit_at: number | null, warned: boolean, overrun: boolean,
 *   grace_until: number | null }} Turn */
/** @typedef {{ turn_id: string, kind: "interupsi" | "tanggapan", seat_id: string, label: string, nama: string | null,
 *   jabatan: string | null, reason: string | null, media: string }} Interjection who was let in between */
/** @typedef {{ text: string, at: number }} Message from the chair */
/** @typedef {{ seat_id: string, kind: string, label: string, kode_wilayah: string }} Seat */
/** @typedef {{ count: number, places: { place: number, seat_id: string, label: string, reason: string }[] }} Waiting */
/** @typedef {{ peserta_id: string, seat_id: string, nama: string, jabatan: string, unsur: string, jenis_kelamin: string, hak: string,
 *   sanksi?: "" | "peringatan" | "larang_bicara" | "keluarkan" }} Peserta */
/** @typedef {"sendiri" | "dihentikan" | "diganti" | "turun" | "putus"} ScreenEnd why a shared screen ended */
/** @typedef {{ request_id: string, peserta_id: string, nama: string, topic: string, state: string,
 *   place: number | null, jawaban?: string | null }} OwnRequest */
/** @typedef {{ seat_id: string, kind: string, label: string, connected: boolean, can_publish: boolean,
 *   consent: "belum" | "direkam" | "tanpa_rekaman", place: number | null, reason: string | null,
 *   held_off: boolean, panel: boolean, screen: { may: boolean, shared: boolean, ended: ScreenEnd | null }, state: "menyimak" | "menunggu" | "bersiap" | "giliran" | "ditahan" | "terputus" | "disela" | "interupsi" | "tanggapan",
 *   passed: number, undone?: boolean, point?: { point_id: string, reason: string | null } | null, message?: Message | null,
 *   camat_messages?: (Message & { seat_id: string, label: string })[], requests: OwnRequest[] }} Own */

export {};
