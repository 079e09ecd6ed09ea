/**
 * Words in the reader's language: Indonesian is the source, a catalogue may replace it.
 *
 * `t("...")` is what extraction looks for, so its first argument is always a literal.
 */

/** @type {Record<string, string>} */
let catalogue = {};

/** @param {Record<string, string>} translations source text -> translated text */
export function setCatalogue(translations) {
  catalogue = translations;
}

/**
 * @param {string} source in Indonesian, with {names} for values
 * @param {Record<string, string | number>} [values]
 */
export function t(source, values = {}) {
  return (catalogue[source] || source).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
