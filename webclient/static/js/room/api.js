/**
 * The HTTP side of a personal link: JSON in, JSON out, refusals with the field they are about.
 */
import { t } from "../t.js";

/** A request that was refused; `fields` has a sentence beside each wrong field. */
export class ApiRefusal extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {Record<string, string>} fields */
  constructor(status, code, message, fields) {
    super(message);
    this.name = "ApiRefusal";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/**
 * @param {string} url
 * @param {{ method?: string, body?: unknown, signal?: AbortSignal }} [request]
 * @returns {Promise<any>} the decoded answer; rejects with ApiRefusal, also when there is no line
 */
export async function api(url, request = {}) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, {
      method: request.method ?? "GET",
      headers: request.body === undefined ? {} : { "Content-Type": "application/json" },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: request.signal ?? null,
    });
  } catch {
    throw new ApiRefusal(0, "offline", t("Sambungan sedang terputus. Isian tetap di sini; coba kirim lagi."), {});
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new ApiRefusal(response.status, answer?.code ?? "internal",
    answer?.title ?? t("Belum berhasil; coba lagi sebentar."), answer?.fields ?? {});
}
